// SPDX-License-Identifier: Apache-2.0
#include "port/callers.h"

#include <array>

#include <openssl/crypto.h>

namespace meridian {

Callers::Callers() {
  std::array<std::uint8_t, 32> key{};
  random_bytes(key);
  key_.assign(key.begin(), key.end());
}

void Callers::add_token(Caller caller, std::string_view token) {
  tokens_.push_back({std::move(caller), hmac_sha256(key_, token)});
}

void Callers::add_certificate(Caller caller, ShownCertificate expected) {
  certificates_.push_back({std::move(caller), std::move(expected)});
}

std::optional<Caller> Callers::by_token(std::string_view token) const {
  const auto hash = hmac_sha256(key_, token);
  const Token* found = nullptr;
  for (const auto& one : tokens_) {  // to the end, whatever was found
    if (CRYPTO_memcmp(one.hash.data(), hash.data(), hash.size()) == 0) found = &one;
  }
  if (found == nullptr) return std::nullopt;
  return found->caller;
}

std::optional<Caller> Callers::by_certificate(const ShownCertificate& shown) const {
  if (shown.subject.empty() && shown.key_sha256.empty()) return std::nullopt;
  for (const auto& [caller, expected] : certificates_) {
    const bool subject = expected.subject.empty() || expected.subject == shown.subject;
    const bool key = expected.key_sha256.empty() || expected.key_sha256 == shown.key_sha256;
    const bool asks = !expected.subject.empty() || !expected.key_sha256.empty();
    if (asks && subject && key) return caller;
  }
  return std::nullopt;
}

std::optional<Caller> Callers::named(std::string_view name) const {
  for (const auto& one : tokens_) {
    if (one.caller.name == name) return one.caller;
  }
  for (const auto& one : certificates_) {
    if (one.caller.name == name) return one.caller;
  }
  return std::nullopt;
}

}  // namespace meridian
