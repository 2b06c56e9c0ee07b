// SPDX-License-Identifier: Apache-2.0
#include "store/lease.h"

#include <array>
#include <cstdint>

#include "base/hash.h"

namespace meridian::store {

std::string new_lease() {
  std::array<std::uint8_t, 12> bytes;
  random_bytes(bytes);
  return hex(bytes);
}

}  // namespace meridian::store
