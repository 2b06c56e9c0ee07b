// SPDX-License-Identifier: Apache-2.0
// Strong ids, so that a referral id cannot be passed where a message id is due.
#pragma once

#include <compare>
#include <string>
#include <utility>

namespace meridian {

template <typename Tag>
class Id {
 public:
  Id() = default;
  explicit Id(std::string value) : value_(std::move(value)) {}

  const std::string& str() const { return value_; }
  bool empty() const { return value_.empty(); }

  friend auto operator<=>(const Id&, const Id&) = default;

 private:
  std::string value_;
};

using ReferralId = Id<struct ReferralTag>;        ///< ours, a ULID
using MessageId = Id<struct MessageTag>;          ///< ours, a ULID
using SourceId = Id<struct SourceTag>;            ///< configured name of an EHR or clinic system
using DestinationId = Id<struct DestinationTag>;  ///< configured name of a place we send to

/// A new ULID (26 characters, Crockford base 32): sortable by time, and within this
/// process by the order in which they were made; 80 random bits.
/// Source: https://github.com/ulid/spec. Thread-safe. Reads the clock; not for pure stages.
std::string new_ulid();

}  // namespace meridian
