// SPDX-License-Identifier: Apache-2.0
// Short-lived bearer tokens for clients that proved who they are. Nothing of them is kept: our
// signature over client, scope and end is the whole record, so that each node knows them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace meridian {

/// Immutable; any thread.
class AccessTokens {
 public:
  /// What a token says of whoever shows it.
  struct Grant {
    std::string client;  ///< Caller::name
    std::string scope;   ///< as granted, separated by spaces
  };

  /// `secret` signs; it must be the same on all nodes and never leave them.
  explicit AccessTokens(std::string secret) : secret_(std::move(secret)) {}

  /// Characters are those of RFC 6750 section 2.1.
  std::string issue(const Grant& grant, Instant until) const;
  /// Nothing for a token that we did not sign, or whose time is over.
  std::optional<Grant> read(std::string_view token, Instant now) const;

 private:
  std::string signature(std::string_view text) const;

  std::string secret_;
};

}  // namespace meridian
