// SPDX-License-Identifier: Apache-2.0
#include "web/provider_pages.h"

#include <array>
#include <charconv>
#include <memory>
#include <optional>
#include <vector>

#include "base/hash.h"
#include "base/log.h"
#include "base/same_secret.h"
#include "base/sealed.h"
#include "http/uri.h"
#include "web/people_page.h"

namespace meridian::web {
namespace {

using http::Request;
using http::Response;

constexpr std::string_view purpose = "sign-in at the provider";
constexpr std::chrono::minutes life{15};
constexpr std::size_t longest_invitation = 256;

std::string random_text() {
  std::array<std::uint8_t, 32> bytes;
  random_bytes(bytes);
  return hex(bytes);
}

/// What the browser keeps while it is at the provider.
struct Begun {
  ProviderAsked asked;
  std::string next;
  std::string invitation;  ///< "" without one
  Instant until;
};

std::string sealed_text(const ProviderPages& parts, const Begun& begun) {
  const auto& asked = begun.asked;
  return sealed(parts.secret, purpose,
                std::to_string(begun.until.time_since_epoch().count()) + "\n" + asked.state + "\n" +
                    asked.nonce + "\n" + asked.verifier + "\n" + begun.next + "\n" +
                    begun.invitation);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines(1);
  for (const char c : text) {
    if (c == '\n') {
      lines.emplace_back();
    } else {
      lines.back() += c;
    }
  }
  return lines;
}

std::string back_address(const ProviderPages& parts) {
  return parts.public_url() + "/sign-in/provider/back";
}

std::optional<Begun> begun_in(const ProviderPages& parts, std::string_view cookie) {
  const auto text = unsealed(parts.secret, purpose, cookie);
  if (!text) return std::nullopt;
  const auto lines = lines_of(*text);
  std::int64_t until = 0;
  std::from_chars(lines[0].data(), lines[0].data() + lines[0].size(), until);
  const Instant end{std::chrono::milliseconds(until)};
  if (lines.size() != 6 || end <= parts.clock()) return std::nullopt;
  return Begun{{lines[1], lines[2], lines[3], back_address(parts)}, lines[4], lines[5], end};
}

Response lead_to(std::string_view place) {
  auto response = http::make_response(303, "text/plain; charset=utf-8", "");
  response.headers.push_back({"Location", std::string(place)});
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

Response trouble(const Request& request, int status, std::string_view key) {
  const PeoplePage page(request);
  return page.show(status, "sign-in.title",
                   page.paragraph(key, "class=\"alarm\" role=\"alert\"") +
                       "<p><a href=\"/sign-in\">" + page.say("provider.again") + "</a></p>");
}

Response begin(const ProviderPages& parts, const Request& request) {
  const auto invitation = std::string(request.query_value("invitation"));
  if (invitation.size() > longest_invitation || invitation.find('\n') != invitation.npos) {
    return trouble(request, 400, "enrol.unknown");
  }
  Begun begun{{random_text(), random_text(), random_text(), back_address(parts)},
              next_page(request.query_value("next")),
              invitation,
              parts.clock() + life};
  const auto address = parts.provider.address(begun.asked);
  if (!address) {
    log(LogLevel::error, "sign-in provider", {{"error", address.error()}});
    return trouble(request, 503, "provider.down");
  }
  auto response = lead_to(*address);
  response.headers.push_back(parts.door.short_cookie("provider", sealed_text(parts, begun), life));
  return response;
}

std::string_view words_for(const Error& error) {
  switch (error.code) {
    case ErrorCode::unauthorized:
      return "provider.nobody";
    case ErrorCode::forbidden:
      return "provider.one-factor";
    case ErrorCode::conflict:
      return "provider.taken";
    case ErrorCode::not_found:
      return "enrol.unknown";
    default:
      return "provider.down";
  }
}

Result<std::string> session_for(const ProviderPages& parts, const Begun& begun,
                                const Request& request) {
  const auto claims = parts.provider.claims(begun.asked, {std::string(request.query_value("code")),
                                                          std::string(request.query_value("iss"))});
  if (!claims) return claims.error();
  return begun.invitation.empty()
             ? parts.linked.sign_in(*claims, begun.asked.state)
             : parts.linked.enrol(begun.invitation, *claims, begun.asked.state);
}

Response come_back(const ProviderPages& parts, const Request& request) {
  const auto begun = begun_in(parts, parts.door.kept(request, "provider"));
  if (!begun || !same_secret(request.query_value("state"), begun->asked.state)) {
    return trouble(request, 403, "provider.over");
  }
  // Whatever comes of it, it does not come twice from this browser.
  const auto done = [&](Response response) {
    response.headers.push_back(parts.door.short_cookie("provider", "", life));
    return response;
  };
  if (request.query_value("code").empty()) return done(trouble(request, 403, "provider.refused"));
  const auto secret = session_for(parts, *begun, request);
  if (!secret) {
    log(LogLevel::warning, "sign-in provider", {{"error", secret.error()}});
    const bool theirs = secret.error().code == ErrorCode::unauthorized ||
                        secret.error().code == ErrorCode::forbidden ||
                        secret.error().code == ErrorCode::conflict ||
                        secret.error().code == ErrorCode::not_found;
    return done(trouble(request, theirs ? 403 : 503, words_for(secret.error())));
  }
  static_cast<void>(parts.people.sign_out(parts.door.session(request)));
  auto response = lead_to(begun->next == "/" ? "/home" : begun->next);
  response.headers.push_back(parts.door.cookie(*secret));
  return done(std::move(response));
}

Response sign_out_there(const ProviderPages& parts) {
  const auto address = parts.provider.sign_out_address(parts.public_url() + "/sign-in");
  return lead_to(address ? *address : "/sign-in");
}

}  // namespace

void add_provider_pages(http::Router& router, ProviderPages given) {
  const auto parts = std::make_shared<const ProviderPages>(std::move(given));
  router.add({"GET", "/sign-in/provider",
              [parts](const Request& request) { return begin(*parts, request); }});
  router.add({"GET", "/sign-in/provider/back",
              [parts](const Request& request) { return come_back(*parts, request); }});
  router.add(
      {"GET", "/sign-out/provider", [parts](const Request&) { return sign_out_there(*parts); }});
}

}  // namespace meridian::web
