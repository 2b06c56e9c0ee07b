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

void Callers::add_holder(Caller caller) {
  holders_.push_back(std::move(caller));
}

void Callers::read_issued(std::function<std::optional<std::string>(std::string_view)> holder_of) {
  holder_of_ = std::move(holder_of);
}

std::optional<Caller> Callers::by_token(std::string_view token) const {
  const auto hash = hmac_sha256(key_, token);
  const Token* found = nullptr;
  for (const auto& one : tokens_) {  // to the end, whatever was found
    if (CRYPTO_memcmp(one.hash.data(), hash.data(), hash.size()) == 0) found = &one;
  }
  if (found != nullptr) return found->caller;
  const auto holder = holder_of_ ? holder_of_(token) : std::nullopt;
  if (!holder) return std::nullopt;
  for (const auto& caller : holders_) {
    if (caller.name == *holder) return caller;
  }
  return std::nullopt;
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
  for (const auto& one : holders_) {
    if (one.name == name) return one;
  }
  return std::nullopt;
}

}  // namespace meridian
