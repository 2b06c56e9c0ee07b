// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/identifiers.h"

#include <openssl/evp.h>

#include "base/hash.h"
#include "fhir/write/json_out.h"

namespace meridian::fhir {
namespace {

std::string system_of(std::string_view kind) {
  return std::string(identifier_root) + std::string(kind);
}

}  // namespace

std::string OwnIdentifier::query() const {
  return "identifier=" + query_escaped(system) + "|" + query_escaped(value);
}

std::string OwnIdentifier::json(std::string_view type) const {
  return JsonOut().identifier({}, system, value, type).str();
}

OwnIdentifier referral_identifier(std::string_view referral_id) {
  return {system_of("referral"), std::string(referral_id)};
}

OwnIdentifier coordination_identifier(std::string_view referral_id, int number) {
  const auto more = number > 1 ? "/" + std::to_string(number) : std::string();
  return {system_of("coordination"), std::string(referral_id) + more};
}

OwnIdentifier copy_identifier(std::string_view referral_id, std::string_view ref) {
  return {system_of("copy"), std::string(referral_id) + "/" + std::string(ref)};
}

OwnIdentifier own_identifier(std::string_view kind, std::string_view referral_id,
                             std::string_view name) {
  return {system_of(kind), std::string(referral_id) + "/" + std::string(name)};
}

std::string urn_of(std::string_view referral_id, std::string_view name) {
  auto digest = sha256(std::string(referral_id) + "\n" + std::string(name));
  digest[6] = static_cast<std::uint8_t>((digest[6] & 0x0F) | 0x80);  // version 8
  digest[8] = static_cast<std::uint8_t>((digest[8] & 0x3F) | 0x80);  // variant of RFC 9562
  const std::string digits = hex(digest);
  return "urn:uuid:" + digits.substr(0, 8) + "-" + digits.substr(8, 4) + "-" +
         digits.substr(12, 4) + "-" + digits.substr(16, 4) + "-" + digits.substr(20, 12);
}

std::string short_hash(std::string_view text) {
  return hex(sha256(text)).substr(0, 16);
}

std::string query_escaped(std::string_view text) {
  constexpr std::string_view plain = "-._~/:";
  constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter || plain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += '%';
      out += digits[static_cast<unsigned char>(c) >> 4];
      out += digits[static_cast<unsigned char>(c) & 0xF];
    }
  }
  return out;
}

}  // namespace meridian::fhir
