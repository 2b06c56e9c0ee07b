// SPDX-License-Identifier: Apache-2.0
#include "store/hmac.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <span>

#include <openssl/crypto.h>
#include <openssl/evp.h>

namespace meridian::store {
namespace {

/// SHA-256 of two parts, by a context that each thread keeps.
Sha256 hash(std::span<const std::uint8_t> first, std::span<const std::uint8_t> second) {
  static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{
      EVP_MD_CTX_new(), &EVP_MD_CTX_free};
  Sha256 digest;
  // Fails only when memory is gone or the library is broken; there is no way on from either.
  if (EVP_DigestInit_ex2(context.get(), algorithm, nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), first.data(), first.size()) != 1 ||
      EVP_DigestUpdate(context.get(), second.data(), second.size()) != 1 ||
      EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) != 1) {
    std::abort();
  }
  return digest;
}

}  // namespace

Hmac::Hmac(const SecretKey& key) {
  inner_.fill(0x36);
  outer_.fill(0x5c);
  for (std::size_t i = 0; i < SecretKey::size; ++i) {
    inner_[i] ^= key.data()[i];
    outer_[i] ^= key.data()[i];
  }
}

Hmac::~Hmac() {
  OPENSSL_cleanse(inner_.data(), inner_.size());
  OPENSSL_cleanse(outer_.data(), outer_.size());
}

Sha256 Hmac::of(std::string_view text) const {
  const std::span data(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  return hash(outer_, hash(inner_, data));
}

}  // namespace meridian::store
