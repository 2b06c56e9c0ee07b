// SPDX-License-Identifier: Apache-2.0
// Strong ids, so that a referral id cannot be passed where a message id is due.
#pragma once

#include <compare>
#include <string>
#include <string_view>
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

using ReferralId = Id<struct ReferralTag>;        ///< ours, follows from source and order
using MessageId = Id<struct MessageTag>;          ///< ours, a ULID
using SourceId = Id<struct SourceTag>;            ///< configured name of an EHR or clinic system
using DestinationId = Id<struct DestinationTag>;  ///< configured name of a place we send to

/// A new ULID (26 characters, Crockford base 32): sortable by time, and within this
/// process by the order in which they were made; 80 random bits.
/// Source: https://github.com/ulid/spec. Thread-safe. Reads the clock; not for pure stages.
std::string new_ulid();

/// An id in the same alphabet and length that follows from key and text: HMAC-SHA-256, 128 bits of
/// it. Whoever does not have the key cannot tell what it stands for. Says nothing of time.
std::string keyed_id(std::string_view key, std::string_view text);

}  // namespace meridian
