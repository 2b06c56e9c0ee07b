// SPDX-License-Identifier: Apache-2.0
#include "web/operations.h"

#include "base/time.h"
#include "http/uri.h"
#include "web/html.h"
#include "web/operations_acts.h"
#include "web/operations_board.h"
#include "web/operations_referral.h"

namespace meridian::web {
namespace {

using http::Request;
using http::Response;

/// How long a browser waits before it asks for the next event.
constexpr int next_event_ms = 2000;

Response board(Desk& desk, const Caller& caller, OperationsPage page) {
  const auto site = desk.site(caller);
  if (!site) return page.problem(page.plain("operations"), site.error());
  page.live = true;
  return page.show_key(200, "operations",
                       board_html(page, *site, desk.health(), Desk::may_intervene(caller)));
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

Response story(Desk& desk, const Caller& caller, const OperationsPage& page,
               std::string_view referral) {
  const auto told = desk.story(caller, referral);
  if (!told) return page.problem(page.plain("col.referral"), told.error());
  return page.show(200, page.plain("title.referral", {told->id}),
                   story_html(page, *told, system_now(), Desk::may_intervene(caller)));
}

Response go_to(const std::string& path) {
  auto response = http::make_response(303, "text/plain; charset=utf-8", "");
  response.headers.push_back({"Location", path});
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

Response find(Desk& desk, const Caller& caller, const OperationsPage& page, std::string_view text) {
  const auto found = desk.find(caller, text);
  if (found && !found->referral.empty()) {
    return go_to("/operations/referral/" + http::percent_encode(found->referral));
  }
  if (found && !Desk::may_intervene(caller)) {
    return page.show(200, page.plain("title.message", {found->message}),
                     page.paragraph("found.message"));
  }
  if (found) {
    return go_to("/operations/message?what=message/" + http::percent_encode(found->message));
  }
  if (found.error().code != ErrorCode::not_found) {
    return page.problem(page.plain("find"), found.error());
  }
  return page.show_key(
      404, "found.nothing",
      "<p>" +
          page.say_html("found.number", {"<strong>" + escaped(text.substr(0, 200)) + "</strong>"}) +
          "</p><p>" + page.say_html("found.what", {code("tamarack-ridge ServiceRequest/5")}) +
          "</p>");
}

}  // namespace

void add_operations(http::Router& router, Desk& desk, OperationsDoor door, ShowMessage show,
                    ToldPtr told) {
  const auto who = door.caller;
  const auto add = [&](const char* path, auto answer) {
    router.add({"GET", path,
                [told, who, answer](const Request& request) {
                  return answer(request, who(request), OperationsPage(request, told.get()));
                },
                door.see});
  };
  router.add({"GET", "/operations.css", [](const Request&) { return operations_style(); }});
  router.add({"GET", "/operations.js", [](const Request&) { return operations_script(); }});
  router.add(
      {"GET", "/operations/events", [&desk](const Request&) { return event(desk); }, door.see});
  add("/operations", [&desk](const Request&, const Caller& caller, const OperationsPage& page) {
    return board(desk, caller, page);
  });
  add("/operations/find",
      [&desk](const Request& request, const Caller& caller, const OperationsPage& page) {
        return find(desk, caller, page, request.query_value("q"));
      });
  add("/operations/referral/{id}",
      [&desk](const Request& request, const Caller& caller, const OperationsPage& page) {
        return story(desk, caller, page, request.parameter("id"));
      });
  add_acts(router, desk, door, told);
  add_break_glass(router, desk, door, std::move(show), told);
}

}  // namespace meridian::web
