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
constexpr std::size_t first_parts_of_referral = 4;  // that every row has; the other came later

template <typename Row>
auto parts_of_person(Row& row) {
  auto& now = row.current;
  auto& later = row.proposed;
  return std::array{&row.name,       &row.email,      &now.password,   &now.code_key,
                    &now.recoveries, &later.password, &later.code_key, &later.recoveries,
                    &row.identity,   &row.passkeys};
}
constexpr std::size_t first_parts_of_person = 8;  // that every row has; the others came later

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

/// `needed`: a row may end after so many parts; those that it does not have are empty.
template <typename Parts>
bool unpack(std::string_view packed, const Parts& parts, std::size_t needed) {
  std::size_t read = 0;
  for (auto* part : parts) {
    if (read++ >= needed && packed.empty()) {
      part->clear();
      continue;
    }
    if (packed.size() < 4) return false;
    std::size_t size = 0;
    for (int i = 0; i < 4; ++i) size = size << 8 | static_cast<std::uint8_t>(packed[i]);
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
  return unpack(packed, parts_of_referral(row), first_parts_of_referral);
}

std::string pack_hidden(const PersonRow& row) {
  return pack(parts_of_person(row));
}

bool unpack_hidden(std::string_view packed, PersonRow& row) {
  return unpack(packed, parts_of_person(row), first_parts_of_person);
}

}  // namespace meridian::store
