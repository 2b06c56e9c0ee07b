// SPDX-License-Identifier: Apache-2.0
#include "web/sign_in.h"

#include <algorithm>
#include <memory>

#include "base/loopback.h"
#include "http/uri.h"
#include "web/html.h"
#include "web/passkey_pages.h"
#include "web/people_page.h"

namespace meridian::web {
namespace {

using http::Request;
using http::Response;

constexpr std::uint64_t longest_form = 4096;
constexpr std::string_view alarm = "class=\"alarm\" role=\"alert\"";

/// The ways besides password and code.
std::string offered(const PeoplePage& page, const SignInOffers& offers, std::string_view next) {
  std::string html;
  if (offers.passkeys != nullptr) html += passkey_form(page, *offers.passkeys, next);
  if (offers.provider.empty()) return html;
  return html + "<p><a href=\"/sign-in/provider?next=" + http::percent_encode(next) + "\">" +
         page.say("sign-in.provider", {offers.provider}) + "</a></p>";
}

Response sign_in_page(const Request& request, const SignInOffers& offers, int status,
                      std::string_view next, std::string_view trouble) {
  const PeoplePage page(request);
  std::string body;
  if (!trouble.empty()) body += page.paragraph(trouble, alarm);
  body +=
      "<form method=\"post\" action=\"/sign-in\"><input type=\"hidden\" name=\"next\" value=\"" +
      escaped(next) + "\">";
  body += page.input("email", "sign-in.email",
                     "type=\"email\" required maxlength=\"254\" autocomplete=\"username\"");
  body += page.input("password", "sign-in.password",
                     "type=\"password\" required autocomplete=\"current-password\"");
  body +=
      page.input("code", "sign-in.code", "required maxlength=\"24\" autocomplete=\"one-time-code\"",
                 "sign-in.code.how");
  body += "<button type=\"submit\">" + page.say("sign-in.do") + "</button></form>" +
          offered(page, offers, next) + page.paragraph("sign-in.lost", "class=\"quiet\"");
  auto response = page.show(status, "sign-in.title", body);
  return offers.passkeys != nullptr ? with_passkey_script(std::move(response)) : response;
}

Response lead_to(std::string_view place) {
  auto response = http::make_response(303, "text/plain; charset=utf-8", "");
  response.headers.push_back({"Location", std::string(place)});
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

/// Where somebody goes who came for no page in particular.
std::string after_sign_in(std::string_view next) {
  const auto place = next_page(next);
  return place == "/" ? "/home" : place;
}

/// What signing in by the page needs; borrowed.
struct SignInParts {
  People& people;
  const PageDoor& door;
  SignInOffers offers;
  Clock clock;
  Failures failures{};
};

Response sign_in(SignInParts& parts, const Request& request) {
  const auto& offers = parts.offers;
  const auto& door = parts.door;
  const auto now = parts.clock();
  const auto fields = http::parse_query(request.body);
  const auto field = [&](std::string_view name) {
    return fields ? std::string(http::find_parameter(*fields, name)) : std::string();
  };
  const auto next = next_page(field("next"));
  if (!PageDoor::is_own(request))
    return sign_in_page(request, offers, 403, "/", "sign-in.elsewhere");
  const auto address = address_of(request);
  if (parts.failures.is_locked(address, now)) {
    auto response = sign_in_page(request, offers, 429, next, "sign-in.busy");
    response.headers.push_back({"Retry-After", std::to_string(Failures::lock.count())});
    return response;
  }
  const auto secret = parts.people.sign_in({field("email"), field("password"), field("code")});
  if (!secret && secret.error().code != ErrorCode::unauthorized) {
    return sign_in_page(request, offers, 503, next, "sign-in.trouble");
  }
  if (!secret) {
    parts.failures.add(address, now);
    return sign_in_page(request, offers, 403, next, "sign-in.wrong");
  }
  // Whatever the browser held before is over: a session that somebody put there is of no use.
  static_cast<void>(parts.people.sign_out(door.session(request)));
  auto response = lead_to(after_sign_in(next));
  response.headers.push_back(door.cookie(*secret));
  return response;
}

std::string_view word_of(Role role) {
  for (const std::string_view word :
       {"clinic", "staff", "clinician", "viewer", "operator", "administrator", "auditor"}) {
    if (person_role(word) == role) return word;
  }
  return "";
}

Response home(const PageDoor& door, const std::vector<StartPage>& pages, const Request& request) {
  const PeoplePage page(request);
  const auto caller = door.caller(request);
  const auto role = people_words().say(page.language, "role." + std::string(word_of(caller.role)));
  std::string body = "<p>" + page.say("home.who", {caller.name, role}) + "</p>";
  std::string list;
  for (const auto& one : pages) {
    if (std::find(one.roles.begin(), one.roles.end(), caller.role) == one.roles.end()) continue;
    list += "<li><a href=\"" + escaped(one.path) + "\">" + page.say(one.key) + "</a></li>";
  }
  body += list.empty()
              ? page.paragraph("home.nothing")
              : "<nav aria-label=\"" + page.say("home.pages") + "\"><ul>" + list + "</ul></nav>";
  return page.show(200, "home.title", body + sign_out_form(door, request));
}

}  // namespace

std::vector<Role> roles_of_people() {
  return {Role::clinic,     Role::staff, Role::clinician, Role::viewer,
          Role::operations, Role::admin, Role::auditor};
}

std::string address_of(const Request& request) {
  const auto passed_on = request.header("X-Forwarded-For");
  if (passed_on.empty() || !is_loopback(request.peer)) return request.peer;
  const auto comma = passed_on.rfind(',');
  auto last = comma == std::string_view::npos ? passed_on : passed_on.substr(comma + 1);
  while (last.starts_with(' ')) last.remove_prefix(1);
  return std::string(last.substr(0, 64));
}

std::string sign_out_form(const PageDoor& door, const Request& request) {
  const PeoplePage page(request);
  return "<form method=\"post\" action=\"/sign-out\">" + door.form_field(request, "/sign-out") +
         "<button type=\"submit\">" + page.say("sign-out.do") + "</button></form>";
}

void add_sign_in(http::Router& router, People& people, const PageDoor& door,
                 std::vector<StartPage> pages, SignInOffers offers, Clock clock) {
  const std::shared_ptr<SignInParts> parts(
      new SignInParts{people, door, std::move(offers), std::move(clock)});
  router.add({"GET", "/sign-in", [parts](const Request& request) {
                return sign_in_page(request, parts->offers, 200,
                                    next_page(request.query_value("next")), "");
              }});
  router.add({"POST",
              "/sign-in",
              [parts](const Request& request) { return sign_in(*parts, request); },
              {},
              longest_form});
  const auto leave = [&people, &door](const Request& request) {
    static_cast<void>(people.sign_out(door.session(request)));
    auto response = lead_to("/sign-in");
    response.headers.push_back(door.cookie(""));
    return response;
  };
  router.add(
      {"POST", "/sign-out", door.checked(leave), door.gate(roles_of_people()), longest_form});
  router.add({"GET", "/home",
              [&door, pages = std::move(pages)](const Request& request) {
                return home(door, pages, request);
              },
              door.gate(roles_of_people())});
}

}  // namespace meridian::web
