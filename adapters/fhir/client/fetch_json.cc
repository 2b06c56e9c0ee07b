// SPDX-License-Identifier: Apache-2.0
#include "fhir/client/fetch_json.h"

#include "fhir/client/retry.h"
#include "fhir/client/transport.h"

namespace meridian::fhir {
namespace {

Result<wire::HttpAnswer> send(wire::HttpRequest request, const std::string& url,
                              const std::string& ca_file, const ClientLimits& limits,
                              const std::shared_ptr<const Egress>& egress) {
  const auto target = wire::parse_url(url);
  if (!target || !wire::may_connect(*target, false)) {
    return Error{ErrorCode::misconfigured, "fetch", "it must be an https URL"};
  }
  auto transport = wire::Transport::create({ca_file, {}, {}}, limits, egress);
  if (!transport) return transport.error();
  request.url = *target;
  request.headers.emplace_back("Accept", "application/json");
  const auto deadline = std::chrono::steady_clock::now() + limits.attempt;
  return (*transport)->send(request, request.method == "GET", deadline);
}

Result<PostAnswer> post(wire::HeaderList headers, const std::string& body, const std::string& url,
                        const std::string& ca_file, const ClientLimits& limits,
                        const std::shared_ptr<const Egress>& egress) {
  wire::HttpRequest request;
  request.method = "POST";
  request.headers = std::move(headers);
  request.body = body;
  auto answer = send(std::move(request), url, ca_file, limits, egress);
  if (!answer) return answer.error();
  return PostAnswer{answer->status, std::move(answer->body)};
}

}  // namespace

Result<std::string> fetch_json(const std::string& url, const std::string& ca_file,
                               const ClientLimits& limits,
                               const std::shared_ptr<const Egress>& egress) {
  auto answer = send({}, url, ca_file, limits, egress);
  if (!answer) return answer.error();
  if (const auto failure = wire::failure_of(answer->status, {}, wire::Precondition::none)) {
    return *failure;
  }
  return std::move(answer->body);
}

Result<PostAnswer> post_form(const std::string& url, const std::string& form,
                             const std::string& ca_file, const ClientLimits& limits,
                             const std::shared_ptr<const Egress>& egress) {
  return post({{"Content-Type", "application/x-www-form-urlencoded"}}, form, url, ca_file, limits,
              egress);
}

Result<PostAnswer> post_json(const std::string& url, const std::string& json,
                             std::vector<std::pair<std::string, std::string>> headers,
                             const std::string& ca_file, const ClientLimits& limits,
                             const std::shared_ptr<const Egress>& egress) {
  headers.emplace_back("Content-Type", "application/json");
  return post(std::move(headers), json, url, ca_file, limits, egress);
}

}  // namespace meridian::fhir
