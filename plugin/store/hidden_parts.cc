// SPDX-License-Identifier: Apache-2.0
#include "store/hidden_parts.h"

#include <cstdint>

namespace meridian::store {

std::string pack_hidden(const ReferralRow& row) {
  std::string packed;
  packed.reserve(16 + row.order_ref.size() + row.patient_ref.size() + row.decision.size() +
                 row.assessment.size());
  for (const auto* part : {&row.order_ref, &row.patient_ref, &row.decision, &row.assessment}) {
    const auto size = static_cast<std::uint32_t>(part->size());
    for (int shift = 24; shift >= 0; shift -= 8) packed.push_back(static_cast<char>(size >> shift));
    packed += *part;
  }
  return packed;
}

bool unpack_hidden(std::string_view packed, ReferralRow& row) {
  for (auto* part : {&row.order_ref, &row.patient_ref, &row.decision, &row.assessment}) {
    if (packed.size() < 4) return false;
    std::size_t size = 0;
    for (int i = 0; i < 4; ++i) size = size << 8 | static_cast<std::uint8_t>(packed[i]);
    if (packed.size() - 4 < size) return false;
    *part = packed.substr(4, size);
    packed.remove_prefix(4 + size);
  }
  return packed.empty();
}

}  // namespace meridian::store
