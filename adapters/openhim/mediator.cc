// SPDX-License-Identifier: Apache-2.0
#include "openhim/mediator.h"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "base/hash.h"
#include "base/ids.h"
#include "base/log.h"

namespace meridian::openhim {
namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

/// What OpenHIM would pass to us: messages of hospitals, and the clinics' endpoint.
constexpr const char* what_is_passed = "^/(in|fhir)/.*$";

void member(Writer& json, const char* key, const std::string& value) {
  json.Key(key);
  json.String(value);
}

void write_endpoint(Writer& json, const std::string& name, const Endpoint& endpoint) {
  json.StartObject();
  member(json, "name", name);
  member(json, "host", endpoint.host);
  json.Key("port");
  json.Int(endpoint.port);
  member(json, "type", "http");
  json.Key("secured");
  json.Bool(endpoint.tls);
  json.Key("primary");
  json.Bool(true);
  json.EndObject();
}

/// A channel that an administrator may take over; nobody may use it until they say who.
void write_channel(Writer& json, const std::string& name, const Endpoint& endpoint) {
  json.StartObject();
  member(json, "name", name);
  member(json, "urlPattern", what_is_passed);
  member(json, "type", "http");
  json.Key("methods");
  json.StartArray();
  for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) json.String(method);
  json.EndArray();
  json.Key("allow");
  json.StartArray();
  json.EndArray();
  json.Key("routes");
  json.StartArray();
  write_endpoint(json, name, endpoint);
  json.EndArray();
  json.EndObject();
}

std::string introduction(const MediatorSettings& settings) {
  const auto endpoint = settings.endpoint();
  rapidjson::StringBuffer buffer;
  Writer json(buffer);
  json.StartObject();
  member(json, "urn", settings.urn);
  member(json, "version", settings.version);
  member(json, "name", settings.name);
  member(json, "description",
         "Closed-loop referrals between spine surgeons and acupuncture clinics");
  json.Key("endpoints");
  json.StartArray();
  write_endpoint(json, settings.name, endpoint);
  json.EndArray();
  json.Key("defaultChannelConfig");
  json.StartArray();
  write_channel(json, settings.name, endpoint);
  json.EndArray();
  json.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

Error refusal(int status) {
  if (status == 401) return {ErrorCode::forbidden, "openhim", "it does not take user or password"};
  if (status == 403) return {ErrorCode::forbidden, "openhim", "the user is not in group admin"};
  if (status == 429 || status >= 500) return {ErrorCode::unavailable, "openhim", "it failed"};
  return {ErrorCode::invalid, "openhim", "it does not take the mediator"};
}

}  // namespace

Result<Headers> Mediator::credentials() const {
  const auto said = settings_.get(settings_.api + "/authenticate/" + settings_.user);
  if (!said) {
    if (said.error().code != ErrorCode::not_found) return said.error();
    return Error{ErrorCode::forbidden, "openhim", "it does not know the user"};
  }
  rapidjson::Document found;
  found.Parse(said->data(), said->size());
  const auto text = [&](const char* key) -> std::string {
    if (!found.IsObject() || !found.HasMember(key) || !found[key].IsString()) return {};
    return found[key].GetString();
  };
  // Its time, not ours: a clock that is ten seconds off would be refused.
  const auto ts = text("ts");
  const auto salt = text("salt");
  if (ts.empty() || salt.empty()) {
    return Error{ErrorCode::invalid, "openhim", "it names neither salt nor time for the user"};
  }
  const auto ours = new_ulid();
  const auto password = hex(sha512(salt + settings_.password));
  return Headers{{"auth-username", settings_.user},
                 {"auth-ts", ts},
                 {"auth-salt", ours},
                 {"auth-token", hex(sha512(password + ours + ts))}};
}

Result<int> Mediator::post(const std::string& path, const std::string& json) const {
  const auto headers = credentials();
  if (!headers) return headers.error();
  const auto answer = settings_.post(settings_.api + path, *headers, json);
  if (!answer) return answer.error();
  return answer->status;
}

Result<void> Mediator::introduce() {
  const auto status = post("/mediators", introduction(settings_));
  if (!status) return status.error();
  if (*status / 100 != 2) return refusal(*status);
  known_ = true;
  return {};
}

Result<void> Mediator::beat(std::chrono::seconds uptime) {
  const auto path = "/mediators/" + settings_.urn + "/heartbeat";
  const auto json = "{\"uptime\":" + std::to_string(uptime.count()) + "}";
  for (bool again = true;; again = false) {
    if (!known_) {
      if (auto introduced = introduce(); !introduced) return introduced;
    }
    const auto status = post(path, json);
    if (!status) return status.error();
    if (*status / 100 == 2) return {};
    if (*status != 404 || !again) return refusal(*status);
    known_ = false;  // somebody removed it there
  }
}

void Mediator::note(const Result<void>& beaten) {
  const std::string said = beaten ? "" : std::string(beaten.error().what.view());
  if (said == last_error_) return;
  last_error_ = said;
  if (beaten) {
    log(LogLevel::info, "openhim.known");
  } else {
    log(LogLevel::warning, "openhim.unknown", {{"error", beaten.error()}});
  }
}

void Mediator::start() {
  last_error_ = "not known yet";
  thread_ = std::thread([this] { run(); });
}

void Mediator::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Mediator::run() {
  const auto begun = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    note(beat(std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() -
                                                               begun)));
    lock.lock();
    wake_.wait_for(lock, interval, [this] { return stopping_; });
  }
}

}  // namespace meridian::openhim
