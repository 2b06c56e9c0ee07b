// SPDX-License-Identifier: Apache-2.0
// Deliveries that were claimed by the host of the runtime, by the C ABI or by the HTTP door.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string_view>

#include "base/result.h"
#include "flow/core.h"
#include "store/rows.h"
#include "web/host_deliveries.h"

namespace meridian::host {

/// Thread-safe. A claim that is not settled here is claimed anew once its lease has ended.
class HostClaims {
 public:
  /// The core is borrowed.
  explicit HostClaims(const flow::Core& core) : core_(core) {}

  /// Errors: not_found (nothing is due), forbidden (no such destination, or not the host's).
  Result<store::Delivery> take(std::string_view destination);
  /// Errors: stale, which a claim of another runtime is as well.
  Result<void> settle(std::int64_t number, std::string_view lease, const Result<Receipt>& sent);
  /// The same as the HTTP door has it; there the lease and the destination must fit too.
  web::HostDeliveries door();

  /// The open claims, for whoever goes on in the place of this.
  using Open = std::map<std::int64_t, store::Delivery>;
  Open hand_over();
  void continue_with(Open claims);

 private:
  Result<void> settle_own(std::string_view destination, std::int64_t number, std::string_view lease,
                          const Result<Receipt>& sent);

  const flow::Core& core_;
  std::mutex mutex_;
  Open claims_;  ///< not settled yet
};

}  // namespace meridian::host
