// SPDX-License-Identifier: Apache-2.0
#include "web/returns.h"

#include "http/uri.h"
#include "web/html.h"

namespace meridian::web {
namespace {

using http::Request;
using http::Response;

constexpr std::uint64_t longest_form = 8192;
constexpr std::string_view title = "return.title";

/// `lines`: HTML.
std::string list_of(const LinkPage& page, std::string_view key,
                    const std::vector<std::string>& lines) {
  std::string html = "<h2>" + page.say(key) + "</h2><ul>";
  for (const auto& line : lines) html += "<li>" + line + "</li>";
  return html + (lines.empty() ? "<li>" + page.say("return.none") + "</li>" : "") + "</ul>";
}

std::vector<std::string> said(const LinkPage& page, const std::vector<std::string>& english) {
  std::vector<std::string> lines;
  for (const auto& line : english) lines.push_back(page.speech.rule(line));
  return lines;
}

std::string urgency_words(const LinkPage& page, const std::string& urgency) {
  const auto key = "return.urgency." + urgency;
  return "<strong>" + (link_words().has(key) ? page.say(key) : escaped(urgency)) + "</strong>";
}

std::string button(const LinkPage& page, const std::string& decision) {
  return "<button type=\"submit\" name=\"decision\" value=\"" + decision + "\">" +
         page.say(decision == "release" ? "return.send" : "return.dismiss") + "</button>";
}

std::string open_page(const LinkPage& page, const PreparedReturnView& view) {
  std::vector<std::string> records;
  for (const auto& record : view.records) records.push_back(escaped(record));
  return "<p>" + page.say_html("return.order", {"<strong>" + escaped(view.order) + "</strong>"}) +
         "</p><p>" +
         page.say_html("return.what",
                       {page.speech.rule(view.course), urgency_words(page, view.urgency)}) +
         "</p><p>" + page.say_html("return.why", {page.speech.rule(view.reason)}) + "</p>" +
         list_of(page, "return.scores", said(page, view.scores)) +
         list_of(page, "return.events", said(page, view.events)) +
         list_of(page, "return.records", records) + "<form method=\"post\">" +
         page.input("by", "name", "required") + page.input("role", "role", "required") +
         page.input("reason", "return.reason", "") + button(page, "release") + " " +
         button(page, "dismiss") + "</form>";
}

std::string_view closed_key(FormState state) {
  if (state == FormState::sent) return "return.sent";
  return state == FormState::expired ? "over" : "return.settled";
}

Response shown(const LinkPage& page, int status, const Result<PreparedReturnView>& view) {
  if (!view) return page.problem(view.error(), title);
  if (view->state != FormState::open) {
    const int closed = view->state == FormState::expired ? 410 : 200;
    return page.show(closed, title, page.paragraph(closed_key(view->state)));
  }
  const auto complaint = status == 422 ? page.alarm("return.incomplete") : "";
  return page.show(status, title, complaint + open_page(page, *view));
}

Response decide(Desk& desk, const Request& request, const LinkPage& page) {
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
  if (!before || before->state != FormState::open) return shown(page, 200, before);
  const bool unclear = decision != "release" && decision != "dismiss";
  const auto sent = unclear ? Result<PreparedReturnView>(Error{ErrorCode::invalid, "return", ""})
                            : desk.give_prepared_return(token, given);
  if (!sent && sent.error().code == ErrorCode::invalid) return shown(page, 422, before);
  if (!sent || sent->state != FormState::sent) return shown(page, 200, sent);
  const auto* done = given.dismissed ? "return.dismissed" : "return.released";
  return page.show(200, title, "<p>" + page.say_html(done, {isolated(given.by)}) + "</p>");
}

}  // namespace

void add_returns(http::Router& router, Desk& desk, const LinkSpeechPtr& speech) {
  router.add({"GET", "/returns/{token}", [&desk, speech](const Request& request) {
                return shown(LinkPage(request, *speech), 200,
                             desk.prepared_return(request.parameter("token")));
              }});
  router.add({"POST",
              "/returns/{token}",
              [&desk, speech](const Request& request) {
                return decide(desk, request, LinkPage(request, *speech));
              },
              {},
              longest_form});
}

}  // namespace meridian::web
