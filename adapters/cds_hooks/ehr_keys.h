// SPDX-License-Identifier: Apache-2.0
// The public keys of an EHR's client, fetched from where the site said and nowhere else.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "port/jwk_set.h"

namespace meridian::cds_hooks {

/// Any thread. Keys are read at the first question and again when they are old; for a key that is
/// not among them they are read at once, but not more often than `pause`, so that unknown names
/// make no flood at the EHR. While they cannot be read, those read before stay good for `longest`;
/// one caller waits for the EHR, and the others go on with what is known.
class EhrKeys {
 public:
  static constexpr std::chrono::hours fresh{1};
  static constexpr std::chrono::seconds pause{60};
  static constexpr std::chrono::hours longest{24};

  /// `fetch` gives a JWK set as text, and may block.
  using Fetch = std::function<Result<std::string>()>;
  explicit EhrKeys(Fetch fetch, Clock clock = system_now)
      : fetch_(std::move(fetch)), clock_(std::move(clock)) {}

  /// Null when no key of that name for that algorithm is known.
  std::shared_ptr<const JwkSet> with(std::string_view kid, std::string_view algorithm);

 private:
  void read_again(std::unique_lock<std::mutex>& lock, Instant now);

  Fetch fetch_;
  Clock clock_;
  std::mutex mutex_;
  std::shared_ptr<const JwkSet> keys_;
  Instant read_at_{};
  Instant tried_at_{};
};

}  // namespace meridian::cds_hooks
