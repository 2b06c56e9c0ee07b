// SPDX-License-Identifier: Apache-2.0
// As much of CBOR as passkeys are written in: integers, strings and maps, each in its one form.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meridian {

/// One item. Source: RFC 8949; what WebAuthn asks for is section 4.2.1 and CTAP2's canonical form.
struct Cbor {
  enum class Kind { integer, bytes, text, map, flag };
  Kind kind = Kind::integer;
  std::int64_t number = 0;   ///< integer, or 0 and 1 of a flag
  std::string content;       ///< bytes and text
  std::vector<Cbor> keys;    ///< of a map: integers or texts, none twice
  std::vector<Cbor> values;  ///< of a map, in the order of keys

  /// The value of that key; null when it is not there or this is no map.
  const Cbor* find(std::int64_t key) const;
  const Cbor* find(std::string_view key) const;
};

/// Takes one item from the front of `bytes`. Nothing for what ends early, is of indefinite length,
/// longer than need be, deeper than four maps, or of another kind.
std::optional<Cbor> take_cbor(std::string_view& bytes);

}  // namespace meridian
