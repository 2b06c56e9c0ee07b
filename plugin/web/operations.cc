// SPDX-License-Identifier: Apache-2.0
#include "web/operations.h"

#include "base/time.h"
#include "http/uri.h"
#include "web/html.h"
#include "web/operations_acts.h"
#include "web/operations_board.h"
#include "web/operations_look.h"
#include "web/operations_referral.h"

namespace meridian::web {
namespace {

using http::Request;
using http::Response;

/// How long a browser waits before it asks for the next event.
constexpr int next_event_ms = 2000;

Response board(Desk& desk, const Caller& caller) {
  const auto site = desk.site(caller);
  if (!site) return failed_page("Operations", site.error());
  return operations_page(200, "Operations",
                         board_html(*site, desk.health(), Desk::may_intervene(caller)));
}

/// One event; the browser comes back by itself for the next (HTML, server-sent events, 9.2.5), so
/// that nobody who looks keeps a thread of ours.
Response event(Desk& desk) {
  auto response =
      http::make_response(200, "text/event-stream; charset=utf-8",
                          "retry: " + std::to_string(next_event_ms) +
                              "\nevent: state\ndata: " + mark_of(desk.health()) + "\n\n");
  response.headers.push_back({"Cache-Control", "no-store"});
  response.headers.push_back({"X-Content-Type-Options", "nosniff"});
  return response;
}

Response story(Desk& desk, const Caller& caller, std::string_view referral) {
  const auto told = desk.story(caller, referral);
  if (!told) return failed_page("Referral", told.error());
  return operations_page(200, "Referral " + told->id,
                         story_html(*told, system_now(), Desk::may_intervene(caller)));
}

Response go_to(const std::string& path) {
  auto response = http::make_response(303, "text/plain; charset=utf-8", "");
  response.headers.push_back({"Location", path});
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

Response find(Desk& desk, const Caller& caller, std::string_view text) {
  const auto found = desk.find(caller, text);
  if (found && !found->referral.empty()) {
    return go_to("/operations/referral/" + http::percent_encode(found->referral));
  }
  if (found && !Desk::may_intervene(caller)) {
    return operations_page(200, "Message " + found->message,
                           "<p>This message is kept here. It holds patient data: who has the role "
                           "operations or administrator can see it, and says why.</p>");
  }
  if (found) {
    return go_to("/operations/message?what=message/" + http::percent_encode(found->message));
  }
  if (found.error().code != ErrorCode::not_found) return failed_page("Find", found.error());
  return operations_page(
      404, "Nothing found",
      "<p>Nothing here has the number <strong>" + escaped(text.substr(0, 200)) +
          "</strong>.</p><p>What can be found: the id of a referral or of a message as Meridian "
          "names it, the number of a delivery, and the number of an order as its hospital names "
          "it, with the hospital before it where several use the same: <span class=\"code\">"
          "tamarack-ridge ServiceRequest/5</span>.</p>");
}

}  // namespace

Response failed_page(std::string_view title, const Error& error) {
  const auto& row = error_row(error.code);
  return operations_page(row.http_status, title,
                         "<p class=\"alarm\" role=\"alert\">" + escaped(error.what.view()) + " (" +
                             std::string(row.name) + ")</p><p>" + escaped(row.fix) + "</p>");
}

void add_operations(http::Router& router, Desk& desk, OperationsDoor door, ShowMessage show) {
  const auto who = door.caller;
  router.add({"GET", "/operations.css", [](const Request&) { return operations_style(); }});
  router.add({"GET", "/operations.js", [](const Request&) { return operations_script(); }});
  router.add({"GET", "/operations",
              [&desk, who](const Request& request) { return board(desk, who(request)); },
              door.see});
  router.add(
      {"GET", "/operations/events", [&desk](const Request&) { return event(desk); }, door.see});
  router.add({"GET", "/operations/find",
              [&desk, who](const Request& request) {
                return find(desk, who(request), request.query_value("q"));
              },
              door.see});
  router.add({"GET", "/operations/referral/{id}",
              [&desk, who](const Request& request) {
                return story(desk, who(request), request.parameter("id"));
              },
              door.see});
  add_acts(router, desk, door);
  add_break_glass(router, desk, door, std::move(show));
}

}  // namespace meridian::web
