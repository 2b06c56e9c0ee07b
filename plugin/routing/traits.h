// SPDX-License-Identifier: Apache-2.0
// What of a receiver is the same for all who ask, in a few numbers that eight can be compared of at
// once.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "routing/receiver.h"

namespace meridian::routing {

struct Policy;  // directory.h

/// A bit per name: the most frequent have one of their own, the others share the last ones.
class NameBits {
 public:
  struct Width {
    unsigned own = 0;     ///< so many names have a bit of their own
    unsigned shared = 1;  ///< bits above those, for all others
  };

  NameBits() = default;
  /// `counts`: how often each name is stated.
  NameBits(const std::unordered_map<std::string, std::size_t>& counts, Width width);

  /// Lists with a name in common have a bit in common; one that is not in shared() proves it. A
  /// name that no receiver states has no bit.
  std::uint64_t of(const std::vector<std::string>& names) const;
  std::uint64_t of(const std::string& name) const;
  std::uint64_t shared() const { return shared_; }

 private:
  std::unordered_map<std::string, std::uint64_t> bits_;
  std::uint64_t shared_ = 0;
};

/// The names that the receivers of a directory state.
struct Names {
  NameBits networks;
  NameBits languages;  ///< by language_name
};
Names names_of(const std::vector<Receiver>& receivers);

/// "es" of "es-MX", in lower case.
std::string language_name(std::string_view tag);

struct Traits {
  enum Bit : std::uint32_t {
    manual = 1,
    electro = 2,
    physical = 4,
    virtually = 8,
    usable = 16,      ///< takes new patients, is not paused, states what the site requires
    look_again = 32,  ///< the columns are not the whole truth: ask fits()
    of_networks = 64  ///< new patients of some networks: the same, when the patient's is known
  };
  static constexpr unsigned languages_at = 8;    ///< eight bits of Names; 0: not stated
  static constexpr unsigned age_from_at = 16;    ///< years
  static constexpr unsigned age_to_at = 24;      ///< 255 minus years
  static constexpr unsigned until_at = 16;       ///< day since 1970 on which all still holds
  static constexpr unsigned home_state_at = 22;  ///< state_number
  static constexpr unsigned home_area_at =
      6;  ///< below it, a bit pattern of the postal code's rest
  static constexpr std::uint32_t languages_mask = 0xff00;
  static constexpr std::uint32_t no_end = 0xffff;

  std::uint32_t bits = 0;
  std::uint32_t held = no_end << until_at;  ///< last day; below, state of the licence (0: any)
  std::uint32_t home = 0;                   ///< state, postal area, rest of the postal code
  std::uint64_t networks = 0;               ///< of Names; 0: not stated
};
Traits traits_of(const Receiver& receiver, const Policy& policy, const Names& names);

/// In ten bits. 0 for none; equal for equal codes, and for those that are no two capitals.
std::uint32_t state_number(std::string_view code);
/// The day since 1970, in 16 bits.
std::uint32_t day_number(Day day);

/// The first three characters of a postal code; empty when it has fewer.
std::string_view postal_area(std::string_view postal_code);
/// The first five: a ZIP without the four digits after it.
std::string_view postal_place(std::string_view postal_code);
/// In 16 bits. 0 for none; equal for equal areas, and for those that are no digits and capitals.
std::uint32_t area_number(std::string_view postal_code);
/// In 22 bits, the upper 16 for the area. Equal for equal places; others may have the same.
std::uint32_t place_number(std::string_view postal_code);

}  // namespace meridian::routing
