// SPDX-License-Identifier: Apache-2.0
#include "fhir/launch/cookies.h"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "base/hash.h"
#include "base/sealed.h"
#include "http/cookie.h"

namespace meridian::fhir {
namespace {

constexpr std::chrono::minutes longest_sign_in{10};
constexpr std::string_view trial = "trial";

using Texts = std::initializer_list<std::pair<const char*, std::string_view>>;

std::string json_of(Texts texts) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  writer.StartObject();
  for (const auto& [name, text] : texts) {
    writer.Key(name);
    writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  }
  writer.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

/// What we sealed, while its time is not over.
std::optional<rapidjson::Document> opened(std::string_view secret, const std::string& bound,
                                          std::string_view value, Instant now) {
  const auto text = unsealed(secret, bound, value);
  if (!text) return std::nullopt;
  rapidjson::Document json;
  json.Parse(text->data(), text->size());
  if (json.HasParseError() || !json.IsObject() || !json.HasMember("until")) return std::nullopt;
  const auto until = parse_instant(json["until"].GetString());
  if (!until || *until <= now) return std::nullopt;
  return json;
}

std::string view_path(std::string_view view) {
  return "/smart/view/" + std::string(view);
}

}  // namespace

std::string LaunchCookies::name(std::string_view of) const {
  return (https_ ? "__Secure-meridian-" : "meridian-") + std::string(of);
}

http::Field LaunchCookies::made(std::string_view of, std::string_view value, std::string_view path,
                                std::chrono::seconds life) const {
  auto text = name(of) + "=" + std::string(value) + "; Path=" + std::string(path) +
              "; HttpOnly; Max-Age=" + std::to_string(life.count());
  text += https_ ? "; SameSite=None; Secure; Partitioned" : "; SameSite=Lax";
  return {"Set-Cookie", std::move(text)};
}

http::Field LaunchCookies::keep_nothing() const {
  return made(trial, "1", "/smart/launch", longest_sign_in);
}

bool LaunchCookies::keeps(const http::Request& request) const {
  return http::cookie_in(request.header("Cookie"), name(trial)) == "1";
}

http::Field LaunchCookies::keep(const std::string& handle, const Pending& pending,
                                Instant now) const {
  const auto json = json_of({{"source", pending.source},
                             {"verifier", pending.verifier},
                             {"nonce", pending.nonce},
                             {"until", to_string(now + longest_sign_in)}});
  return made("launch-" + handle, sealed(secret_, "launch|" + handle, json), "/smart/callback",
              longest_sign_in);
}

std::optional<Pending> LaunchCookies::pending(const http::Request& request,
                                              const std::string& handle, Instant now) const {
  const auto value = http::cookie_in(request.header("Cookie"), name("launch-" + handle));
  const auto json = opened(secret_, "launch|" + handle, value, now);
  if (!json) return std::nullopt;
  return Pending{(*json)["source"].GetString(), (*json)["verifier"].GetString(),
                 (*json)["nonce"].GetString()};
}

http::Field LaunchCookies::forget(const std::string& handle) const {
  return made("launch-" + handle, "", "/smart/callback", std::chrono::seconds(0));
}

http::Field LaunchCookies::keep(const Launched& launched, Instant until) const {
  const auto json = json_of({{"source", launched.caller.source},
                             {"user", launched.caller.person},
                             {"name", launched.caller.name},
                             {"patient", launched.patient},
                             {"banner", launched.banner ? "yes" : ""},
                             {"patient_name", launched.patient_name},
                             {"born", launched.born},
                             {"until", to_string(until)}});
  const auto life = std::chrono::duration_cast<std::chrono::seconds>(until - system_now());
  return made("view", sealed(secret_, "view|" + launched.view, json), view_path(launched.view),
              life);
}

std::optional<Launched> LaunchCookies::launched(const http::Request& request, Instant now) const {
  const std::string view(request.parameter("view"));
  const auto value = http::cookie_in(request.header("Cookie"), name("view"));
  const auto json = opened(secret_, "view|" + view, value, now);
  if (!json) return std::nullopt;
  const auto text = [&](const char* member) { return std::string((*json)[member].GetString()); };
  Launched launched{view,
                    hex(sha256(value)),
                    {text("name"), Role::clinician, text("source"), false, text("user")},
                    text("patient"),
                    !text("banner").empty(),
                    text("patient_name"),
                    text("born")};
  return launched;
}

}  // namespace meridian::fhir
