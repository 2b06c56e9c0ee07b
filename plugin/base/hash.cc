// SPDX-License-Identifier: Apache-2.0
#include "base/hash.h"

#include <cstdlib>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

namespace meridian {

namespace {

template <typename Digest>
Digest digest_of(std::string_view bytes, const EVP_MD* kind) {
  Digest digest;
  // Fails only when memory is gone or the library is broken; there is no way on from either.
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, kind, nullptr) != 1) {
    std::abort();
  }
  return digest;
}

}  // namespace

Sha256 sha256(std::string_view bytes) {
  return digest_of<Sha256>(bytes, EVP_sha256());
}

Sha512 sha512(std::string_view bytes) {
  return digest_of<Sha512>(bytes, EVP_sha512());
}

Sha256 hmac_sha256(std::string_view key, std::string_view bytes) {
  Sha256 digest;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data(),
           nullptr) == nullptr) {
    std::abort();
  }
  return digest;
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
