// SPDX-License-Identifier: Apache-2.0
#include "fhir/client/smart_key.h"

#include <array>
#include <cstdint>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "base/hash.h"

namespace meridian::fhir {
namespace {

constexpr int es384_half = 48;  // RFC 7518 section 3.4: R and S are 48 bytes each, always
constexpr std::chrono::seconds assertion_life{240};  // SMART allows 300

using Bignum = std::unique_ptr<BIGNUM, decltype(&BN_free)>;

std::string_view view(const std::string& bytes) {
  return bytes;
}

Error misconfigured(Literal what) {
  return Error{ErrorCode::misconfigured, "fhir smart key", what};
}

/// A public number of the key, big-endian. `size` 0: as long as it is.
std::string public_number(EVP_PKEY* key, const char* name, int size = 0) {
  BIGNUM* raw = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &raw) != 1) return {};
  const Bignum number(raw, &BN_free);
  std::string bytes(static_cast<std::size_t>(size == 0 ? BN_num_bytes(raw) : size), '\0');
  const int length = static_cast<int>(bytes.size());
  if (BN_bn2binpad(raw, reinterpret_cast<unsigned char*>(bytes.data()), length) != length)
    return {};
  return bytes;
}

/// R and S of a DER signature in the fixed width that JWS asks for; empty when it is none.
std::string fixed_width(const std::string& der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> signature(
      d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())), &ECDSA_SIG_free);
  if (!signature) return {};
  std::string bytes(std::size_t{2} * es384_half, '\0');
  auto* out = reinterpret_cast<unsigned char*>(bytes.data());
  if (BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), out, es384_half) != es384_half ||
      BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), out + es384_half, es384_half) != es384_half) {
    return {};
  }
  return bytes;
}

std::string signature_of(EVP_PKEY* key, std::string_view bytes) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  const auto* input = reinterpret_cast<const unsigned char*>(bytes.data());
  std::size_t size = 0;
  if (!context || EVP_DigestSignInit(context.get(), nullptr, EVP_sha384(), nullptr, key) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &size, input, bytes.size()) != 1) {
    return {};
  }
  std::string signature(size, '\0');
  auto* out = reinterpret_cast<unsigned char*>(signature.data());
  if (EVP_DigestSign(context.get(), out, &size, input, bytes.size()) != 1) return {};
  signature.resize(size);
  return signature;
}

bool is_p384(EVP_PKEY* key) {
  std::array<char, 64> name{};
  std::size_t size = 0;
  return EVP_PKEY_is_a(key, "EC") == 1 &&
         EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, name.data(), name.size(),
                                        &size) == 1 &&
         std::string_view(name.data(), size) == "secp384r1";
}

using JsonWriter = rapidjson::Writer<rapidjson::StringBuffer>;

void put(JsonWriter& writer, std::string_view key, std::string_view value) {
  writer.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
  writer.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
}

/// The members a thumbprint is made of, in the order RFC 7638 wants.
std::string public_members(EVP_PKEY* key, bool rsa) {
  rapidjson::StringBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  if (rsa) {
    put(writer, "e", base64url(public_number(key, OSSL_PKEY_PARAM_RSA_E)));
    put(writer, "kty", "RSA");
    put(writer, "n", base64url(public_number(key, OSSL_PKEY_PARAM_RSA_N)));
  } else {
    put(writer, "crv", "P-384");
    put(writer, "kty", "EC");
    put(writer, "x", base64url(public_number(key, OSSL_PKEY_PARAM_EC_PUB_X, es384_half)));
    put(writer, "y", base64url(public_number(key, OSSL_PKEY_PARAM_EC_PUB_Y, es384_half)));
  }
  writer.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace

struct SmartKey::Native {
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{nullptr, &EVP_PKEY_free};
};

Result<SmartKey> SmartKey::from_pem(std::string_view pem, std::string_view algorithm,
                                    std::string_view kid) {
  const bool rsa = algorithm == "RS384";
  if (!rsa && algorithm != "ES384") return misconfigured("the algorithm must be RS384 or ES384");
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  const auto no_passphrase = [](char*, int, int, void*) { return -1; };
  auto native = std::make_shared<Native>();
  native->key.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
  EVP_PKEY* key = native->key.get();
  if (key == nullptr) return misconfigured("the PEM holds no unencrypted private key");
  if (rsa && (EVP_PKEY_is_a(key, "RSA") != 1 || EVP_PKEY_get_bits(key) < 2048)) {
    return misconfigured("RS384 needs an RSA key of at least 2048 bit");
  }
  if (!rsa && !is_p384(key)) return misconfigured("ES384 needs an EC key on P-384");
  SmartKey out;
  out.native_ = native;
  out.algorithm_ = algorithm;
  const auto thumbprint = sha256(public_members(key, rsa));
  out.kid_ = kid.empty()
                 ? base64url({reinterpret_cast<const char*>(thumbprint.data()), thumbprint.size()})
                 : std::string(kid);
  return out;
}

Result<std::string> SmartKey::sign(std::string_view claims) const {
  rapidjson::StringBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  put(writer, "alg", algorithm_);
  put(writer, "typ", "JWT");
  put(writer, "kid", kid_);
  writer.EndObject();
  const std::string signed_part =
      base64url({buffer.GetString(), buffer.GetSize()}) + "." + base64url(claims);
  std::string signature = signature_of(native_->key.get(), signed_part);
  if (algorithm_ == "ES384") signature = fixed_width(signature);
  if (signature.empty()) return Error{ErrorCode::internal, "fhir smart key", "signing failed"};
  return signed_part + "." + base64url(view(signature));
}

std::string SmartKey::jwk() const {
  const bool rsa = algorithm_ == "RS384";
  std::string json = public_members(native_->key.get(), rsa);
  rapidjson::StringBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  put(writer, "use", "sig");
  put(writer, "alg", algorithm_);
  put(writer, "kid", kid_);
  writer.EndObject();
  json.back() = ',';
  return json + (buffer.GetString() + 1);
}

std::string jwks(std::initializer_list<const SmartKey*> keys) {
  std::string json = "{\"keys\":[";
  for (const SmartKey* key : keys) {
    if (json.back() != '[') json += ",";
    json += key->jwk();
  }
  return json + "]}";
}

std::string assertion_claims(std::string_view client_id, std::string_view token_url, Instant now) {
  std::array<std::uint8_t, 16> random;
  random_bytes(random);
  const auto expiry = std::chrono::floor<std::chrono::seconds>(now) + assertion_life;
  rapidjson::StringBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  put(writer, "iss", client_id);
  put(writer, "sub", client_id);
  put(writer, "aud", token_url);
  put(writer, "jti", hex(random));
  writer.Key("exp");
  writer.Int64(expiry.time_since_epoch().count());
  writer.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

std::string base64url(std::string_view bytes) {
  constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  out.reserve((bytes.size() * 4 + 2) / 3);
  unsigned bits = 0;
  int have = 0;
  for (const char c : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    for (have += 8; have >= 6; have -= 6) out.push_back(alphabet[bits >> (have - 6) & 63]);
  }
  if (have > 0) out.push_back(alphabet[bits << (6 - have) & 63]);
  return out;
}

}  // namespace meridian::fhir
