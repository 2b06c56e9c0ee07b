// SPDX-License-Identifier: Apache-2.0
#include "unit/sandbox/direct_client.h"

#include <gtest/gtest.h>

#include "http/uri.h"

namespace meridian::test {

using sandbox::Json;

DirectClient::DirectClient(sandbox::ServerSettings settings)
    : service_(std::move(settings),
               [this] {
                 return *parse_instant("2026-11-20T10:00:00Z") + std::chrono::seconds(ticks_++);
               }),
      router_(service_.routes()) {
  service_.set_base(base);
}

http::Response DirectClient::send(const std::string& method, const std::string& target,
                                  const std::string& body, http::Fields headers) {
  const auto parsed = http::parse_target("/fhir" + target);
  if (!parsed) return router_.error(400);
  const auto match = router_.find(method, parsed->segments);
  if (match.route == nullptr) return router_.error(match.allow.empty() ? 404 : 405);
  http::Request request;
  request.method = method;
  request.target = "/fhir" + target;
  request.path = parsed->path;
  request.query = parsed->query;
  request.headers = std::move(headers);
  if (http::find_header(request.headers, "Content-Type").empty()) {
    request.headers.push_back({"Content-Type", "application/fhir+json"});
  }
  request.parameters = match.parameters;
  if (match.route->gate) {
    if (auto refused = match.route->gate(request)) return *refused;
  }
  request.body = body;
  return match.route->handler(request);
}

Json DirectClient::json(const std::string& method, const std::string& target,
                        const std::string& body, http::Fields headers) {
  const auto response = send(method, target, body, std::move(headers));
  const auto parsed = Json::parse(response.body);
  EXPECT_TRUE(parsed) << response.status << " " << response.body;
  return parsed.value_or(Json());
}

int DirectClient::status(const std::string& method, const std::string& target,
                         const std::string& body, http::Fields headers) {
  return send(method, target, body, std::move(headers)).status;
}

std::string DirectClient::ids(const std::string& target) {
  const Json bundle = json("GET", target);
  std::string out;
  for (const auto& entry : bundle["entry"].items()) {
    if (entry["search"]["mode"].text() != "match") continue;
    out += (out.empty() ? "" : " ") + entry["resource"]["id"].text();
  }
  return out;
}

}  // namespace meridian::test
