// SPDX-License-Identifier: Apache-2.0
#include "fhir_server/signing_key.h"

#include <algorithm>
#include <stdexcept>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "base/base64.h"

namespace meridian::sandbox {
namespace {

constexpr const char* key_id = "ehr-1";

std::string number_of(const EVP_PKEY* key, const char* name) {
  BIGNUM* read = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &read) != 1) throw std::runtime_error("no public key");
  const std::unique_ptr<BIGNUM, decltype(&BN_free)> number(read, BN_free);
  std::string bytes(static_cast<std::size_t>(BN_num_bytes(number.get())), '\0');
  BN_bn2bin(number.get(), reinterpret_cast<unsigned char*>(bytes.data()));
  return base64url(bytes);
}

}  // namespace

std::string base64url(std::string_view bytes) {
  auto text = encode_base64(bytes);
  while (text.ends_with('=')) text.pop_back();
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

SigningKey::SigningKey() : key_(EVP_RSA_gen(2048), EVP_PKEY_free) {
  if (key_ == nullptr) throw std::runtime_error("no key to sign with");
}

std::string SigningKey::sign(const Json& claims) const {
  const Json header = Json::object({{"alg", "RS256"}, {"typ", "JWT"}, {"kid", key_id}});
  auto text = base64url(header.dump()) + "." + base64url(claims.dump());
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())), '\0');
  std::size_t size = signature.size();
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  auto* made = reinterpret_cast<unsigned char*>(signature.data());
  const bool done =
      EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
      EVP_DigestSign(context.get(), made, &size, bytes, text.size()) == 1;
  if (!done) throw std::runtime_error("the key does not sign");
  return text + "." + base64url({signature.data(), size});
}

Json SigningKey::public_keys() const {
  const Json key = Json::object({{"kty", "RSA"},
                                 {"kid", key_id},
                                 {"use", "sig"},
                                 {"alg", "RS256"},
                                 {"n", number_of(key_.get(), OSSL_PKEY_PARAM_RSA_N)},
                                 {"e", number_of(key_.get(), OSSL_PKEY_PARAM_RSA_E)}});
  return Json::object({{"keys", Json::array({key})}});
}

}  // namespace meridian::sandbox
