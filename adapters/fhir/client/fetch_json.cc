// SPDX-License-Identifier: Apache-2.0
#include "fhir/client/fetch_json.h"

#include "fhir/client/retry.h"
#include "fhir/client/transport.h"

namespace meridian::fhir {

Result<std::string> fetch_json(const std::string& url, const std::string& ca_file,
                               const ClientLimits& limits) {
  const auto target = wire::parse_url(url);
  if (!target || !wire::may_connect(*target, false)) {
    return Error{ErrorCode::misconfigured, "fetch", "it must be an https URL"};
  }
  auto transport = wire::Transport::create({ca_file, {}, {}}, limits);
  if (!transport) return transport.error();
  wire::HttpRequest request;
  request.url = *target;
  request.headers = {{"Accept", "application/json"}};
  const auto deadline = std::chrono::steady_clock::now() + limits.attempt;
  auto answer = (*transport)->send(request, true, deadline);
  if (!answer) return answer.error();
  if (const auto failure = wire::failure_of(answer->status, {}, wire::Precondition::none)) {
    return *failure;
  }
  return std::move(answer->body);
}

}  // namespace meridian::fhir
