// SPDX-License-Identifier: Apache-2.0
#include "web/operations_board.h"

#include <algorithm>

#include "http/uri.h"
#include "web/curves.h"
#include "web/html.h"

namespace meridian::web {
namespace {

using Page = OperationsPage;

constexpr std::size_t most_rows = 12;  // of one kind: the page stays below 100 kB
constexpr std::string_view to_referral = "/operations/referral/";

/// As the catalogue calls it.
std::string kind_name(ToDoKind kind) {
  constexpr const char* names[] = {"alert",   "ambiguous",  "dead",   "work",
                                   "message", "difference", "overdue"};
  return names[static_cast<std::size_t>(kind)];
}

std::string act(const Page& page, std::string_view action, std::string_view target) {
  return "<a class=\"act\" href=\"/operations/act?action=" + std::string(action) +
         "&amp;target=" + escaped(http::percent_encode(target)) + "\">" +
         page.say("do." + std::string(action)) + "</a>";
}

std::string mark(std::string_view kind, std::string_view html) {
  return "<span class=\"mark " + std::string(kind) + "\">" + std::string(html) + "</span>";
}

std::string small(std::string_view html) {
  return "<small>" + std::string(html) + "</small>";
}

std::string heading(const Page& page, std::string_view key) {
  return "<h2>" + page.say(key) + "</h2>";
}

/// A picture that is wider than a phone, with what it is called.
std::string scrolled(std::string_view label, std::string_view svg) {
  return "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" + std::string(label) +
         "\">" + std::string(svg) + "</div>";
}

std::string folded(std::string_view summary, std::string_view html) {
  return "<details><summary>" + std::string(summary) + "</summary>" + std::string(html) +
         "</details>";
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

std::string tiles(const Page& page, const SiteView& site, const HealthReport& health,
                  const Traffic& traffic) {
  const auto people = sum(site.to_do);
  const auto counted = [&](const char* key, std::int64_t count, const char* kind = "") {
    return tile(kind, count, page.say(std::string(key) + (count == 1 ? ".one" : ".many")));
  };
  return "<ul class=\"tiles\">" + counted("tile.people", people, people > 0 ? "bad" : "good") +
         counted("tile.in", traffic.in_now) + counted("tile.out", traffic.out_now) +
         counted("tile.waiting", health.queued) + counted("tile.work", site.work_due) +
         counted("tile.referrals", health.referrals) + "</ul>";
}

/// What it is about, in words where it is a name of ours.
std::string what_html(const Page& page, const ToDo& one, ToDoKind kind) {
  std::string html = one.number.empty() ? "" : escaped(one.number) + " ";
  switch (kind) {
    case ToDoKind::alert:
    case ToDoKind::message:
      return html + code(one.what);
    case ToDoKind::difference:
      return html + page.told(one.what);
    case ToDoKind::overdue:
      return html + page.word("state.", one.what);
    case ToDoKind::work:
      return html + page.word("work.", one.what);
    default:
      return html + page.word("kind.", one.what);
  }
}

std::string to_do_html(const Page& page, const SiteView& site, const ToDos& all, bool may_act) {
  const auto key = "todo." + kind_name(all.kind);
  TableHtml table(page.say(key) + " (" + std::to_string(all.count) + ")",
                  {page.say("col.what"), page.say("col.system"), page.say("col.referral"),
                   page.say("col.reason"), page.say("col.since"), page.say("col.do")});
  const auto shown = std::min(most_rows, all.first.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& one = all.first[i];
    table.row({what_html(page, one, all.kind), escaped(one.peer),
               one.referral.empty() ? "" : link_to(to_referral, one.referral, one.referral),
               page.error(one.error), one.since ? page.ago(site.at - *one.since) : "",
               may_act ? acts_html(page, one.number, all.kind) : ""});
  }
  auto html = table.html() + "<p class=\"quiet\">" + page.say(key + ".what");
  const auto more = all.count - static_cast<std::int64_t>(shown);
  if (more > 0) html += " " + page.counted("more", more);
  return html + "</p>";
}

std::string people_html(const Page& page, const SiteView& site, bool may_act) {
  auto html = heading(page, "people");
  if (site.to_do.empty()) return html + page.paragraph("people.none");
  for (const auto& all : site.to_do) html += to_do_html(page, site, all, may_act);
  return html;
}

std::string traffic_html(const Page& page, const SiteView& site, const Traffic& traffic) {
  auto html = heading(page, "day") +
              scrolled(page.say("day"), traffic_svg(page, traffic, site.started, site.at)) +
              "<p class=\"quiet\">" +
              page.say_html("day.seen", {escaped(site.node), page.speech.time(site.started)}) +
              "</p>";
  TableHtml table(page.say("day.hours"),
                  {page.say("day.hour"), page.say("day.in"), page.say("day.out")});
  for (std::size_t i = 0; i < Traffic::hours; ++i) {
    if (traffic.in[i] == 0 && traffic.out[i] == 0) continue;
    const auto ago = static_cast<std::int64_t>(Traffic::hours - 1 - i);
    table.row({to_string(site.at - std::chrono::hours(ago)).substr(11, 2) + ":00",
               std::to_string(traffic.in[i]), std::to_string(traffic.out[i])});
  }
  return html + folded(page.say("day.numbers"), table.html());
}

/// One way: how it ended last, and why it failed when that is newer.
std::string link_html(const Page& page, const LinkState& link, Instant now) {
  if (!link.there) return {};
  if (!link.worked && !link.failed) return mark("none", page.say("way.unused"));
  const bool broken = link.failed && (!link.worked || *link.failed > *link.worked);
  std::string html;
  if (link.worked) {
    html = (broken ? "" : mark("ok", page.say("way.works"))) +
           small(page.say("way.last", {span_words(now - *link.worked)}));
  }
  if (!link.failed) return html;
  const auto span = span_words(now - *link.failed);
  const auto failed =
      small(link.words.empty() ? page.say("way.failed.only", {span})
                               : page.say_html("way.failed", {span, page.told(link.words)}));
  if (!broken) return html + failed;
  const auto* row = find_error(link.error);
  return mark("no", page.say("way.fails")) + failed + html +
         (row == nullptr ? "" : small(page.sentence(row->fix)));
}

std::string queue_html(const Page& page, const PeerState& peer, Instant now) {
  std::string html;
  if (peer.waiting > 0) {
    html = mark("wait", page.counted("queue.waiting", peer.waiting));
    if (peer.oldest) html += small(page.say("queue.oldest", {span_words(now - *peer.oldest)}));
  }
  if (peer.ambiguous > 0) html += " " + mark("no", page.counted("queue.ambiguous", peer.ambiguous));
  if (peer.dead > 0) html += " " + mark("no", page.counted("queue.dead", peer.dead));
  return html.empty() ? "0" : html;
}

std::string asked_html(const Page& page, const SiteView& site, const std::string& id) {
  if (!site.comparison) return {};
  const auto& peers = site.comparison->peers;
  const auto found =
      std::find_if(peers.begin(), peers.end(), [&](const auto& one) { return one.peer == id; });
  if (found == peers.end()) return {};
  if (!found->error.empty()) {
    return mark("no", page.say("asked.failed")) + small(page.told(found->words)) +
           page.error(found->error);
  }
  const bool compared = found->compared > 0 || found->news > 0;
  const auto html = compared                ? mark("ok", page.say("asked.answers"))
                    : found->cannot_ask > 0 ? mark("none", page.say("asked.cannot"))
                                            : mark("none", page.say("asked.nothing"));
  return html + small(page.say("asked.counts",
                               {std::to_string(found->compared), std::to_string(found->news)}));
}

std::string notes_html(const Page& page, const PeerState& peer) {
  std::string html;
  for (const auto& note : peer.server_notes) html += small(page.told(note));
  return html.empty() ? html : mark("wait", page.say("way.look")) + html;
}

/// One way of a system with the button that pauses it or lets it go on: "in" or "out".
std::string way_html(const Page& page, const PeerState& peer, const char* way, Instant now,
                     bool may_act) {
  const bool out = std::string_view(way) == "out";
  const auto& link = out ? peer.sent : peer.heard;
  const auto target = std::string(way) + "/" + peer.id;
  if (!link.paused.empty()) {
    return mark("wait", page.say("way.paused")) + small(page.told(link.paused)) +
           (may_act ? act(page, "resume", target) : "");
  }
  // A contact's pager is never paused, and a mail server says nothing.
  const bool can = peer.kind == "hospital" || peer.kind == "clinic" || (peer.kind == "mail" && out);
  return link_html(page, link, now) + (can && may_act ? " " + act(page, "pause", target) : "");
}

std::string peers_html(const Page& page, const SiteView& site, bool may_act) {
  auto html = heading(page, "peers");
  if (site.peers.empty()) return html + page.paragraph("peers.none");
  TableHtml table(page.say("peers.how"),
                  {page.say("col.system"), page.say("peers.in"), page.say("peers.record"),
                   page.say("peers.out"), page.say("peers.queue"), page.say("peers.reconciled")});
  for (const auto& peer : site.peers) {
    table.row({isolated(peer.name) + small(page.word("peer.", peer.kind) + ", " + code(peer.id)),
               way_html(page, peer, "in", site.at, may_act),
               link_html(page, peer.asked, site.at) + notes_html(page, peer),
               way_html(page, peer, "out", site.at, may_act), queue_html(page, peer, site.at),
               asked_html(page, site, peer.id)});
  }
  return html + table.html();
}

/// "sending 2, undelivered 1", with the states in words.
std::string standing_html(const Page& page, std::string_view standing) {
  std::string html;
  while (!standing.empty()) {
    const auto one = standing.substr(0, standing.find(", "));
    standing.remove_prefix(std::min(standing.size(), one.size() + 2));
    const auto cut = one.rfind(' ');
    html += html.empty() ? "" : ", ";
    html += page.word("state.", one.substr(0, cut));
    if (cut != std::string_view::npos) html += escaped(one.substr(cut));
  }
  return html;
}

std::string funnel_html(const Page& page, const SiteView& site) {
  auto html = heading(page, "funnel");
  if (site.funnel.empty()) return html + page.paragraph("funnel.none");
  html += scrolled(page.say("funnel.label"), funnel_svg(page, site.funnel));
  TableHtml table(page.say("funnel.steps"),
                  {page.say("funnel.step"), page.say("funnel.reached"), page.say("funnel.unknown"),
                   page.say("funnel.median"), page.say("funnel.stand")});
  for (const auto& step : site.funnel) {
    table.row({page.word("step.", step.step), is_unknown(step) ? "" : std::to_string(step.reached),
               step.not_known > 0 ? std::to_string(step.not_known) : "",
               step.median ? span_words(*step.median) : "", standing_html(page, step.standing)});
  }
  return html + folded(page.say("funnel.numbers"), table.html());
}

std::string worklists_html(const Page& page, const SiteView& site) {
  auto html = heading(page, "lists");
  if (site.worklists.empty()) return html + page.paragraph("lists.none");
  TableHtml table(page.say("lists.who"), {page.say("lists.list"), page.say("lists.turn"),
                                          page.say("referrals"), page.say("lists.oldest")});
  for (const auto& list : site.worklists) {
    table.row({page.word("list.", list.name), page.word("owner.", list.owner),
               std::to_string(list.count), span_words(site.at - list.oldest)});
  }
  return html + table.html();
}

std::string comparison_html(const Page& page, const SiteView& site, bool may_act) {
  auto html = heading(page, "compared") + "<p>";
  if (!site.comparison) {
    html += page.say("compared.none");
  } else {
    const auto& last = *site.comparison;
    html +=
        page.say_html("compared.last",
                      {page.speech.time(last.at),
                       page.counted("compared.asked", static_cast<std::int64_t>(last.peers.size())),
                       page.counted("compared.differed", last.differing)});
  }
  return html + (may_act ? " " + act(page, "reconcile", "all") : "") + "</p>";
}

std::string ending_html(const Page& page, const Ending& ending, Instant now) {
  constexpr auto soon = std::chrono::days(30);
  if (!ending.end) return mark("no", page.say("end.unread"));
  const auto day = page.speech.day(to_string(*ending.end).substr(0, 10));
  if (*ending.end <= now) return mark("no", page.say("end.over")) + " " + day;
  const bool near = *ending.end <= now + soon;
  return mark(near ? "wait" : "ok", page.say(near ? "end.soon" : "end.good")) + " " +
         page.say_html("end.until", {day});
}

std::string kept_html(const Page& page, const KeptBodies& kept) {
  constexpr std::int64_t megabyte = 1'000'000;
  const auto size = std::to_string((kept.bytes + megabyte - 1) / megabyte) + " MB";
  if (!kept.at) return size + "; " + page.say("kept.all");
  if (kept.over) return size + " " + mark("no", page.say("kept.over"));
  return size + "; " +
         page.say_html(kept.gone == 1 ? "kept.gone.one" : "kept.gone.many",
                       {std::to_string(kept.gone), page.speech.time(*kept.at)});
}

std::string changed_html(const Page& page, const SiteView& site) {
  if (site.changed.empty()) return page.say("here.same");
  std::string keys;
  for (const auto& key : site.changed) keys += (keys.empty() ? "" : ", ") + code(key);
  return page.say_html("here.changed", {keys});
}

std::string about_html(const Page& page, const SiteView& site, const HealthReport& health) {
  const auto fact = [](const std::string& name, const std::string& html) {
    return "<dt>" + name + "</dt><dd>" + html + "</dd>";
  };
  std::string html = heading(page, "here") + "<dl class=\"facts\">";
  html += fact(page.say("here.version"), escaped(site.version));
  html += fact(page.say("here.content"), code(site.content));
  html += fact(page.say("here.node"),
               page.say_html("here.started", {escaped(site.node), page.speech.time(site.started)}));
  html += fact(
      page.say("here.directory"),
      page.counted("here.receivers", health.receivers) + ", " +
          page.say("here.read", {span_words(std::chrono::seconds(health.directory_age_seconds))}));
  html += fact(page.say("here.database"), kept_html(page, site.kept));
  html += fact(page.say("here.configuration"), changed_html(page, site));
  for (const auto& ending : site.endings) {
    html += fact(page.told(ending.what), ending_html(page, ending, site.at));
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

std::string acts_html(const OperationsPage& page, std::string_view number, ToDoKind kind) {
  switch (kind) {
    case ToDoKind::ambiguous:
      return act(page, "arrived", number) + act(page, "send-again", number) +
             act(page, "give-up", number);
    case ToDoKind::dead_letter:
      return act(page, "send-again", number) + act(page, "arrived", number);
    case ToDoKind::work:
      return act(page, "revive", number.substr(std::min<std::size_t>(1, number.size())));
    case ToDoKind::message:
      return act(page, "read-again", number) +
             "<a class=\"act\" href=\"/operations/message?what=message/" +
             escaped(http::percent_encode(number)) + "\">" + page.say("do.show") + "</a>";
    default:
      return {};
  }
}

std::string board_html(const OperationsPage& page, const SiteView& site, const HealthReport& health,
                       bool may_act) {
  const auto traffic = traffic_of(site);
  auto html =
      "<div id=\"board\"><p class=\"quiet\">" +
      page.say_html("as.of", {page.speech.time(site.at)}) +
      " <span class=\"live\" id=\"live\" data-mark=\"" + mark_of(health) + "\" data-live=\"" +
      page.say("live") + "\" data-old=\"" + page.say("live.old") + "\">" +
      page.say_html("live.not", {"<a href=\"/operations\">" + page.say("live.look") + "</a>"}) +
      "</span></p>";
  for (const auto& trouble : health.troubles) html += Page::alarm(page.sentence(trouble));
  if (!site.refused.empty()) {
    html += Page::alarm(page.say("refused") + " <span lang=\"en\">" +
                        page.speech.with_times(site.refused) + "</span>");
  }
  html += tiles(page, site, health, traffic);
  html += people_html(page, site, may_act) + peers_html(page, site, may_act) +
          traffic_html(page, site, traffic);
  html +=
      funnel_html(page, site) + worklists_html(page, site) + comparison_html(page, site, may_act);
  return html + about_html(page, site, health) + "</div>";
}

}  // namespace meridian::web
