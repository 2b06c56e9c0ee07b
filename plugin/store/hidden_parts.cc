// SPDX-License-Identifier: Apache-2.0
#include "store/hidden_parts.h"

#include <array>
#include <cstdint>

namespace meridian::store {
namespace {

/// The parts in their order, of a row that is written or read.
template <typename Row>
auto parts_of_referral(Row& row) {
  return std::array{&row.order_ref, &row.patient_ref, &row.decision, &row.assessment,
                    &row.requester};
}

template <typename Row>
auto parts_of_person(Row& row) {
  auto& now = row.current;
  auto& later = row.proposed;
  return std::array{&row.name,       &row.email,      &now.password,   &now.code_key,
                    &now.recoveries, &later.password, &later.code_key, &later.recoveries};
}

template <typename Parts>
std::string pack(const Parts& parts) {
  std::size_t total = 0;
  for (const auto* part : parts) total += 4 + part->size();
  std::string packed;
  packed.reserve(total);
  for (const auto* part : parts) {
    const auto size = static_cast<std::uint32_t>(part->size());
    for (int shift = 24; shift >= 0; shift -= 8) packed.push_back(static_cast<char>(size >> shift));
    packed += *part;
  }
  return packed;
}

/// Of the parts after the first `needed` any may be missing at the end.
template <typename Parts>
bool unpack(std::string_view packed, const Parts& parts, std::size_t needed) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    auto* part = parts[i];
    if (packed.empty() && i >= needed) return true;
    if (packed.size() < 4) return false;
    std::size_t size = 0;
    for (int at = 0; at < 4; ++at) size = size << 8 | static_cast<std::uint8_t>(packed[at]);
    if (packed.size() - 4 < size) return false;
    *part = packed.substr(4, size);
    packed.remove_prefix(4 + size);
  }
  return packed.empty();
}

}  // namespace

std::string pack_hidden(const ReferralRow& row) {
  return pack(parts_of_referral(row));
}

bool unpack_hidden(std::string_view packed, ReferralRow& row) {
  return unpack(packed, parts_of_referral(row), 4);
}

std::string pack_hidden(const PersonRow& row) {
  return pack(parts_of_person(row));
}

bool unpack_hidden(std::string_view packed, PersonRow& row) {
  const auto parts = parts_of_person(row);
  return unpack(packed, parts, parts.size());
}

}  // namespace meridian::store
