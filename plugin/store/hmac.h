// SPDX-License-Identifier: Apache-2.0
// HMAC-SHA-256 under one key for many short texts.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/hash.h"
#include "store/site_key.h"

namespace meridian::store {

/// RFC 2104 with the padded keys made once: for the short texts of indexes and audit entries,
/// making them and looking the algorithm up each time costs several times the hash itself.
/// Thread-safe.
class Hmac {
 public:
  explicit Hmac(const SecretKey& key);
  Hmac(const Hmac&) = default;
  Hmac& operator=(const Hmac&) = default;
  ~Hmac();

  Sha256 of(std::string_view text) const;

 private:
  static constexpr std::size_t block_size = 64;

  std::array<std::uint8_t, block_size> inner_;
  std::array<std::uint8_t, block_size> outer_;
};

}  // namespace meridian::store
