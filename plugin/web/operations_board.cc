// SPDX-License-Identifier: Apache-2.0
#include "web/operations_board.h"

#include <algorithm>

#include "http/uri.h"
#include "web/curves.h"
#include "web/html.h"
#include "web/operations_look.h"

namespace meridian::web {
namespace {

constexpr std::size_t most_rows = 12;  // of one kind: the page stays below 100 kB
constexpr std::string_view to_referral = "/operations/referral/";

struct KindWords {
  ToDoKind kind;
  std::string_view title;
  std::string_view what;
};
constexpr KindWords kinds[] = {
    {ToDoKind::alert, "Emergency alerts nobody acknowledged",
     "The contact has a link to acknowledge; until then the next contact is alerted."},
    {ToDoKind::ambiguous, "Deliveries that may have arrived",
     "Look at the receiver, then say whether it is there."},
    {ToDoKind::dead_letter, "Dead letters", "Mend the cause, then send again."},
    {ToDoKind::work, "Work that was given up", "Mend the cause, then have it done again."},
    {ToDoKind::message, "Messages in quarantine",
     "They could not be read. Nothing of them is lost."},
    {ToDoKind::difference, "Systems that have something otherwise",
     "Found by the last reconciliation."},
    {ToDoKind::overdue, "Overdue referrals", "A deadline passed and the other side is silent."}};

const KindWords& words_of(ToDoKind kind) {
  return *std::find_if(std::begin(kinds), std::end(kinds),
                       [kind](const KindWords& one) { return one.kind == kind; });
}

std::string act(std::string_view action, std::string_view target, std::string_view words) {
  return "<a class=\"act\" href=\"/operations/act?action=" + std::string(action) +
         "&amp;target=" + escaped(http::percent_encode(target)) + "\">" + std::string(words) +
         "</a>";
}

std::string mark(std::string_view kind, std::string_view words) {
  return "<span class=\"mark " + std::string(kind) + "\">" + escaped(words) + "</span>";
}

std::string tile(std::string_view kind, std::int64_t count, std::string_view words) {
  return "<li class=\"" + std::string(kind) + "\"><b>" + std::to_string(count) + "</b>" +
         std::string(words) + "</li>";
}

std::int64_t sum(const std::vector<ToDos>& all) {
  std::int64_t count = 0;
  for (const auto& one : all) count += one.count;
  return count;
}

Traffic traffic_of(const SiteView& site) {
  Traffic all;
  for (const auto& peer : site.peers) {
    for (std::size_t i = 0; i < Traffic::hours; ++i) {
      all.in[i] += peer.traffic.in[i];
      all.out[i] += peer.traffic.out[i];
    }
    all.in_now += peer.traffic.in_now;
    all.out_now += peer.traffic.out_now;
  }
  return all;
}

std::string tiles(const SiteView& site, const HealthReport& health, const Traffic& traffic) {
  const auto people = sum(site.to_do);
  std::string html = "<ul class=\"tiles\">";
  html +=
      tile(people > 0 ? "bad" : "good", people, people == 1 ? "needs a person" : "need a person");
  html += tile("", traffic.in_now, "messages in, last 5 min");
  html += tile("", traffic.out_now, "deliveries out, last 5 min");
  html += tile("", health.queued, "deliveries waiting");
  html += tile("", site.work_due, "work due now");
  html += tile("", health.referrals, "referrals");
  return html + "</ul>";
}

std::string to_do_html(const SiteView& site, const ToDos& all, bool may_act) {
  const auto& words = words_of(all.kind);
  TableHtml table(std::string(words.title) + " (" + std::to_string(all.count) + ")",
                  {"What", "System", "Referral", "Reason and fix", "Since", "Do"});
  const auto shown = std::min(most_rows, all.first.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& one = all.first[i];
    const auto what = (one.number.empty() ? "" : escaped(one.number) + " ") + escaped(one.what);
    table.row({what, escaped(one.peer),
               one.referral.empty() ? "" : link_to(to_referral, one.referral, one.referral),
               error_html(one.error), one.since ? span_words(site.at - *one.since) + " ago" : "",
               may_act ? acts_html(one.number, all.kind) : ""});
  }
  auto html = table.html() + "<p class=\"quiet\">" + std::string(words.what);
  const auto more = all.count - static_cast<std::int64_t>(shown);
  if (more > 0) html += " " + std::to_string(more) + " more are not shown here.";
  return html + "</p>";
}

std::string people_html(const SiteView& site, bool may_act) {
  std::string html = "<h2>Needs a person</h2>";
  if (site.to_do.empty()) return html + "<p>Nothing. Everything goes by itself.</p>";
  for (const auto& all : site.to_do) html += to_do_html(site, all, may_act);
  return html;
}

std::string traffic_html(const SiteView& site, const Traffic& traffic) {
  std::string html =
      "<h2>In and out over the day</h2><div class=\"scroll\" tabindex=\"0\" "
      "role=\"region\" aria-label=\"In and out over the day\">" +
      traffic_svg(traffic, site.started, site.at) + "</div>";
  html += "<p class=\"quiet\">Seen by node " + escaped(site.node) + " since it was started, " +
          time_html(site.started) + ". What was before, and other nodes, are not in it.</p>";
  TableHtml table("By the hour (UTC)", {"Hour", "In", "Out"});
  for (std::size_t i = 0; i < Traffic::hours; ++i) {
    if (traffic.in[i] == 0 && traffic.out[i] == 0) continue;
    const auto ago = static_cast<std::int64_t>(Traffic::hours - 1 - i);
    table.row({to_string(site.at - std::chrono::hours(ago)).substr(11, 2) + ":00",
               std::to_string(traffic.in[i]), std::to_string(traffic.out[i])});
  }
  return html + "<details><summary>As numbers</summary>" + table.html() + "</details>";
}

/// One way: how it ended last, and why it failed when that is newer.
std::string link_html(const LinkState& link, Instant now) {
  if (!link.there) return {};
  if (!link.worked && !link.failed) return mark("none", "not used yet");
  std::string html;
  const bool broken = link.failed && (!link.worked || *link.failed > *link.worked);
  if (link.worked) {
    html += (broken ? "" : mark("ok", "works") + " ") + "<small>last " +
            span_words(now - *link.worked) + " ago</small>";
  }
  if (!broken && !link.failed) return html;
  const auto failed = "failed " + span_words(now - *link.failed) + " ago: " + link.words;
  const auto* row = find_error(link.error);
  if (!broken) return html + "<small>" + escaped(failed) + "</small>";
  html = mark("no", "fails") + "<small>" + escaped(failed) + "</small>" + html;
  if (row != nullptr) html += "<small>" + escaped(row->fix) + "</small>";
  return html;
}

std::string queue_html(const PeerState& peer, Instant now) {
  std::string html;
  if (peer.waiting > 0) {
    html = mark("wait", std::to_string(peer.waiting) + " waiting");
    if (peer.oldest) html += "<small>oldest " + span_words(now - *peer.oldest) + "</small>";
  }
  if (peer.ambiguous > 0) html += " " + mark("no", std::to_string(peer.ambiguous) + " ambiguous");
  if (peer.dead > 0) html += " " + mark("no", std::to_string(peer.dead) + " dead");
  return html.empty() ? "0" : html;
}

std::string asked_html(const SiteView& site, const std::string& id) {
  if (!site.comparison) return {};
  const auto& peers = site.comparison->peers;
  const auto found =
      std::find_if(peers.begin(), peers.end(), [&](const auto& one) { return one.peer == id; });
  if (found == peers.end()) return {};
  if (!found->error.empty()) {
    return mark("no", "failed") + "<small>" + escaped(found->words) + "</small>" +
           error_html(found->error);
  }
  const bool compared = found->compared > 0 || found->news > 0;
  std::string html = compared                ? mark("ok", "answers")
                     : found->cannot_ask > 0 ? mark("none", "cannot be asked")
                                             : mark("none", "nothing to compare");
  html += "<small>" + std::to_string(found->compared) + " compared, " +
          std::to_string(found->news) + " news</small>";
  return html;
}

std::string notes_html(const PeerState& peer) {
  std::string html;
  for (const auto& note : peer.server_notes) html += "<small>" + escaped(note) + "</small>";
  return html.empty() ? html : mark("wait", "look") + html;
}

/// One way of a system with the button that pauses it or lets it go on: "in" or "out".
std::string way_html(const PeerState& peer, const LinkState& link, const char* way, Instant now,
                     bool may_act) {
  const auto target = std::string(way) + "/" + peer.id;
  if (!link.paused.empty()) {
    return mark("wait", "paused") + "<small>" + escaped(link.paused) + "</small>" +
           (may_act ? act("resume", target, "Resume") : "");
  }
  // A contact's pager is never paused, and a mail server says nothing.
  const bool can = peer.kind == "hospital" || peer.kind == "clinic" ||
                   (peer.kind == "mail" && std::string_view(way) == "out");
  return link_html(link, now) + (can && may_act ? " " + act("pause", target, "Pause") : "");
}

std::string peers_html(const SiteView& site, bool may_act) {
  std::string html = "<h2>Hospitals and clinics</h2>";
  if (site.peers.empty()) return html + "<p>None is configured.</p>";
  TableHtml table("How each is doing, since this node was started",
                  {"System", "Comes from it", "Its record", "Goes to it", "Queue", "Reconciled"});
  for (const auto& peer : site.peers) {
    table.row(
        {escaped(peer.name) + "<small>" + escaped(peer.kind) + ", " + escaped(peer.id) + "</small>",
         way_html(peer, peer.heard, "in", site.at, may_act),
         link_html(peer.asked, site.at) + notes_html(peer),
         way_html(peer, peer.sent, "out", site.at, may_act), queue_html(peer, site.at),
         asked_html(site, peer.id)});
  }
  return html + table.html();
}

std::string funnel_html(const SiteView& site) {
  std::string html = "<h2>How far referrals came, last 90 days</h2>";
  if (site.funnel.empty()) return html + "<p>No referral yet.</p>";
  html += "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Funnel\">" +
          funnel_svg(site.funnel) + "</div>";
  TableHtml table("Steps",
                  {"Step", "Reached", "Not known", "Median from the step before", "Stand here"});
  for (const auto& step : site.funnel) {
    table.row({escaped(step.step), is_unknown(step) ? "" : std::to_string(step.reached),
               step.not_known > 0 ? std::to_string(step.not_known) : "",
               step.median ? span_words(*step.median) : "", escaped(step.standing)});
  }
  return html + "<details><summary>As numbers, and where the others stand</summary>" +
         table.html() + "</details>";
}

std::string worklists_html(const SiteView& site) {
  std::string html = "<h2>Worklists</h2>";
  if (site.worklists.empty()) return html + "<p>All are empty.</p>";
  TableHtml table("Who has the next action", {"Worklist", "Whose turn", "Referrals", "Oldest"});
  for (const auto& list : site.worklists) {
    table.row({escaped(list.name), escaped(list.owner), std::to_string(list.count),
               span_words(site.at - list.oldest)});
  }
  return html + table.html();
}

std::string counted(std::int64_t number, const std::string& one, const std::string& many) {
  return std::to_string(number) + " " + (number == 1 ? one : many);
}

/// "1 system", "2 systems".
std::string counted(std::int64_t number, const std::string& what) {
  return counted(number, what, what + "s");
}

std::string comparison_html(const SiteView& site, bool may_act) {
  std::string html = "<h2>Last reconciliation</h2>";
  if (!site.comparison) {
    html += "<p>None yet. It is done each night.";
  } else {
    html += "<p>" + time_html(site.comparison->at) +
            " UTC: " + counted(static_cast<std::int64_t>(site.comparison->peers.size()), "system") +
            " asked, " + counted(site.comparison->differing, "referral") + " differed.";
  }
  return html + (may_act ? " " + act("reconcile", "all", "Look now") : "") + "</p>";
}

std::string ending_html(const Ending& ending, Instant now) {
  constexpr auto soon = std::chrono::days(30);
  if (!ending.end) return mark("no", "cannot be read");
  const auto day = to_string(*ending.end).substr(0, 10);
  if (*ending.end <= now) return mark("no", "ended") + " " + day;
  return (*ending.end <= now + soon ? mark("wait", "ends soon") : mark("ok", "good")) + " until " +
         day;
}

std::string kept_html(const KeptBodies& kept) {
  constexpr std::int64_t megabyte = 1'000'000;
  std::string html = std::to_string((kept.bytes + megabyte - 1) / megabyte) + " MB";
  if (!kept.at) return html + "; all bodies are kept";
  if (kept.over) html += " " + mark("no", "larger than [retention] allows");
  return html + "; " + counted(kept.gone, "body", "bodies") + " went at " + time_html(*kept.at) +
         " UTC";
}

std::string about_html(const SiteView& site, const HealthReport& health) {
  std::string html = "<h2>This installation</h2><dl class=\"facts\"><dt>Version</dt><dd>" +
                     escaped(site.version) + "</dd><dt>Clinical content</dt><dd class=\"code\">" +
                     escaped(site.content) + "</dd><dt>Node</dt><dd>" + escaped(site.node) +
                     ", started " + time_html(site.started) + " UTC</dd><dt>Directory</dt><dd>" +
                     counted(health.receivers, "receiver") + ", read " +
                     span_words(std::chrono::seconds(health.directory_age_seconds)) + " ago</dd>";
  html += "<dt>Database</dt><dd>" + kept_html(site.kept) + "</dd>";
  html += "<dt>Configuration</dt><dd>";
  if (site.changed.empty()) html += "as it was before";
  for (std::size_t i = 0; i < site.changed.size(); ++i) {
    html += std::string(i == 0 ? "what the last start or reload changed: " : ", ") +
            "<span class=\"code\">" + escaped(site.changed[i]) + "</span>";
  }
  html += "</dd>";
  for (const auto& ending : site.endings) {
    html += "<dt>" + escaped(ending.what) + "</dt><dd>" + ending_html(ending, site.at) + "</dd>";
  }
  return html + "</dl>";
}

}  // namespace

std::string mark_of(const HealthReport& health) {
  std::string mark;
  for (const auto number :
       {health.referrals, health.queued, health.ambiguous, health.dead, health.quarantined,
        health.work_due, health.open_alerts, health.messages, health.receivers}) {
    mark += (mark.empty() ? "" : "-") + std::to_string(number);
  }
  return mark + (health.ready ? "-1" : "-0") + "-" + std::to_string(health.troubles.size());
}

std::string acts_html(std::string_view number, ToDoKind kind) {
  switch (kind) {
    case ToDoKind::ambiguous:
      return act("arrived", number, "It arrived") + act("send-again", number, "Send again") +
             act("give-up", number, "Give up");
    case ToDoKind::dead_letter:
      return act("send-again", number, "Send again") + act("arrived", number, "It arrived");
    case ToDoKind::work:
      return act("revive", number.substr(std::min<std::size_t>(1, number.size())), "Do it again");
    case ToDoKind::message:
      return act("read-again", number, "Read again") +
             "<a class=\"act\" href=\"/operations/message?what=message/" +
             escaped(http::percent_encode(number)) + "\">Show</a>";
    default:
      return {};
  }
}

std::string board_html(const SiteView& site, const HealthReport& health, bool may_act) {
  const auto traffic = traffic_of(site);
  std::string html = "<div id=\"board\"><p class=\"quiet\">As it was at <time>" +
                     to_string(site.at).substr(0, 19) +
                     "Z</time>; all times are UTC. <span class=\"live\" id=\"live\" data-mark=\"" +
                     mark_of(health) +
                     "\">This page does not renew itself here: <a "
                     "href=\"/operations\">look again</a>.</span></p>";
  for (const auto& trouble : health.troubles) {
    html += "<p class=\"alarm\" role=\"alert\">" + escaped(trouble) + "</p>";
  }
  if (!site.refused.empty()) {
    html +=
        "<p class=\"alarm\" role=\"alert\">The configuration was changed and not taken; the one "
        "before runs on. " +
        escaped(site.refused) + "</p>";
  }
  html += tiles(site, health, traffic);
  html += people_html(site, may_act) + peers_html(site, may_act) + traffic_html(site, traffic);
  html += funnel_html(site) + worklists_html(site) + comparison_html(site, may_act);
  return html + about_html(site, health) + "</div>";
}

}  // namespace meridian::web
