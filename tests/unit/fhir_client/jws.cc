// SPDX-License-Identifier: Apache-2.0
#include "unit/fhir_client/jws.h"

#include <stdexcept>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/params.h>

namespace meridian::test {
namespace {

std::string der_of(const std::string& fixed) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(fixed.data());
  const int half = static_cast<int>(fixed.size() / 2);
  ECDSA_SIG* signature = ECDSA_SIG_new();
  ECDSA_SIG_set0(signature, BN_bin2bn(bytes, half, nullptr),
                 BN_bin2bn(bytes + half, half, nullptr));
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(signature, &der);
  std::string out(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  ECDSA_SIG_free(signature);
  return out;
}

int hex(char c) {
  return c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
}

}  // namespace

std::string base64url_decode(std::string_view text) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  unsigned bits = 0;
  int have = 0;
  for (const char c : text) {
    const auto value = alphabet.find(c);
    if (value == std::string_view::npos) throw std::runtime_error("not base64url");
    bits = bits << 6 | static_cast<unsigned>(value);
    have += 6;
    if (have >= 8) {
      have -= 8;
      out.push_back(static_cast<char>(bits >> have & 255));
    }
  }
  return out;
}

Jws split_jws(std::string_view jws) {
  const auto first = jws.find('.');
  const auto second = jws.find('.', first + 1);
  if (second == std::string_view::npos) throw std::runtime_error("not a JWS");
  return {base64url_decode(jws.substr(0, first)),
          base64url_decode(jws.substr(first + 1, second - first - 1)),
          std::string(jws.substr(0, second)), base64url_decode(jws.substr(second + 1))};
}

bool verify_jws(const Key& key, const Jws& jws, bool fixed_width) {
  const std::string signature = fixed_width ? der_of(jws.signature) : jws.signature;
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  const bool good =
      EVP_DigestVerifyInit(context, nullptr, EVP_sha384(), nullptr, key.get()) == 1 &&
      EVP_DigestVerify(context, reinterpret_cast<const unsigned char*>(signature.data()),
                       signature.size(),
                       reinterpret_cast<const unsigned char*>(jws.signed_part.data()),
                       jws.signed_part.size()) == 1;
  EVP_MD_CTX_free(context);
  return good;
}

Key p384_from_jwk(std::string_view x, std::string_view y) {
  std::string point = "\x04" + base64url_decode(x) + base64url_decode(y);
  char group[] = "P-384";
  OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
      OSSL_PARAM_construct_end()};
  EVP_PKEY* key = nullptr;
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr);
  const bool good = EVP_PKEY_fromdata_init(context) == 1 &&
                    EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params) == 1;
  EVP_PKEY_CTX_free(context);
  if (!good) throw std::runtime_error("no point on P-384");
  return {key, &EVP_PKEY_free};
}

std::string form_field(std::string_view form, std::string_view name) {
  while (!form.empty()) {
    const auto end = std::min(form.find('&'), form.size());
    const auto field = form.substr(0, end);
    form.remove_prefix(std::min(end + 1, form.size()));
    if (!field.starts_with(std::string(name) + "=")) continue;
    std::string out;
    for (std::size_t i = name.size() + 1; i < field.size(); ++i) {
      if (field[i] == '%') {
        out.push_back(static_cast<char>(hex(field[i + 1]) * 16 + hex(field[i + 2])));
        i += 2;
      } else {
        out.push_back(field[i] == '+' ? ' ' : field[i]);
      }
    }
    return out;
  }
  return {};
}

}  // namespace meridian::test
