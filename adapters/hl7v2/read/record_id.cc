// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/read/record_id.h"

#include <algorithm>

#include "base/hash.h"

namespace meridian::hl7v2 {
namespace {

bool is_letter(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-';
}

bool is_letter_or_point(char c) {
  return is_letter(c) || c == '.';
}

}  // namespace

std::string record_id(std::string_view scope, std::string_view number) {
  constexpr std::size_t longest = 64;
  constexpr std::size_t digits = 40;
  if (number.empty()) return {};
  // The last point is the one between the two: a number with one could be that of another scope.
  const bool plain = !scope.empty() && scope.size() + 1 + number.size() <= longest &&
                     std::ranges::all_of(scope, is_letter_or_point) &&
                     std::ranges::all_of(number, is_letter);
  if (plain) return std::string(scope) + '.' + std::string(number);
  const auto exact = std::string(scope) + '|' + std::string(number);
  return "m-" + hex(sha256(exact)).substr(0, digits);
}

}  // namespace meridian::hl7v2
