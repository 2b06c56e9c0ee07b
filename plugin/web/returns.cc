// SPDX-License-Identifier: Apache-2.0
#include "web/returns.h"

#include "http/uri.h"
#include "web/html.h"

namespace meridian::web {
namespace {

using http::Request;
using http::Response;

constexpr std::uint64_t longest_form = 8192;
constexpr const char* title = "Referral back to the surgeon";

std::string list_of(const char* heading, const std::vector<std::string>& lines) {
  std::string html = "<h2>" + std::string(heading) + "</h2><ul>";
  for (const auto& line : lines) html += "<li>" + escaped(line) + "</li>";
  return html + (lines.empty() ? "<li>None on record.</li>" : "") + "</ul>";
}

std::string input(const char* name, const char* label, bool required) {
  return "<label for=\"" + std::string(name) + "\">" + label + "</label><input id=\"" + name +
         "\" name=\"" + name + "\"" + (required ? " required" : "") + " maxlength=\"100\"><br>";
}

std::string open_page(const PreparedReturnView& view) {
  return "<p>Order in the EHR: <strong>" + escaped(view.order) +
         "</strong>. Look at the record there before you decide.</p><p>The course of acupuncture "
         "that it led to (" +
         escaped(view.course) + ") stops, and a referral to a spine surgeon is prepared: <strong>" +
         escaped(view.urgency) +
         "</strong>. Nothing is sent until a named person releases it.</p>" +
         "<p>Why: " + escaped(view.reason) + "</p>" + list_of("Scores", view.scores) +
         list_of("Adverse events", view.events) + list_of("What goes along", view.records) +
         "<form method=\"post\">" + input("by", "Your name", true) +
         input("role", "Your role", true) +
         input("reason", "Reason: must be given to dismiss it; goes to the surgeon if given",
               false) +
         "<button type=\"submit\" name=\"decision\" value=\"release\">Send it to the "
         "surgeon</button> <button type=\"submit\" name=\"decision\" value=\"dismiss\">Do not send "
         "it</button></form>";
}

std::string closed_words(FormState state) {
  if (state == FormState::sent) return "<p>This was decided. It cannot be decided again.</p>";
  if (state == FormState::expired) return "<p>The time of this link is over.</p>";
  return "<p>Nothing waits here any more.</p>";
}

Response shown(int status, const Result<PreparedReturnView>& view, const std::string& complaint) {
  if (!view && view.error().code == ErrorCode::not_found) {
    return page(404, "No such page", "<p>This link is not valid.</p>");
  }
  if (!view) {
    return page(error_row(view.error().code).http_status, title,
                "<p>This did not work. Please try again.</p>");
  }
  if (view->state == FormState::open) return page(status, title, complaint + open_page(*view));
  return page(view->state == FormState::expired ? 410 : 200, title, closed_words(view->state));
}

Response decide(Desk& desk, const Request& request) {
  const auto token = request.parameter("token");
  PreparedReturnGiven given;
  std::string decision;
  if (const auto fields = http::parse_query(request.body)) {
    given.by = http::find_parameter(*fields, "by");
    given.role = http::find_parameter(*fields, "role");
    given.reason = http::find_parameter(*fields, "reason");
    decision = http::find_parameter(*fields, "decision");
  }
  given.dismissed = decision != "release";
  const auto before = desk.prepared_return(token);
  if (!before || before->state != FormState::open) return shown(200, before, {});
  const bool unclear = decision != "release" && decision != "dismiss";
  const auto sent = unclear ? Result<PreparedReturnView>(Error{ErrorCode::invalid, "return", ""})
                            : desk.give_prepared_return(token, given);
  if (!sent && sent.error().code == ErrorCode::invalid) {
    return shown(422, before,
                 "<p class=\"alarm\" role=\"alert\">Not sent yet: name, role or reason is "
                 "missing.</p>");
  }
  if (!sent || sent->state != FormState::sent) return shown(200, sent, {});
  return page(200, title,
              given.dismissed ? "<p>Dismissed by " + escaped(given.by) + ". Nothing is sent.</p>"
                              : "<p>Released by " + escaped(given.by) + ". It is on its way.</p>");
}

}  // namespace

void add_returns(http::Router& router, Desk& desk) {
  router.add({"GET", "/returns/{token}", [&desk](const Request& request) {
                return shown(200, desk.prepared_return(request.parameter("token")), {});
              }});
  router.add({"POST",
              "/returns/{token}",
              [&desk](const Request& request) { return decide(desk, request); },
              {},
              longest_form});
}

}  // namespace meridian::web
