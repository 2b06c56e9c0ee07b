// SPDX-License-Identifier: Apache-2.0
#include "web/operations_referral.h"

#include <algorithm>

#include "http/uri.h"
#include "web/curves.h"
#include "web/html.h"
#include "web/operations_board.h"

namespace meridian::web {
namespace {

using Page = OperationsPage;

// The page stays below 100 kB: of what is long, the newest.
constexpr std::size_t most_entries = 80;
constexpr std::size_t most_rows = 40;

/// Where the newest `most` of them begin.
template <typename List>
std::size_t first_of(const List& list, std::size_t most) {
  return list.size() > most ? list.size() - most : 0;
}

std::string left_out(const Page& page, std::size_t count) {
  if (count == 0) return {};
  return "<p class=\"quiet\">" + page.counted("story.left", static_cast<std::int64_t>(count)) +
         "</p>";
}

std::string head(const Page& page, const ReferralStory& story, Instant now) {
  std::string html = "<dl class=\"facts\">";
  const auto fact = [&](const char* key, const std::string& value) {
    html += "<dt>" + page.say(key) + "</dt><dd>" + value + "</dd>";
  };
  const auto when = [&](Instant at) { return page.speech.time(at) + ", " + page.ago(now - at); };
  fact("col.order", page.say_html("story.of", {code(story.order), escaped(story.source)}));
  fact("story.for", page.say(story.direction == "to_surgeon" ? "story.surgeon" : "story.needles"));
  fact("col.state", "<strong>" + page.word("state.", story.state) + "</strong>");
  auto turn = page.word("owner.", story.owner.empty() ? "nobody" : story.owner);
  if (!story.worklist.empty()) turn += ": " + page.word("list.", story.worklist);
  fact("lists.turn", turn);
  fact("col.with",
       story.destination.empty() ? page.say("story.nobody") : escaped(story.destination));
  fact("story.came", when(story.created));
  fact("story.changed", when(story.updated));
  return html + "</dl>";
}

/// What belongs to an entry: lines, or a list of them, which begin with "- ".
std::string details_html(const Page& page, const std::vector<std::string>& details) {
  std::string html = "<ul>";
  for (std::string_view detail : details) {
    if (detail.starts_with("- ")) detail.remove_prefix(2);
    const auto name = detail.substr(0, detail.find(": "));
    const auto* error = find_error(name);
    html += "<li>" +
            (error == nullptr ? page.told(detail) : page.sentence(error->fix) + " " + code(name)) +
            "</li>";
  }
  return html + "</ul>";
}

std::string entries(const Page& page, const ReferralStory& story) {
  const auto first = first_of(story.entries, most_entries);
  const std::vector<StoryEntry> shown(story.entries.begin() + static_cast<std::ptrdiff_t>(first),
                                      story.entries.end());
  std::string html = "<h2>" + page.say("story.what") + "</h2>" + left_out(page, first) +
                     story_svg(page, shown) + "<ol class=\"story\">";
  for (const auto& entry : shown) {
    html += "<li class=\"" + escaped(entry.at ? entry.who : "wait") + "\">";
    html += entry.at ? page.speech.time(*entry.at) : page.say("story.not.yet");
    html += " <span class=\"who\">" + lane_words(page, entry.who) + "</span><br>" +
            page.told(entry.what);
    const bool folded = entry.details.size() > 4;
    if (folded) html += "<details><summary>" + page.say("story.details") + "</summary>";
    if (!entry.details.empty()) html += details_html(page, entry.details);
    html += folded ? "</details></li>" : "</li>";
  }
  return html + "</ol>";
}

std::string candidates(const Page& page, const ReferralStory& story) {
  if (story.candidates.empty()) return {};
  TableHtml table(page.say("story.candidates"),
                  {page.say("lane.clinic"), page.say("story.result"), page.say("col.why")});
  for (std::size_t i = 0; i < std::min(most_rows, story.candidates.size()); ++i) {
    const auto& one = story.candidates[i];
    const bool with = one.id == story.destination;
    const auto* kind = with ? "ok" : one.taken ? "wait" : "none";
    const auto* words = with ? "fit.has" : one.taken ? "fit.fits" : "fit.out";
    table.row(
        {isolated(one.name.empty() ? one.id : one.name) + "<small>" + code(one.id) + "</small>",
         "<span class=\"mark " + std::string(kind) + "\">" + page.say(words) + "</span>",
         page.told(one.why)});
  }
  return "<h2>" + page.say("story.choice") + "</h2>" + table.html();
}

std::string state_html(const Page& page, const DeliveryLine& line) {
  const bool bad = line.state == "dead" || line.state == "ambiguous";
  const auto* kind = bad                          ? "no"
                     : line.state == "delivered"  ? "ok"
                     : line.state == "superseded" ? "none"
                                                  : "wait";
  auto html = "<span class=\"mark " + std::string(kind) + "\">" + page.word("sent.", line.state) +
              "</span>";
  if (line.maybe_arrived) html += "<small>" + page.say("sent.maybe") + "</small>";
  return html;
}

std::string acts(const Page& page, const DeliveryLine& line) {
  const auto number = std::to_string(line.number);
  std::string html;
  if (line.state == "ambiguous") html = acts_html(page, number, ToDoKind::ambiguous);
  if (line.state == "dead") html = acts_html(page, number, ToDoKind::dead_letter);
  return html + "<a class=\"act\" href=\"/operations/message?what=delivery/" + number + "\">" +
         page.say("do.show") + "</a>";
}

std::string deliveries(const Page& page, const ReferralStory& story, bool may_act) {
  const auto html = "<h2>" + page.say("sent") + "</h2>";
  if (story.deliveries.empty()) return html + page.paragraph("sent.none");
  TableHtml table(
      page.say("sent.what"),
      {page.say("sent.number"), page.say("sent.to"), page.say("col.what"), page.say("col.state"),
       page.say("sent.tries"), page.say("sent.when"), page.say("col.reason"), page.say("col.do")});
  const auto first = first_of(story.deliveries, most_rows);
  for (std::size_t i = first; i < story.deliveries.size(); ++i) {
    const auto& one = story.deliveries[i];
    table.row({std::to_string(one.number), escaped(one.to), page.word("kind.", one.kind),
               state_html(page, one), std::to_string(one.attempts),
               one.due       ? page.say_html("sent.due", {page.speech.time(*one.due)})
               : one.settled ? page.speech.time(*one.settled)
                             : "",
               page.error(one.error), may_act ? acts(page, one) : ""});
  }
  return html + table.html() + left_out(page, first);
}

std::string elsewhere(const Page& page, const ReferralStory& story) {
  if (story.receivers.empty()) return {};
  std::string html = "<h2>" + page.say("story.elsewhere") + "</h2><p>";
  for (const auto& receiver : story.receivers) {
    html += "<a class=\"act\" href=\"/operations/act?action=redirect&amp;target=" +
            escaped(http::percent_encode(story.id)) +
            "&amp;clinic=" + escaped(http::percent_encode(receiver)) + "\">" + escaped(receiver) +
            "</a>";
  }
  return html + "</p><p class=\"quiet\">" + page.say("story.first") + "</p>";
}

}  // namespace

std::string story_html(const OperationsPage& page, const ReferralStory& story, Instant now,
                       bool may_act) {
  return "<p class=\"quiet\">" + page.say("story.no.data") + "</p>" + head(page, story, now) +
         entries(page, story) + candidates(page, story) + deliveries(page, story, may_act) +
         (may_act ? elsewhere(page, story) : "");
}

}  // namespace meridian::web
