// SPDX-License-Identifier: Apache-2.0
#include "port/public_key.h"

#include <string>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>

namespace meridian {
namespace {

using OwnNumber = std::unique_ptr<BIGNUM, OpenSslFree<BIGNUM, BN_free>>;
using OwnMaker = std::unique_ptr<EVP_PKEY_CTX, OpenSslFree<EVP_PKEY_CTX, EVP_PKEY_CTX_free>>;
using OwnBuilder =
    std::unique_ptr<OSSL_PARAM_BLD, OpenSslFree<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>>;
using OwnParams = std::unique_ptr<OSSL_PARAM, OpenSslFree<OSSL_PARAM, OSSL_PARAM_free>>;

constexpr int shortest_rsa = 2048;  // bits; source: RFC 7518 section 3.3

OwnNumber number_of(std::string_view bytes) {
  const auto* begin = reinterpret_cast<const unsigned char*>(bytes.data());
  return OwnNumber(BN_bin2bn(begin, static_cast<int>(bytes.size()), nullptr));
}

PublicKey made(const char* kind, OSSL_PARAM_BLD* builder) {
  const OwnParams params(OSSL_PARAM_BLD_to_param(builder));
  const OwnMaker maker(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
  EVP_PKEY* key = nullptr;
  if (!params || !maker || EVP_PKEY_fromdata_init(maker.get()) != 1) return nullptr;
  if (EVP_PKEY_fromdata(maker.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) return nullptr;
  return PublicKey(key);
}

}  // namespace

PublicKey rsa_public_key(std::string_view modulus, std::string_view exponent) {
  if (modulus.empty() || exponent.empty()) return nullptr;
  const auto n = number_of(modulus);
  const auto e = number_of(exponent);
  const OwnBuilder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
  auto key = made("RSA", builder.get());
  return key && EVP_PKEY_get_bits(key.get()) >= shortest_rsa ? std::move(key) : nullptr;
}

PublicKey ec_public_key(const char* curve, std::size_t half, std::string_view x,
                        std::string_view y) {
  if (x.size() != half || y.size() != half) return nullptr;
  std::string point = "\x04";  // both coordinates follow; source: SEC 1 section 2.3.3
  point.append(x).append(y);
  const OwnBuilder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve, 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                   point.size());
  return made("EC", builder.get());
}

}  // namespace meridian
