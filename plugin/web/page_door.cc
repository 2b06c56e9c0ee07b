// SPDX-License-Identifier: Apache-2.0
#include "web/page_door.h"

#include <algorithm>

#include "base/hash.h"
#include "base/same_secret.h"
#include "http/cookie.h"
#include "http/uri.h"
#include "web/people_page.h"

namespace meridian::web {
namespace {

using http::Request;
using http::Response;

constexpr std::string_view field_name = "token";
constexpr std::size_t longest_target = 512;

Response sign_in_first(const Request& request) {
  auto response = http::make_response(303, "text/plain; charset=utf-8", "Please sign in.\n");
  response.headers.push_back(
      {"Location", "/sign-in?next=" + http::percent_encode(next_page(request.target))});
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

Response nothing_was_done(const Request& request, std::string_view why) {
  const PeoplePage page(request);
  return page.show(
      403, "refused.title",
      page.paragraph(why) + "<p><a href=\"/sign-in\">" + page.say("sign-in.title") + "</a></p>");
}

/// "meridian.example:8480" of "https://meridian.example:8480"
std::string_view host_of(std::string_view origin) {
  const auto scheme = origin.find("://");
  return scheme == std::string_view::npos ? std::string_view() : origin.substr(scheme + 3);
}

}  // namespace

std::string next_page(std::string_view target) {
  const bool local = target.starts_with('/') && !target.starts_with("//") &&
                     target.size() <= longest_target && !target.starts_with("/sign-");
  const bool plain = std::all_of(target.begin(), target.end(),
                                 [](char c) { return c > ' ' && c < 0x7f && c != '\\'; });
  return local && plain ? std::string(target) : "/";
}

PageDoor::PageDoor(People& people, std::string secret, std::function<std::string()> public_url)
    : people_(people), secret_(std::move(secret)), public_url_(std::move(public_url)) {}

http::Gate PageDoor::gate(std::vector<Role> roles) const {
  return [this, roles = std::move(roles)](Request& request) -> std::optional<Response> {
    const auto visitor = people_.visitor(session(request));
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (!visitor && reads) return sign_in_first(request);
    if (!visitor) return nothing_was_done(request, "refused.signed-out");
    if (std::find(roles.begin(), roles.end(), visitor->role) == roles.end()) {
      return nothing_was_done(request, "refused.role");
    }
    request.principal = "person/" + visitor->person;
    return std::nullopt;
  };
}

Caller PageDoor::caller(const Request& request) const {
  const auto visitor = people_.visitor(session(request));
  const bool same = visitor && request.principal == "person/" + visitor->person;
  return same ? *visitor : Caller{};
}

std::string PageDoor::token(const std::string& session, std::string_view action) const {
  return hex(hmac_sha256(secret_, "form|" + session + "|" + std::string(action)));
}

std::string PageDoor::form_field(const Request& request, std::string_view action) const {
  const auto value = token(session(request), action.empty() ? request.path : action);
  return "<input type=\"hidden\" name=\"" + std::string(field_name) + "\" value=\"" + value + "\">";
}

http::Handler PageDoor::checked(http::Handler handler) const {
  return [this, handler = std::move(handler)](const Request& request) {
    const auto fields = http::parse_query(request.body);
    const auto given = fields ? http::find_parameter(*fields, field_name) : std::string_view();
    const auto held = session(request);
    const bool right = !held.empty() && same_secret(given, token(held, request.path));
    if (right && is_own(request)) return handler(request);
    return nothing_was_done(request, "refused.form");
  };
}

bool PageDoor::is_own(const Request& request) {
  const auto site = request.header("Sec-Fetch-Site");
  if (!site.empty()) return site == "same-origin" || site == "none";
  const auto origin = request.header("Origin");
  return origin.empty() || host_of(origin) == request.header("Host");
}

std::string PageDoor::cookie_name() const {
  return public_url_().starts_with("https://") ? "__Host-meridian" : "meridian";
}

std::string PageDoor::session(const Request& request) const {
  return std::string(http::cookie_in(request.header("Cookie"), cookie_name()));
}

http::Field PageDoor::cookie(const std::string& secret) const {
  const auto name = cookie_name();
  std::string value = name + "=" + secret + "; Path=/; HttpOnly; SameSite=Lax";
  if (name != "meridian") value += "; Secure";
  if (secret.empty()) value += "; Max-Age=0";
  return {"Set-Cookie", std::move(value)};
}

http::Field PageDoor::short_cookie(std::string_view what, const std::string& value,
                                   std::chrono::seconds life) const {
  const auto name = cookie_name();
  const auto seconds = value.empty() ? 0 : life.count();
  std::string text = name + "-" + std::string(what) + "=" + value +
                     "; Path=/; HttpOnly; SameSite=Lax; Max-Age=" + std::to_string(seconds);
  if (name != "meridian") text += "; Secure";
  return {"Set-Cookie", std::move(text)};
}

std::string PageDoor::kept(const Request& request, std::string_view what) const {
  return std::string(
      http::cookie_in(request.header("Cookie"), cookie_name() + "-" + std::string(what)));
}

}  // namespace meridian::web
