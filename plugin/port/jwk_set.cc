// SPDX-License-Identifier: Apache-2.0
#include "port/jwk_set.h"

#include <algorithm>
#include <array>

#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <rapidjson/document.h>

#include "port/public_key.h"

namespace meridian {
namespace {

/// Bytes of R, of S and of a coordinate. Source: RFC 7518 sections 3.4 and 6.2.1.
struct Curve {
  const char* name;
  const char* algorithm;
  std::size_t half;
};
constexpr std::array curves = {Curve{"P-384", "ES384", 48}, Curve{"P-256", "ES256", 32}};

using OwnNumber = std::unique_ptr<BIGNUM, OpenSslFree<BIGNUM, BN_free>>;
using OwnSignature = std::unique_ptr<ECDSA_SIG, OpenSslFree<ECDSA_SIG, ECDSA_SIG_free>>;
using OwnContext = std::unique_ptr<EVP_MD_CTX, OpenSslFree<EVP_MD_CTX, EVP_MD_CTX_free>>;

Error misconfigured(Literal what) {
  return {ErrorCode::misconfigured, "jwks", what};
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

OwnNumber number_of(std::string_view bytes) {
  return OwnNumber(BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr));
}

std::string text_in(const rapidjson::Value& key, const char* name) {
  const auto found = key.FindMember(name);
  return found != key.MemberEnd() && found->value.IsString()
             ? std::string(found->value.GetString(), found->value.GetStringLength())
             : std::string();
}

PublicKey rsa_key(const rapidjson::Value& jwk) {
  const auto n = from_base64url(text_in(jwk, "n"));
  const auto e = from_base64url(text_in(jwk, "e"));
  return n && e ? rsa_public_key(*n, *e) : nullptr;
}

PublicKey ec_key(const rapidjson::Value& jwk, const Curve& curve) {
  const auto x = from_base64url(text_in(jwk, "x"));
  const auto y = from_base64url(text_in(jwk, "y"));
  return x && y ? ec_public_key(curve.name, curve.half, *x, *y) : nullptr;
}

/// R and S side by side (JWS) as OpenSSL wants them. Source: RFC 7518 section 3.4.
std::string der_of(std::string_view fixed, std::size_t half) {
  if (fixed.size() != 2 * half) return {};
  const OwnSignature signature(ECDSA_SIG_new());
  auto r = number_of(fixed.substr(0, half));
  auto s = number_of(fixed.substr(half));
  if (ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) return {};
  r.release();  // NOLINT(bugprone-unused-return-value): the signature owns them now
  s.release();  // NOLINT(bugprone-unused-return-value)
  std::string der(static_cast<std::size_t>(i2d_ECDSA_SIG(signature.get(), nullptr)), '\0');
  auto* out = reinterpret_cast<unsigned char*>(der.data());
  i2d_ECDSA_SIG(signature.get(), &out);
  return der;
}

/// A key whose owner says that it is for something else than signatures.
bool is_for_signing(const rapidjson::Value& jwk) {
  const auto use = text_in(jwk, "use");
  return use.empty() || use == "sig";
}

}  // namespace

struct JwkSet::Key {
  std::string kid;
  std::vector<std::string> algorithms;  ///< that it may be used with
  std::size_t half = 0;                 ///< Curve::half; 0: RSA
  PublicKey native;

  bool is(std::string_view name, std::string_view algorithm) const {
    return kid == name &&
           std::find(algorithms.begin(), algorithms.end(), algorithm) != algorithms.end();
  }
  /// What it is for: by its kind, and as far as its owner says it.
  void read(const rapidjson::Value& jwk, bool sign_in) {
    kid = text_in(jwk, "kid");
    const auto kind = text_in(jwk, "kty");
    if (kind == "RSA") {
      native = rsa_key(jwk);
      algorithms = {"RS384"};
      if (sign_in) algorithms.emplace_back("RS256");
    }
    for (const auto& curve : curves) {
      const bool wanted = sign_in || curve.algorithm == std::string_view("ES384");
      if (kind != "EC" || !wanted || text_in(jwk, "crv") != curve.name) continue;
      native = ec_key(jwk, curve);
      algorithms = {curve.algorithm};
      half = curve.half;
    }
    const auto said = text_in(jwk, "alg");
    if (!said.empty()) std::erase_if(algorithms, [&](const auto& each) { return each != said; });
  }
};

Result<JwkSet> JwkSet::parse(std::string_view json) {
  return parse_for(json, false);
}

Result<JwkSet> JwkSet::parse_for_sign_in(std::string_view json) {
  return parse_for(json, true);
}

Result<JwkSet> JwkSet::parse_for(std::string_view json, bool sign_in) {
  rapidjson::Document document;
  document.Parse(json.data(), json.size());
  const bool set = !document.HasParseError() && document.IsObject() && document.HasMember("keys") &&
                   document["keys"].IsArray();
  if (!set) return misconfigured("it is no JWK set: {\"keys\": [...]}");
  JwkSet keys;
  for (const auto& jwk : document["keys"].GetArray()) {
    if (!jwk.IsObject()) return misconfigured("a member of keys is no object");
    if (jwk.HasMember("d")) return misconfigured("it holds a private key: publish the public ones");
    auto key = std::make_shared<Key>();
    key->read(jwk, sign_in);
    if (!key->native || !is_for_signing(jwk) || key->algorithms.empty()) continue;
    if (key->kid.empty()) return misconfigured("a key has no kid");
    for (const auto& algorithm : key->algorithms) {
      if (keys.has(key->kid, algorithm)) return misconfigured("two keys have the same kid");
    }
    keys.keys_.push_back(std::move(key));
  }
  if (keys.keys_.empty()) {
    return misconfigured("no key of it is for RS384 (RSA, 2048 bit or more) or ES384 (P-384)");
  }
  return keys;
}

bool JwkSet::has(std::string_view kid, std::string_view algorithm) const {
  return std::any_of(keys_.begin(), keys_.end(),
                     [&](const auto& key) { return key->is(kid, algorithm); });
}

std::string JwkSet::only_kid(std::string_view algorithm) const {
  if (keys_.size() != 1) return {};
  const auto& key = *keys_.front();
  return key.is(key.kid, algorithm) ? key.kid : std::string();
}

bool JwkSet::verify(std::string_view kid, std::string_view algorithm, std::string_view signed_part,
                    std::string_view signature) const {
  for (const auto& key : keys_) {
    if (!key->is(kid, algorithm)) continue;
    const auto form = key->half > 0 ? der_of(signature, key->half) : std::string(signature);
    if (form.empty()) return false;
    const OwnContext context(EVP_MD_CTX_new());
    const auto* digest = algorithm.ends_with("256") ? EVP_sha256() : EVP_sha384();
    return EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key->native.get()) == 1 &&
           EVP_DigestVerify(context.get(), bytes_of(form), form.size(), bytes_of(signed_part),
                            signed_part.size()) == 1;
  }
  return false;
}

Result<std::string> from_base64url(std::string_view text) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const Error none{ErrorCode::malformed, "base64url", "this is no base64url"};
  std::string bytes;
  unsigned bits = 0;
  int have = 0;
  for (const char c : text) {
    const auto value = alphabet.find(c);
    if (value == std::string_view::npos) return none;
    bits = bits << 6 | static_cast<unsigned>(value);
    have += 6;
    if (have < 8) continue;
    have -= 8;
    bytes += static_cast<char>(bits >> have & 255);
  }
  // What is left over must be zero, so that one text has one form.
  if (have >= 6 || (bits & ((1U << have) - 1)) != 0) return none;
  return bytes;
}

}  // namespace meridian
