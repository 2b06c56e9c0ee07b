// SPDX-License-Identifier: Apache-2.0
#include "web/pages.h"

#include <algorithm>
#include <charconv>

#include "base/time.h"
#include "report/json.h"
#include "web/alerts.h"
#include "web/answer.h"
#include "web/forms.h"
#include "web/html.h"
#include "web/operations_look.h"
#include "web/returns.h"
#include "web/sign_in.h"
#include "web/statements.h"

namespace meridian::web {
namespace {

using http::Request;
using http::Response;

constexpr std::string_view here_name = "this machine";  // of Door::caller
// The page stays below 100 kB, and what is far down is looked for by its number.
constexpr std::size_t most_in_part = 60;
constexpr std::size_t most_parts = 50;

bool may_look_at_operations(const Caller& caller) {
  return caller.role == Role::viewer || caller.role == Role::operations ||
         caller.role == Role::admin || caller.name == here_name;
}

std::string deliveries_of(const OperationsPage& page, const ReferralLine& line) {
  auto html = page.counted("list.delivered", line.delivered);
  if (line.queued > 0) html += ", " + page.counted("queue.waiting", line.queued);
  if (line.dead > 0) html += ", " + page.counted("queue.dead", line.dead);
  return html;
}

/// A link to a form for the questions that hold the referral.
std::string questions_of(const OperationsPage& page, const ReferralLine& line) {
  if (!line.patient_link.empty()) {
    return "<a class=\"act\" href=\"/patients/" + escaped(line.patient_link) + "\">" +
           page.say("list.name") + "</a>";
  }
  if (line.form.empty()) return line.questions > 0 ? std::to_string(line.questions) : "";
  return "<a class=\"act\" href=\"/forms/" + escaped(line.form) + "\">" +
         page.counted("list.answer", line.questions) + "</a>";
}

/// "hold: RF07, no receiver ...": what was decided, and why.
std::string why_of(const OperationsPage& page, std::string_view why) {
  const auto cut = why.find(": ");
  const auto html = page.word("decided.", why.substr(0, cut));
  return cut == std::string_view::npos ? html : html + ": " + page.told(why.substr(cut + 2));
}

std::string table_of(const OperationsPage& page, const std::vector<ReferralLine>& lines) {
  TableHtml table(
      page.say("referrals"),
      {page.say("col.referral"), page.say("col.order"), page.say("col.state"),
       page.say("lists.turn"), page.say("list.questions"), page.say("col.with"),
       page.say("col.why"), page.say("sent"), page.say("list.age"), page.say("list.updated")});
  const auto now = system_now();
  for (const auto& line : lines) {
    auto turn = page.word("owner.", line.owner);
    if (!line.worklist.empty()) turn += ": " + page.word("list.", line.worklist);
    table.row(
        {page.may_look ? link_to("/operations/referral/", line.id, line.id) : escaped(line.id),
         escaped(line.source) + " " + code(line.order), page.word("state.", line.state), turn,
         questions_of(page, line), escaped(line.destination), why_of(page, line.why),
         deliveries_of(page, line), span_words(now - line.created_at),
         page.speech.time(line.updated_at)});
  }
  return table.html();
}

std::string numbers_of(const OperationsPage& page, const HealthReport& health) {
  std::string html;
  if (health.open_alerts > 0) {
    html = OperationsPage::alarm(page.counted("list.alerts", health.open_alerts));
  }
  return html + "<p>" + page.counted("list.referrals", health.referrals) + ", " +
         page.counted("list.messages", health.messages) + ", " +
         page.counted("list.quarantined", health.quarantined) + ", " +
         page.counted("list.waiting", health.queued) + ", " +
         page.counted("queue.ambiguous", health.ambiguous) + ", " +
         page.counted("queue.dead", health.dead) + ". " + page.say("utc") + "</p>";
}

/// The way to the part before and to the part after; 1 is the newest.
std::string parts_of(const OperationsPage& page, const Request& request, std::size_t part,
                     bool more) {
  const auto link = [&](std::size_t to, const char* key) {
    return "<a class=\"act\" href=\"" + escaped(request.path) + "?part=" + std::to_string(to) +
           "\">" + page.say(key) + "</a>";
  };
  if (part == 1 && !more) return {};
  return "<p>" + (part > 1 ? link(part - 1, "list.newer") : "") +
         (more ? link(part + 1, "list.older") : "") + "</p>";
}

/// `below` is HTML under the list.
Response status_page(Desk& desk, const Caller& caller, const Request& request,
                     const Translation* told, std::string_view below = {}) {
  OperationsPage page(request, told);
  page.may_look = may_look_at_operations(caller);
  const auto asked = request.query_value("part");
  std::size_t part = 1;
  std::from_chars(asked.data(), asked.data() + asked.size(), part);
  part = std::clamp<std::size_t>(part, 1, most_parts);
  auto lines = desk.referrals(caller, static_cast<int>(part * most_in_part + 1));
  if (!lines) return page.problem(page.plain("referrals"), lines.error());
  const bool more = lines->size() > part * most_in_part && part < most_parts;
  lines->resize(std::min(lines->size(), part * most_in_part));
  lines->erase(lines->begin(), lines->begin() + static_cast<std::ptrdiff_t>(std::min(
                                                    lines->size(), (part - 1) * most_in_part)));
  return page.show_key(200, "referrals",
                       numbers_of(page, desk.health()) +
                           (lines->empty() ? page.paragraph("list.none") : table_of(page, *lines)) +
                           parts_of(page, request, part, more) + std::string(below));
}

/// {"ready":false,"reasons":["store: ..."]}
Response readiness(const HealthReport& health, bool stopping) {
  auto reasons = health.troubles;
  if (stopping) reasons.push_back("stopping");
  const bool ready = health.ready && reasons.empty();
  report::Json json;
  json.open();
  json.flag("ready", ready);
  json.list("reasons", reasons);
  json.close();
  auto response = http::make_response(ready ? 200 : 503, "application/json", json.str() + "\n");
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

/// `known` for who shows a token or certificate or sits here; a browser that shows neither is led
/// to where people sign in.
http::Gate or_home(http::Gate known) {
  return [known = std::move(known)](Request& request) -> std::optional<Response> {
    const bool shows = !request.header("Authorization").empty() ||
                       !request.certificate_key.empty() || is_local(request);
    if (shows || request.header("Accept").find("text/html") == std::string_view::npos) {
      return known(request);
    }
    auto response = http::make_response(303, "text/plain; charset=utf-8", "Please sign in.\n");
    response.headers.push_back({"Location", "/home"});
    response.headers.push_back({"Cache-Control", "no-store"});
    return response;
  };
}

}  // namespace

http::Router routes(Desk& desk, Door& door, std::function<bool()> stopping, LinkSpeech speech) {
  const auto shared = std::make_shared<const LinkSpeech>(std::move(speech));
  http::Router router;
  router.on_error(outcome_of_status);
  router.add({"GET", "/livez",
              [](const Request&) { return http::make_response(200, "text/plain", "ok\n"); }});
  router.add({"GET", "/readyz", [&desk, stopping = std::move(stopping)](const Request&) {
                return readiness(desk.health(), stopping && stopping());
              }});
  router.add({"GET", "/style.css", [](const Request&) { return style_sheet(); }});
  router.add({"GET", "/",
              [&desk, &door, shared](const Request& request) {
                return status_page(desk, door.caller(request), request, &shared->told);
              },
              or_home(door.only({Role::viewer, Role::staff, Role::operations, Role::admin},
                                Role::staff))});
  add_alerts(router, desk, shared);
  add_forms(router, desk, shared);
  add_statements(router, desk, shared);
  add_returns(router, desk, shared);
  return router;
}

std::vector<Role> roles_that_see_all() {
  return {Role::viewer, Role::staff, Role::clinician, Role::operations, Role::admin, Role::auditor};
}

void add_referrals(http::Router& router, Desk& desk, const PageDoor& door, const ToldPtr& told) {
  router.add({"GET", "/referrals",
              [&desk, &door, told](const Request& request) {
                return status_page(desk, door.caller(request), request, told.get(),
                                   sign_out_form(door, request));
              },
              door.gate(roles_that_see_all())});
}

void add_metrics(http::Router& router, Door& door, std::function<std::string()> text) {
  router.add(
      {"GET", "/metrics",
       [text = std::move(text)](const Request&) {
         return http::make_response(200, "text/plain; version=0.0.4; charset=utf-8", text());
       },
       door.only({Role::metrics, Role::viewer, Role::operations, Role::admin}, Role::metrics)});
}

}  // namespace meridian::web
