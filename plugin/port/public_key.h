// SPDX-License-Identifier: Apache-2.0
// A public key of OpenSSL's out of the numbers that a JWK or a passkey writes it in.
#pragma once

#include <memory>
#include <string_view>

#include <openssl/evp.h>

namespace meridian {

/// Calls OpenSSL's own function to give something back.
template <typename Type, void (*free)(Type*)>
struct OpenSslFree {
  void operator()(Type* pointer) const { free(pointer); }
};
using PublicKey = std::unique_ptr<EVP_PKEY, OpenSslFree<EVP_PKEY, EVP_PKEY_free>>;

/// Modulus and exponent, big-endian, of any length. Null: not RSA, or shorter than 2048 bit.
PublicKey rsa_public_key(std::string_view modulus, std::string_view exponent);

/// `curve` is OpenSSL's name of it ("P-256"), `half` how many bytes a coordinate of it has;
/// big-endian coordinates. Null: of another length, or no point of the curve.
PublicKey ec_public_key(const char* curve, std::size_t half, std::string_view x,
                        std::string_view y);

}  // namespace meridian
