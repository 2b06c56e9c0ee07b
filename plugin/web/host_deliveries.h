// SPDX-License-Identifier: Apache-2.0
// Deliveries that a site's own engine makes (deliver = "host"): it takes one, and settles it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/router.h"
#include "port/envelope.h"
#include "port/ports.h"
#include "web/door.h"

namespace meridian::web {

/// A claim as the engine is given it.
struct TakenDelivery {
  std::int64_t number = 0;
  std::string lease;  ///< with the number, what settles it
  std::string referral;
  std::string key;   ///< the same for each try
  int attempts = 0;  ///< tries before this one
  bool maybe_arrived = false;
  std::string media_type;
  std::string body;
};

/// What the runtime does. Called by any thread.
struct HostDeliveries {
  /// Errors: not_found (nothing is due, or no such destination), forbidden.
  std::function<Result<TakenDelivery>(std::string_view destination)> take;
  /// Errors: stale (another lease, or none).
  std::function<Result<void>(std::string_view destination, std::int64_t number,
                             std::string_view lease, const Result<Receipt>& sent)>
      settle;
};

/// What is said of a delivery that a host made, as the outbox takes it: "delivered", "try-again"
/// (it did not arrive), "unknown" (it may have), "refused". Errors: invalid (no such word).
Result<Result<Receipt>> settled_as(std::string_view word, std::string receipt);

/// For callers with role source, each for the system it speaks for:
///   POST /out/{destination}/take              200 the bytes to deliver, with Meridian-Claim,
///   -Referral,
///                                             -Key, -Attempts and -Maybe-Arrived; 204 nothing is
///                                             due
///   POST /out/{destination}/{claim}/{word}    word as in settled_as; the body is the receiver's id
/// 403 another system's, or one that Meridian delivers to itself; 412 the claim is not open any
/// more.
void add_host_deliveries(http::Router& router, HostDeliveries deliveries, Door& door);

}  // namespace meridian::web
