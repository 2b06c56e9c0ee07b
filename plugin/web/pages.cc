// SPDX-License-Identifier: Apache-2.0
#include "web/pages.h"

#include "base/time.h"
#include "report/json.h"
#include "web/alerts.h"
#include "web/answer.h"
#include "web/forms.h"
#include "web/html.h"
#include "web/returns.h"
#include "web/sign_in.h"
#include "web/statements.h"

namespace meridian::web {
namespace {

using http::Request;
using http::Response;

constexpr std::string_view here_name = "this machine";  // of Door::caller

std::string cell(std::string_view text) {
  return "<td>" + escaped(text) + "</td>";
}

/// "2026-11-20 10:15 UTC"
std::string minute(Instant at) {
  const auto text = to_string(at);
  return text.substr(0, 10) + " " + text.substr(11, 5) + " UTC";
}

/// "3 min", "5 h", "12 d": how long ago, in the largest unit that counts.
std::string age(Instant since) {
  const auto minutes =
      std::chrono::duration_cast<std::chrono::minutes>(system_now() - since).count();
  if (minutes < 60) return std::to_string(minutes) + " min";
  if (minutes < 60 * 48) return std::to_string(minutes / 60) + " h";
  return std::to_string(minutes / (60 * 24)) + " d";
}

std::string deliveries_of(const ReferralLine& line) {
  std::string text = std::to_string(line.delivered) + " delivered";
  if (line.queued > 0) text += ", " + std::to_string(line.queued) + " waiting";
  if (line.dead > 0) text += ", " + std::to_string(line.dead) + " failed";
  return text;
}

/// A link to a form for the questions that hold the referral.
std::string questions_cell(const ReferralLine& line) {
  if (!line.patient_link.empty()) {
    return "<td><a href=\"/patients/" + escaped(line.patient_link) + "\">Name the patient</a></td>";
  }
  if (line.form.empty()) return cell(line.questions > 0 ? std::to_string(line.questions) : "");
  return "<td><a href=\"/forms/" + escaped(line.form) + "\">Answer " +
         std::to_string(line.questions) + "</a></td>";
}

std::string table_of(const std::vector<ReferralLine>& lines) {
  std::string html = "<table><caption>Referrals</caption><thead><tr>";
  for (const char* heading : {"Referral", "Order", "State", "Whose turn", "Questions", "With",
                              "Why", "Deliveries", "Age", "Updated"}) {
    html += std::string("<th scope=\"col\">") + heading + "</th>";
  }
  html += "</tr></thead><tbody>";
  for (const auto& line : lines) {
    html += "<tr>" + cell(line.id) + cell(line.source + " " + line.order) + cell(line.state);
    html += cell(line.worklist.empty() ? line.owner : line.owner + ": " + line.worklist);
    html +=
        questions_cell(line) + cell(line.destination) + cell(line.why) + cell(deliveries_of(line));
    html += cell(age(line.created_at)) + cell(minute(line.updated_at)) + "</tr>";
  }
  return html + "</tbody></table>";
}

/// `below` is HTML under the list.
Response status_page(Desk& desk, const Caller& caller, std::string_view below = {}) {
  const auto health = desk.health();
  constexpr int most = 500;
  const auto lines = desk.referrals(caller, most);
  if (!lines) return page(503, "Meridian", "<p>The database does not answer.</p>");
  std::string body;
  if (caller.role != Role::staff || caller.name == here_name) {
    body += "<p><a href=\"/operations\">Operations: queues, systems, what needs a person</a></p>";
  }
  if (health.open_alerts > 0) {
    body += "<p class=\"alarm\" role=\"alert\">" + std::to_string(health.open_alerts) +
            " emergency alert(s) wait for acknowledgement.</p>";
  }
  body += "<p>" + std::to_string(health.referrals) + " referrals, " +
          std::to_string(health.messages) + " messages received, " +
          std::to_string(health.quarantined) + " in quarantine, " + std::to_string(health.queued) +
          " deliveries waiting, " + std::to_string(health.ambiguous) + " ambiguous, " +
          std::to_string(health.dead) + " failed.</p>";
  return page(200, "Meridian", body + table_of(*lines) + std::string(below));
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
  http::Router router;
  router.on_error(outcome_of_status);
  router.add({"GET", "/livez",
              [](const Request&) { return http::make_response(200, "text/plain", "ok\n"); }});
  router.add({"GET", "/readyz", [&desk, stopping = std::move(stopping)](const Request&) {
                return readiness(desk.health(), stopping && stopping());
              }});
  router.add({"GET", "/style.css", [](const Request&) { return style_sheet(); }});
  router.add(
      {"GET", "/",
       [&desk, &door](const Request& request) { return status_page(desk, door.caller(request)); },
       or_home(
           door.only({Role::viewer, Role::staff, Role::operations, Role::admin}, Role::staff))});
  const auto shared = std::make_shared<const LinkSpeech>(std::move(speech));
  add_alerts(router, desk, shared);
  add_forms(router, desk, shared);
  add_statements(router, desk, shared);
  add_returns(router, desk, shared);
  return router;
}

std::vector<Role> roles_that_see_all() {
  return {Role::viewer, Role::staff, Role::clinician, Role::operations, Role::admin, Role::auditor};
}

void add_referrals(http::Router& router, Desk& desk, const PageDoor& door) {
  router.add({"GET", "/referrals",
              [&desk, &door](const Request& request) {
                return status_page(desk, door.caller(request), sign_out_form(door, request));
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
