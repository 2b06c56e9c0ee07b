// SPDX-License-Identifier: Apache-2.0
#include "base/hash.h"

#include <algorithm>
#include <cstdlib>
#include <memory>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

namespace meridian {
namespace {

/// Fetched once: looking it up takes longer than the digest of a short text.
const EVP_MD* algorithm() {
  static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return fetched;
}

std::string_view text_of(const Sha256& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

/// Of one text after the other.
Sha256 sha256_of(std::string_view first, std::string_view second) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  Sha256 digest;
  if (!context || EVP_DigestInit_ex(context.get(), algorithm(), nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), first.data(), first.size()) != 1 ||
      EVP_DigestUpdate(context.get(), second.data(), second.size()) != 1 ||
      EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) != 1) {
    std::abort();
  }
  return digest;
}

}  // namespace

Sha256 sha256(std::string_view bytes) {
  Sha256 digest;
  // Fails only when memory is gone or the library is broken; there is no way on from either.
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, algorithm(), nullptr) != 1) {
    std::abort();
  }
  return digest;
}

Sha256 hmac_sha256(std::string_view key, std::string_view bytes) {
  // By its definition: the library's HMAC looks up two algorithms by name each time, which takes
  // three times as long as all the rest.
  std::array<char, 64> pad{};
  Sha256 short_key{};
  if (key.size() > pad.size()) {
    short_key = sha256(key);
    key = text_of(short_key);
  }
  std::copy(key.begin(), key.end(), pad.begin());
  for (char& c : pad) c = static_cast<char>(c ^ 0x36);
  const auto inner = sha256_of({pad.data(), pad.size()}, bytes);
  for (char& c : pad) c = static_cast<char>(c ^ 0x36 ^ 0x5c);
  const auto mac = sha256_of({pad.data(), pad.size()}, text_of(inner));
  OPENSSL_cleanse(pad.data(), pad.size());
  return mac;
}

std::string hex(std::span<const std::uint8_t> bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const auto byte : bytes) {
    text.push_back(digits[byte >> 4]);
    text.push_back(digits[byte & 15]);
  }
  return text;
}

void random_bytes(std::span<std::uint8_t> bytes) {
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) std::abort();
}

}  // namespace meridian
