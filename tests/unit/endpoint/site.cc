// SPDX-License-Identifier: Apache-2.0
#include "unit/endpoint/site.h"

#include <stdexcept>

#include <rapidjson/document.h>
#include <rapidjson/pointer.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "fhir/endpoint/hook.h"
#include "fhir/endpoint/shelf_sender.h"
#include "fhir/exchange/fhir_renderer.h"
#include "http/uri.h"

namespace meridian::test {
namespace {

const std::string base = "https://meridian.example/fhir/r4";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

/// The records of the n-th patient.
std::vector<std::string> records(Instant now, int n) {
  std::vector<std::string> all = {flow::patient(), flow::back_pain(), flow::order(),
                                  flow::answers(now)};
  const auto tail = n == 0 ? std::string() : std::to_string(n);
  for (auto& one : all) {
    for (const auto* name : {"alder", "pain", "order", "screen"}) {
      one = replaced(one, "\"id\":\"" + std::string(name) + "\"",
                     "\"id\":\"" + std::string(name) + tail + "\"");
      one = replaced(one, "/" + std::string(name) + "\"", "/" + std::string(name) + tail + "\"");
    }
    one = replaced(one, "Alder", n == 0 ? "Alder" : "Patient-" + tail);
  }
  all[0] = replaced(all[0], R"("gender")",
                    R"("identifier":[{"system":"https://ehr.example/mrn","value":"mrn)" + tail +
                        R"("}],"gender")");
  return all;
}

std::string json_of(const rapidjson::Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace

EndpointSite::EndpointSite() {
  auto cedar = std::make_unique<flow::Peer>();
  cedar->kind = flow::PeerKind::clinic;
  cedar->id = cedar->name = "cedar";
  bench.peers.list.push_back(std::move(cedar));
  for (auto& peer : bench.peers.list) {
    if (peer->kind != flow::PeerKind::clinic) continue;
    peer->renderer =
        std::make_unique<fhir::FhirRenderer>(std::make_shared<const fhir::Capabilities>());
    peer->sender = std::make_unique<fhir::ShelfSender>();
    peer->profile = bench.knowledge.field_profiles.at("clinic-default");
    peer->reads_here = true;
  }
  open();
}

void EndpointSite::open() {
  tokens_ = std::make_unique<AccessTokens>("secret of the test");
  Callers callers;
  for (const auto* clinic : {"willow", "birch", "cedar"}) {
    callers.add_holder({clinic + std::string("-ehr"), Role::clinic, clinic});
  }
  callers.add_certificate({"birch-machine", Role::clinic, "birch"}, {"CN=birch", ""});
  callers.read_issued([this](std::string_view shown) -> std::optional<std::string> {
    const auto grant = tokens_->read(shown, bench.now);
    return grant ? std::optional(grant->client) : std::nullopt;
  });
  door_ = std::make_unique<web::Door>(std::move(callers), [this] { return bench.now; });
  router_ = http::Router();
  fhir::add_endpoint(router_,
                     {*bench.desk, *tokens_, keys, door_->only({Role::clinic}),
                      [this](const http::Request& request) { return door_->caller(request); },
                      [] { return base; }, "0.1", [this] { return bench.now; },
                      [](std::string_view clinic, std::string_view endpoint) {
                        return fhir::may_post({"https://" + std::string(clinic) + ".example/hooks"},
                                              endpoint);
                      }});
}

std::string EndpointSite::refer(const std::string& clinic, int n) {
  bench.know({flow::receiver(clinic, 0)});
  const auto all = records(bench.now, n);
  auto facts = all;
  facts.insert(facts.end(), also.begin(), also.end());
  bench.history->facts = flow::bundle(facts);
  if (!bench.submit("ehr", "order/" + std::to_string(n), flow::bundle({all[2], all[0]}))) {
    throw std::runtime_error("the order was not taken");
  }
  bench.run();
  const auto rows = bench.store->referrals(100);
  for (const auto& row : *rows) {
    if (row.order_ref == "ServiceRequest/order" + (n == 0 ? "" : std::to_string(n))) {
      return row.id.str();
    }
  }
  throw std::runtime_error("no referral was made");
}

http::Response EndpointSite::ask(const std::string& client, const Call& call) {
  const auto target = http::parse_target("/fhir/r4" + call.path);
  if (!target) return http::make_response(400, "text/plain", "");
  const auto match = router_.find(call.method, target->segments);
  if (match.route == nullptr) return router_.error(match.allow.empty() ? 404 : 405);
  http::Request request;
  request.method = call.method;
  request.target = "/fhir/r4" + call.path;
  request.path = target->path;
  request.query = target->query;
  request.parameters = match.parameters;
  request.headers = call.headers;
  if (!client.empty()) request.headers.push_back({"Authorization", "Bearer " + token(client)});
  request.peer = "192.0.2.7";
  request.certificate_subject = call.certificate;
  if (match.route->gate) {
    if (auto refused = match.route->gate(request)) return *refused;
  }
  request.body = call.body;
  return match.route->handler(request);
}

http::Response EndpointSite::put(const std::string& client, const std::string& path,
                                 const std::string& body, int version) {
  return ask(client, {"PUT",
                      path,
                      body,
                      {{"Content-Type", "application/fhir+json"},
                       {"If-Match", "W/\"" + std::to_string(version) + "\""}}});
}

http::Response EndpointSite::patch(const std::string& client, const std::string& path,
                                   const std::string& body, int version) {
  return ask(client, {"PATCH",
                      path,
                      body,
                      {{"Content-Type", "application/json-patch+json"},
                       {"If-Match", "W/\"" + std::to_string(version) + "\""}}});
}

http::Response EndpointSite::post(const std::string& client, const std::string& path,
                                  const std::string& body, const std::string& request_id) {
  http::Fields headers = {{"Content-Type", "application/fhir+json"}};
  if (!request_id.empty()) headers.push_back({"X-Request-Id", request_id});
  return ask(client, {"POST", path, body, headers});
}

http::Response EndpointSite::answer(const std::string& client, const std::string& referral,
                                    const std::string& status) {
  const auto task = get(client, "/Task/" + referral).body;
  return put(client, "/Task/" + referral, with_status(task, status),
             std::stoi(at(task, "/meta/versionId")));
}

std::string EndpointSite::token(const std::string& client, const std::string& scope) {
  return tokens_->issue({client + "-ehr", scope}, bench.now + std::chrono::minutes(5));
}

std::string at(const std::string& json, const std::string& pointer) {
  rapidjson::Document document;
  document.Parse(json.c_str());
  if (document.HasParseError()) return {};
  const auto* value = rapidjson::Pointer(pointer.c_str()).Get(document);
  if (value == nullptr) return {};
  return value->IsString() ? value->GetString() : json_of(*value);
}

std::vector<std::string> refs(const std::string& bundle) {
  std::vector<std::string> all;
  rapidjson::Document document;
  document.Parse(bundle.c_str());
  if (document.HasParseError() || !document.HasMember("entry")) return all;
  for (const auto& entry : document["entry"].GetArray()) {
    const auto& resource = entry["resource"];
    all.push_back(std::string(resource["resourceType"].GetString()) + "/" +
                  (resource.HasMember("id") ? resource["id"].GetString() : ""));
  }
  return all;
}

std::string with_status(const std::string& resource, const std::string& status) {
  rapidjson::Document document;
  document.Parse(resource.c_str());
  document["status"].SetString(status.c_str(), document.GetAllocator());
  return json_of(document);
}

std::string header_of(const http::Response& response, const std::string& name) {
  return std::string(http::find_header(response.headers, name));
}

}  // namespace meridian::test
