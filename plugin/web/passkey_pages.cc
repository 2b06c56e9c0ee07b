// SPDX-License-Identifier: Apache-2.0
#include "web/passkey_pages.h"

#include <memory>

#include "http/uri.h"
#include "web/door.h"
#include "web/html.h"
#include "web/sign_in.h"

namespace meridian::web {

extern const std::string_view passkey_script_file;

namespace {

using http::Request;
using http::Response;

constexpr std::uint64_t longest_form = 16'384;
constexpr std::string_view title = "passkeys.title";
constexpr std::string_view alarm = "class=\"alarm\" role=\"alert\"";

Response lead_to(std::string_view place) {
  auto response = http::make_response(303, "text/plain; charset=utf-8", "");
  response.headers.push_back({"Location", std::string(place)});
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

std::string hidden(std::string_view name) {
  return "<input type=\"hidden\" name=\"" + std::string(name) + "\">";
}

std::string field_of(const Request& request, std::string_view name) {
  const auto fields = http::parse_query(request.body);
  return fields ? std::string(http::find_parameter(*fields, name)) : std::string();
}

std::string failed(const PeoplePage& page) {
  return "<p class=\"alarm\" role=\"alert\" hidden>" + page.say("passkeys.failed") + "</p>";
}

std::string list_html(const PeoplePage& page, const PageDoor& door, const Request& request,
                      const std::vector<PasskeyLine>& lines) {
  if (lines.empty()) return page.paragraph("passkeys.none");
  std::string html = "<ul>";
  for (const auto& line : lines) {
    html += "<li>" + escaped(line.name) + " (" + escaped(to_string(line.since).substr(0, 10)) +
            ") <form method=\"post\" action=\"/passkeys/remove\">" +
            door.form_field(request, "/passkeys/remove") +
            "<input type=\"hidden\" name=\"id\" value=\"" + escaped(line.id) +
            "\"><button type=\"submit\">" + page.say("passkeys.remove", {line.name}) +
            "</button></form></li>";
  }
  return html + "</ul>";
}

std::string add_html(const PeoplePage& page, const PageDoor& door, const Request& request,
                     const PasskeyOffer& offer) {
  std::string known;
  for (const auto& id : offer.known) known += (known.empty() ? "" : " ") + id;
  const auto data = [](std::string_view name, std::string_view value) {
    return " data-" + std::string(name) + "=\"" + escaped(value) + "\"";
  };
  return "<noscript>" + page.paragraph("passkeys.script") +
         "</noscript><form method=\"post\" action=\"/passkeys/add\" id=\"passkey-make\" hidden" +
         data("challenge", offer.challenge) + data("site", offer.site) + data("user", offer.user) +
         data("name", offer.name) + data("known", known) + ">" +
         door.form_field(request, "/passkeys/add") + hidden("client") + hidden("attestation") +
         page.input("name", "passkeys.name", "required maxlength=\"60\"", "passkeys.name.how") +
         "<br><button type=\"submit\">" + page.say("passkeys.add") + "</button>" + failed(page) +
         "</form>";
}

Response shown(Passkeys& passkeys, const PageDoor& door, const Request& request, int status,
               std::string_view trouble) {
  const PeoplePage page(request);
  const auto caller = door.caller(request);
  const auto lines = passkeys.list(caller);
  const auto offer = passkeys.offer(caller);
  if (!lines || !offer) return page.show(503, title, page.paragraph("sign-in.trouble", alarm));
  std::string body;
  if (!trouble.empty()) body += page.paragraph(trouble, alarm);
  body += page.paragraph("passkeys.what") + list_html(page, door, request, *lines) +
          add_html(page, door, request, *offer) + "<p><a href=\"/home\">" + page.say("home.title") +
          "</a></p>";
  return with_passkey_script(page.show(status, title, body));
}

Response add(Passkeys& passkeys, const PageDoor& door, const Request& request) {
  const auto done = passkeys.add(door.caller(request),
                                 {field_of(request, "client"), field_of(request, "attestation")},
                                 field_of(request, "name"));
  if (done) return lead_to("/passkeys");
  switch (done.error().code) {
    case ErrorCode::unauthorized:
      return shown(passkeys, door, request, 422, "passkeys.failed");
    case ErrorCode::conflict:
      return shown(passkeys, door, request, 409, "passkeys.taken");
    case ErrorCode::too_large:
      return shown(passkeys, door, request, 409, "passkeys.most");
    default:
      return shown(passkeys, door, request, 503, "sign-in.trouble");
  }
}

Response remove(Passkeys& passkeys, const PageDoor& door, const Request& request) {
  const auto done = passkeys.remove(door.caller(request), field_of(request, "id"));
  if (done || done.error().code == ErrorCode::not_found) return lead_to("/passkeys");
  return shown(passkeys, door, request, 503, "sign-in.trouble");
}

/// What signing in needs; borrowed.
struct Parts {
  Passkeys& passkeys;
  People& people;
  const PageDoor& door;
  Clock clock;
  Failures failures{};
};

Response refused(const Request& request, int status, std::string_view key) {
  const PeoplePage page(request);
  return page.show(status, "sign-in.title",
                   page.paragraph(key, alarm) + "<p><a href=\"/sign-in\">" +
                       page.say("provider.again") + "</a></p>");
}

Response sign_in(Parts& parts, const Request& request) {
  const auto now = parts.clock();
  if (!PageDoor::is_own(request)) return refused(request, 403, "sign-in.elsewhere");
  const auto address = address_of(request);
  if (parts.failures.is_locked(address, now)) return refused(request, 429, "sign-in.busy");
  const auto secret = parts.passkeys.sign_in(
      {field_of(request, "id"), field_of(request, "user"), field_of(request, "client"),
       field_of(request, "authenticator"), field_of(request, "signature")});
  if (!secret && secret.error().code != ErrorCode::unauthorized) {
    return refused(request, 503, "sign-in.trouble");
  }
  if (!secret) {
    parts.failures.add(address, now);
    return refused(request, 403, "passkeys.wrong");
  }
  static_cast<void>(parts.people.sign_out(parts.door.session(request)));
  const auto next = next_page(field_of(request, "next"));
  auto response = lead_to(next == "/" ? "/home" : next);
  response.headers.push_back(parts.door.cookie(*secret));
  return response;
}

}  // namespace

std::string passkey_form(const PeoplePage& page, Passkeys& passkeys, std::string_view next) {
  return "<form method=\"post\" action=\"/sign-in/passkey\" id=\"passkey-show\" hidden "
         "data-challenge=\"" +
         escaped(passkeys.challenge()) + "\">" + hidden("id") + hidden("user") + hidden("client") +
         hidden("authenticator") + hidden("signature") +
         "<input type=\"hidden\" name=\"next\" value=\"" + escaped(next) +
         "\"><button type=\"submit\">" + page.say("passkeys.sign-in") + "</button>" + failed(page) +
         "</form>";
}

http::Response with_passkey_script(http::Response response) {
  for (auto& field : response.headers) {
    if (field.name != "Content-Security-Policy") continue;
    field.value.insert(field.value.find("form-action"), "script-src 'self'; ");
  }
  const auto end = response.body.rfind("</body>");
  response.body.insert(end, "<script src=\"/passkey.js\"></script>");
  return response;
}

void add_passkey_pages(http::Router& router, Passkeys& passkeys, People& people,
                       const PageDoor& door, Clock clock) {
  const auto gate = door.gate(roles_of_people());
  router.add({"GET", "/passkeys",
              [&passkeys, &door](const Request& request) {
                return shown(passkeys, door, request, 200, "");
              },
              gate});
  router.add({"POST", "/passkeys/add", door.checked([&passkeys, &door](const Request& request) {
                return add(passkeys, door, request);
              }),
              gate, longest_form});
  router.add({"POST", "/passkeys/remove", door.checked([&passkeys, &door](const Request& request) {
                return remove(passkeys, door, request);
              }),
              gate, longest_form});
  const std::shared_ptr<Parts> parts(new Parts{passkeys, people, door, std::move(clock)});
  router.add({"POST",
              "/sign-in/passkey",
              [parts](const Request& request) { return sign_in(*parts, request); },
              {},
              longest_form});
  router.add({"GET", "/passkey.js", [](const Request&) {
                return static_file("text/javascript; charset=utf-8", passkey_script_file);
              }});
}

}  // namespace meridian::web
