// SPDX-License-Identifier: Apache-2.0
#include "web/operations_referral.h"

#include <algorithm>

#include "http/uri.h"
#include "web/curves.h"
#include "web/html.h"
#include "web/operations_board.h"
#include "web/operations_look.h"

namespace meridian::web {
namespace {

// The page stays below 100 kB: of what is long, the newest.
constexpr std::size_t most_entries = 80;
constexpr std::size_t most_rows = 40;

/// Where the newest `most` of them begin.
template <typename List>
std::size_t first_of(const List& list, std::size_t most) {
  return list.size() > most ? list.size() - most : 0;
}

std::string left_out(std::size_t count) {
  if (count == 0) return {};
  return "<p class=\"quiet\">" + std::to_string(count) + " earlier ones are not shown.</p>";
}

std::string fact(std::string_view name, std::string_view html) {
  return "<dt>" + std::string(name) + "</dt><dd>" + std::string(html) + "</dd>";
}

std::string head(const ReferralStory& story, Instant now) {
  std::string html = "<dl class=\"facts\">";
  html += fact("Order", escaped(story.order) + " of " + escaped(story.source));
  html += fact("For", story.direction == "to_surgeon" ? "a spine surgeon" : "acupuncture");
  html += fact("State", "<strong>" + escaped(story.state) + "</strong>");
  html += fact("Whose turn", (story.owner.empty() ? "nobody's" : escaped(story.owner)) +
                                 (story.worklist.empty() ? "" : ": " + escaped(story.worklist)));
  html += fact("With", story.destination.empty() ? "nobody yet" : escaped(story.destination));
  html += fact("Came", time_html(story.created) + ", " + span_words(now - story.created) + " ago");
  html +=
      fact("Changed", time_html(story.updated) + ", " + span_words(now - story.updated) + " ago");
  return html + "</dl>";
}

std::string_view who(std::string_view lane) {
  return lane == "hospital" ? "Surgeon's side" : lane == "clinic" ? "Clinic" : "Meridian";
}

std::string entries(const ReferralStory& story) {
  const auto first = first_of(story.entries, most_entries);
  const std::vector<StoryEntry> shown(story.entries.begin() + static_cast<std::ptrdiff_t>(first),
                                      story.entries.end());
  std::string html = "<h2>What happened</h2>" + left_out(first) + story_svg(shown);
  html += "<ol class=\"story\">";
  for (const auto& entry : shown) {
    html += "<li class=\"" + escaped(entry.at ? entry.who : "wait") + "\">";
    html += entry.at ? time_html(*entry.at) : "not yet";
    html +=
        " <span class=\"who\">" + std::string(who(entry.who)) + "</span><br>" + escaped(entry.what);
    if (!entry.details.empty()) {
      html += entry.details.size() > 4 ? "<details><summary>Details</summary><ul>" : "<ul>";
      for (const auto& detail : entry.details) html += "<li>" + escaped(detail) + "</li>";
      html += entry.details.size() > 4 ? "</ul></details>" : "</ul>";
    }
    html += "</li>";
  }
  return html + "</ol>";
}

std::string candidates(const ReferralStory& story) {
  if (story.candidates.empty()) return {};
  TableHtml table("Clinics that were looked at, best first", {"Clinic", "", "Why"});
  for (std::size_t i = 0; i < std::min(most_rows, story.candidates.size()); ++i) {
    const auto& one = story.candidates[i];
    const bool with = one.id == story.destination;
    table.row(
        {escaped(one.name.empty() ? one.id : one.name) + "<small>" + escaped(one.id) + "</small>",
         std::string("<span class=\"mark ") +
             (with        ? "ok\">has it"
              : one.taken ? "wait\">fits"
                          : "none\">left out") +
             "</span>",
         escaped(one.why)});
  }
  return "<h2>Choice of the clinic</h2>" + table.html();
}

std::string state_html(const DeliveryLine& line) {
  const bool bad = line.state == "dead" || line.state == "ambiguous";
  const auto* kind = bad                          ? "no"
                     : line.state == "delivered"  ? "ok"
                     : line.state == "superseded" ? "none"
                                                  : "wait";
  auto html = "<span class=\"mark " + std::string(kind) + "\">" + escaped(line.state) + "</span>";
  if (line.maybe_arrived) html += "<small>may have arrived</small>";
  return html;
}

std::string acts(const DeliveryLine& line) {
  const auto number = std::to_string(line.number);
  std::string html;
  if (line.state == "ambiguous") html = acts_html(number, ToDoKind::ambiguous);
  if (line.state == "dead") html = acts_html(number, ToDoKind::dead_letter);
  return html + "<a class=\"act\" href=\"/operations/message?what=delivery/" + number +
         "\">Show</a>";
}

std::string deliveries(const ReferralStory& story, bool may_act) {
  std::string html = "<h2>Deliveries</h2>";
  if (story.deliveries.empty()) return html + "<p>None yet.</p>";
  TableHtml table("What was sent or waits",
                  {"Number", "To", "What", "State", "Tries", "When", "Reason and fix", "Do"});
  const auto first = first_of(story.deliveries, most_rows);
  for (std::size_t i = first; i < story.deliveries.size(); ++i) {
    const auto& one = story.deliveries[i];
    table.row({std::to_string(one.number), escaped(one.to), escaped(one.kind), state_html(one),
               std::to_string(one.attempts),
               one.settled ? time_html(*one.settled)
               : one.due   ? "due " + time_html(*one.due)
                           : "",
               error_html(one.error), may_act ? acts(one) : ""});
  }
  return html + table.html() + left_out(first);
}

std::string elsewhere(const ReferralStory& story) {
  if (story.receivers.empty()) return {};
  std::string html = "<h2>Offer it to another clinic</h2><p>";
  for (const auto& receiver : story.receivers) {
    html += "<a class=\"act\" href=\"/operations/act?action=redirect&amp;target=" +
            escaped(http::percent_encode(story.id)) +
            "&amp;clinic=" + escaped(http::percent_encode(receiver)) + "\">" + escaped(receiver) +
            "</a>";
  }
  return html + "</p><p class=\"quiet\">What it comes to is shown first.</p>";
}

}  // namespace

std::string story_html(const ReferralStory& story, Instant now, bool may_act) {
  return "<p class=\"quiet\">All times are UTC. No patient data is on this page.</p>" +
         head(story, now) + entries(story) + candidates(story) + deliveries(story, may_act) +
         (may_act ? elsewhere(story) : "");
}

}  // namespace meridian::web
