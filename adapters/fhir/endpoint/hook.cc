// SPDX-License-Identifier: Apache-2.0
#include "fhir/endpoint/hook.h"

#include <algorithm>

#include "fhir/client/fhir_client.h"
#include "fhir/client/origin.h"

namespace meridian::fhir {

bool may_post(const std::vector<std::string>& allowed, std::string_view endpoint) {
  const auto url = wire::parse_url(endpoint);
  if (!url || !wire::may_connect(*url, false)) return false;
  return std::any_of(allowed.begin(), allowed.end(), [&](const std::string& one) {
    const auto base = wire::parse_url(one);
    return base && wire::within_base(*base, *url);
  });
}

Hook::Hook(std::vector<std::string> allowed, std::string ca_file,
           std::shared_ptr<const Egress> egress)
    : allowed_(std::move(allowed)), ca_file_(std::move(ca_file)), egress_(std::move(egress)) {}

Hook::~Hook() = default;

Result<int> Hook::post(const HookPost& given) {
  if (!allows(given.endpoint)) {
    return Error{ErrorCode::forbidden, "hook", "the site does not allow this address"};
  }
  const auto url = wire::parse_url(given.endpoint);
  ClientSettings settings;
  settings.base_url = url->scheme + "://" + url->authority();
  settings.ca_file = ca_file_;
  settings.egress = egress_;
  settings.limits.connect = settings.limits.attempt = settings.limits.total = given.timeout;
  settings.limits.attempts = 1;
  settings.limits.response_bytes = 64 << 10;
  auto made = FhirClient::create(settings);
  if (!made) return made.error();
  FhirClient* client = nullptr;
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return Error{ErrorCode::stopping, "hook", "the program ends"};
    client_ = std::move(*made);
    client = client_.get();
  }
  RawRequest request{"POST", url->target().substr(1), given.body, {}, Repeat::unsafe};
  for (const auto& header : given.headers) request.headers.emplace_back(header.name, header.value);
  const auto answer = client->request(request);
  const std::lock_guard lock(mutex_);
  client_.reset();
  if (!answer) return answer.error();
  return answer->status;
}

void Hook::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  if (client_) client_->stop();
}

}  // namespace meridian::fhir
