// SPDX-License-Identifier: Apache-2.0
// Posts notifications to addresses that clinics name.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/egress.h"
#include "base/result.h"
#include "http/request.h"

namespace meridian::fhir {

class FhirClient;

/// True when the site lets a clinic be told at this address: it lies at or below one of `allowed`,
/// and is https, or http on this machine. What is not listed is never connected to, so a clinic
/// cannot have us knock at doors of the hospital's network.
bool may_post(const std::vector<std::string>& allowed, std::string_view endpoint);

/// One POST.
struct HookPost {
  std::string endpoint;
  http::Fields headers;
  std::string body;
  std::chrono::seconds timeout{10};
};

/// One clinic's addresses. One post at a time; stop() from any thread.
class Hook {
 public:
  /// `ca_file`: PEM of the authorities to trust; empty: the system's.
  Hook(std::vector<std::string> allowed, std::string ca_file,
       std::shared_ptr<const Egress> egress = Egress::this_machine());
  virtual ~Hook();

  bool allows(std::string_view endpoint) const { return may_post(allowed_, endpoint); }
  /// The HTTP status that was answered; redirects are not followed. Errors: forbidden, when the
  /// address is not allowed; those of FhirClient.
  virtual Result<int> post(const HookPost& given);
  virtual void stop();

 private:
  std::vector<std::string> allowed_;
  std::string ca_file_;
  std::shared_ptr<const Egress> egress_;
  std::mutex mutex_;
  bool stopped_ = false;
  std::unique_ptr<FhirClient> client_;  ///< while it posts
};

}  // namespace meridian::fhir
