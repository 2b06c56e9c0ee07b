// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/read/record_id.h"

#include <algorithm>
#include <span>

#include "base/hash.h"

namespace meridian::hl7v2 {
namespace {

bool is_letter(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-';
}

bool is_letter_or_point(char c) {
  return is_letter(c) || c == '.';
}

std::string exact(std::string_view scope, std::string_view number) {
  return std::string(scope) + '|' + std::string(number);
}

std::string digest_id(const Sha256& digest) {
  constexpr std::size_t bytes = 20;
  return "m-" + hex(std::span(digest).first<bytes>());
}

}  // namespace

std::string record_id(std::string_view scope, std::string_view number) {
  constexpr std::size_t longest = 64;
  if (number.empty()) return {};
  // The last point is the one between the two: a number with one could be that of another scope.
  const bool plain = !scope.empty() && scope.size() + 1 + number.size() <= longest &&
                     std::ranges::all_of(scope, is_letter_or_point) &&
                     std::ranges::all_of(number, is_letter);
  if (plain) return std::string(scope) + '.' + std::string(number);
  return digest_id(sha256(exact(scope, number)));
}

std::string hidden_id(std::string_view key, std::string_view scope, std::string_view number) {
  if (key.empty() || number.empty()) return record_id(scope, number);
  return digest_id(hmac_sha256(key, exact(scope, number)));
}

}  // namespace meridian::hl7v2
