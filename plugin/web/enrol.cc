// SPDX-License-Identifier: Apache-2.0
#include "web/enrol.h"

#include "http/uri.h"
#include "web/html.h"
#include "web/page_door.h"
#include "web/people_page.h"
#include "web/qr.h"

namespace meridian::web {
namespace {

using http::Request;
using http::Response;

constexpr std::uint64_t longest_form = 4096;
constexpr std::string_view title = "enrol.title";
constexpr std::string_view alarm = "class=\"alarm\" role=\"alert\"";

std::string button(const PeoplePage& page, std::string_view key) {
  return "<br><button type=\"submit\">" + page.say(key) + "</button></form>";
}

std::string step_heading(const PeoplePage& page, std::string_view key, const EnrolmentView& view) {
  std::string html = "<p>" + page.say("enrol.hello", {view.name, view.email}) + "</p><h2>" +
                     page.say(key) + "</h2>";
  if (!view.refused.empty()) html += page.paragraph("refused." + view.refused, alarm);
  return html;
}

Response password_page(const PeoplePage& page, const EnrolmentView& view) {
  constexpr std::string_view type = "type=\"password\" required autocomplete=\"new-password\"";
  // The address is there for password managers.
  const auto body = step_heading(page, "enrol.step.password", view) +
                    "<form method=\"post\"><input type=\"hidden\" name=\"username\" value=\"" +
                    escaped(view.email) + "\" autocomplete=\"username\">" +
                    page.input("password", "enrol.password", type, "enrol.password.how") +
                    page.input("again", "enrol.again", type) + button(page, "enrol.next");
  return page.show(view.refused.empty() ? 200 : 422, title, body);
}

/// What authenticator apps read: https://github.com/google/google-authenticator/wiki/Key-Uri-Format
std::string key_uri(const EnrolmentView& view) {
  return "otpauth://totp/Meridian:" + http::percent_encode(view.email) +
         "?secret=" + view.code_key + "&issuer=Meridian";
}

/// "ABCD EFGH", to be typed.
std::string in_groups(std::string_view key) {
  std::string text;
  for (std::size_t i = 0; i < key.size(); i += 4) {
    text += (i == 0 ? "" : " ") + std::string(key.substr(i, 4));
  }
  return text;
}

Response code_page(const PeoplePage& page, const EnrolmentView& view) {
  const auto uri = key_uri(view);
  const auto picture = people_words().say(page.language, "enrol.picture");
  const auto body =
      step_heading(page, "enrol.step.code", view) + page.paragraph("enrol.scan") +
      qr_code(uri, picture) + "<p><a href=\"" + escaped(uri) + "\">" + page.say("enrol.link") +
      "</a></p>" + page.paragraph("enrol.type") + "<p class=\"key\">" +
      escaped(in_groups(view.code_key)) + "</p><form method=\"post\">" +
      page.input("code", "enrol.code",
                 "required inputmode=\"numeric\" maxlength=\"9\" autocomplete=\"one-time-code\"") +
      button(page, "enrol.next");
  return page.show(view.refused.empty() ? 200 : 422, title, body);
}

Response done_page(const PeoplePage& page, const EnrolmentView& view) {
  auto body = step_heading(page, "enrol.step.done", view) + page.paragraph("enrol.keep") +
              "<ul class=\"codes\">";
  for (const auto& code : view.recoveries) body += "<li>" + escaped(code) + "</li>";
  body += "</ul><p><a href=\"/sign-in\">" + page.say("enrol.sign-in") + "</a></p>";
  return page.show(200, title, body);
}

Response shown(const PeoplePage& page, const Result<EnrolmentView>& view) {
  if (!view && view.error().code == ErrorCode::not_found) {
    return page.show(404, title, page.paragraph("enrol.unknown"));
  }
  if (!view) return page.show(503, title, page.paragraph("sign-in.trouble", alarm));
  switch (view->step) {
    case EnrolmentStep::password:
      return password_page(page, *view);
    case EnrolmentStep::code:
      return code_page(page, *view);
    case EnrolmentStep::done:
      return done_page(page, *view);
    case EnrolmentStep::over:
      break;
  }
  return page.show(410, title, page.paragraph("enrol.over"));
}

Response first_page(People& people, const std::string& provider, const Request& request) {
  const PeoplePage page(request);
  const auto view = people.enrolment(request.parameter("link"));
  if (!view || view->step == EnrolmentStep::over) return shown(page, view);
  auto body = page.paragraph("enrol.begin.what") + "<form method=\"post\">" +
              button(page, "enrol.begin.do");
  if (!provider.empty()) {
    body += "<p><a href=\"/sign-in/provider?invitation=" +
            http::percent_encode(request.parameter("link")) + "\">" +
            page.say("enrol.provider", {provider}) + "</a></p>";
  }
  return page.show(200, title, body);
}

/// Which fields came says which step it is.
Response next_step(People& people, const Request& request) {
  const PeoplePage page(request);
  const auto link = request.parameter("link");
  const auto fields = http::parse_query(request.body);
  if (!fields || !PageDoor::is_own(request)) {
    return page.show(403, title, page.paragraph("sign-in.elsewhere", alarm));
  }
  const auto code = http::find_parameter(*fields, "code");
  if (!code.empty()) return shown(page, people.confirm(link, code));
  const auto password = http::find_parameter(*fields, "password");
  if (password.empty()) return shown(page, people.enrolment(link));
  if (password == http::find_parameter(*fields, "again")) {
    return shown(page, people.propose(link, password));
  }
  auto view = people.enrolment(link);
  if (view) view->refused = "different";
  return shown(page, view);
}

}  // namespace

void add_enrolment(http::Router& router, People& people, std::string provider) {
  router.add(
      {"GET", "/enrol/{link}", [&people, provider = std::move(provider)](const Request& request) {
         return first_page(people, provider, request);
       }});
  router.add({"POST",
              "/enrol/{link}",
              [&people](const Request& request) { return next_step(people, request); },
              {},
              longest_form});
}

}  // namespace meridian::web
