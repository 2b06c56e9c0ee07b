// SPDX-License-Identifier: Apache-2.0
#include "fhir/client/smart_key.h"

#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <rapidjson/document.h>

#include "fhir/client/scopes.h"
#include "unit/fhir_client/client_fixture.h"
#include "unit/fhir_client/jws.h"

namespace meridian::fhir {
namespace {

using test::make_ec_key;
using test::make_rsa_key;
using test::private_pem;

SmartKey key_of(const test::Key& key, const char* algorithm, const char* kid = "k1") {
  auto made = SmartKey::from_pem(private_pem(key), algorithm, kid);
  if (!made) throw std::runtime_error(std::string(made.error().what.view()));
  return *made;
}

TEST(SmartKey, Es384SignaturesAreAlwaysNinetySixBytesAndVerify) {
  const auto key = make_ec_key("P-384");
  const auto signer = key_of(key, "ES384");
  int short_numbers = 0;
  for (int i = 0; i < 2000; ++i) {
    const auto jws = signer.sign("{\"n\":" + std::to_string(i) + "}");
    ASSERT_TRUE(jws);
    const auto parts = test::split_jws(*jws);
    ASSERT_EQ(parts.signature.size(), 96u);
    ASSERT_TRUE(test::verify_jws(key, parts, true)) << i;
    if (parts.signature[0] == '\0' || parts.signature[48] == '\0') ++short_numbers;
  }
  // One number in 256 begins with a zero byte: the case that fixed width is about did occur.
  EXPECT_GT(short_numbers, 0);
}

TEST(SmartKey, Rs384SignaturesVerify) {
  const auto key = make_rsa_key();
  const auto jws = key_of(key, "RS384").sign("{}");
  ASSERT_TRUE(jws);
  const auto parts = test::split_jws(*jws);
  EXPECT_EQ(parts.signature.size(), 256u);
  EXPECT_TRUE(test::verify_jws(key, parts, false));
  EXPECT_EQ(parts.header, R"({"alg":"RS384","typ":"JWT","kid":"k1"})");
}

TEST(SmartKey, AnotherKeyDoesNotVerifyIt) {
  const auto jws = key_of(make_rsa_key(), "RS384").sign("{}");
  EXPECT_FALSE(test::verify_jws(make_rsa_key(), test::split_jws(*jws), false));
}

TEST(SmartKey, JwkHoldsThePublicNumbersAndNothingElse) {
  const auto key = make_ec_key("P-384");
  const auto signer = key_of(key, "ES384", "2026-11");
  rapidjson::Document jwk;
  jwk.Parse(signer.jwk().c_str());
  ASSERT_TRUE(jwk.IsObject());
  EXPECT_STREQ(jwk["kty"].GetString(), "EC");
  EXPECT_STREQ(jwk["crv"].GetString(), "P-384");
  EXPECT_STREQ(jwk["alg"].GetString(), "ES384");
  EXPECT_STREQ(jwk["use"].GetString(), "sig");
  EXPECT_STREQ(jwk["kid"].GetString(), "2026-11");
  EXPECT_EQ(test::base64url_decode(jwk["x"].GetString()).size(), 48u);
  EXPECT_EQ(test::base64url_decode(jwk["y"].GetString()).size(), 48u);
  EXPECT_FALSE(jwk.HasMember("d"));

  const auto rsa = key_of(make_rsa_key(), "RS384");
  rapidjson::Document set;
  set.Parse(jwks({&signer, &rsa}).c_str());
  ASSERT_EQ(set["keys"].Size(), 2u);
  const auto& second = set["keys"][1];
  EXPECT_EQ(test::base64url_decode(second["n"].GetString()).size(), 256u);
  EXPECT_STREQ(second["e"].GetString(), "AQAB");
  for (const char* secret : {"d", "p", "q", "dp", "dq", "qi"}) {
    EXPECT_FALSE(second.HasMember(secret)) << secret;
  }
}

TEST(SmartKey, AKeyRebuiltFromTheJwkVerifiesWhatWasSigned) {
  for (int i = 0; i < 300; ++i) {  // some have a coordinate with a leading zero
    const auto signer = key_of(make_ec_key("P-384"), "ES384");
    rapidjson::Document jwk;
    jwk.Parse(signer.jwk().c_str());
    const auto rebuilt = test::p384_from_jwk(jwk["x"].GetString(), jwk["y"].GetString());
    ASSERT_TRUE(test::verify_jws(rebuilt, test::split_jws(*signer.sign("{}")), true)) << i;
  }
}

TEST(SmartKey, WithoutKidTheThumbprintServes) {
  const auto key = make_ec_key("P-384");
  const auto first = key_of(key, "ES384", "");
  EXPECT_EQ(first.kid().size(), 43u);
  EXPECT_EQ(first.kid(), key_of(key, "ES384", "").kid());
  EXPECT_NE(first.kid(), key_of(make_ec_key("P-384"), "ES384", "").kid());
}

TEST(SmartKey, RefusesKeysThatDoNotFit) {
  const auto what = [](const std::string& pem, const char* algorithm) {
    const auto made = SmartKey::from_pem(pem, algorithm, "k");
    return made ? std::string_view("accepted") : made.error().what.view();
  };
  EXPECT_EQ(what(private_pem(make_rsa_key(1024)), "RS384"),
            "RS384 needs an RSA key of at least 2048 bit");
  EXPECT_EQ(what(private_pem(make_ec_key("P-256")), "ES384"), "ES384 needs an EC key on P-384");
  EXPECT_EQ(what(private_pem(make_rsa_key()), "ES384"), "ES384 needs an EC key on P-384");
  EXPECT_EQ(what(private_pem(make_rsa_key()), "HS384"), "the algorithm must be RS384 or ES384");
  EXPECT_EQ(what("", "RS384"), "the PEM holds no unencrypted private key");
  EXPECT_EQ(what("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "RS384"),
            "the PEM holds no unencrypted private key");
}

TEST(Assertion, HasWhatSmartAsksFor) {
  const std::string url = "https://ehr.example.com/oauth2/token";
  rapidjson::Document claims;
  claims.Parse(assertion_claims("meridian", url, test::fixed_now).c_str());
  EXPECT_STREQ(claims["iss"].GetString(), "meridian");
  EXPECT_STREQ(claims["sub"].GetString(), "meridian");
  EXPECT_EQ(claims["aud"].GetString(), url);
  ASSERT_TRUE(claims["exp"].IsInt64()) << "never a fraction";
  const auto now = test::fixed_now.time_since_epoch() / std::chrono::seconds{1};
  EXPECT_GT(claims["exp"].GetInt64(), now);
  EXPECT_LE(claims["exp"].GetInt64(), now + 300);
  rapidjson::Document other;
  other.Parse(assertion_claims("meridian", url, test::fixed_now).c_str());
  EXPECT_NE(std::string(claims["jti"].GetString()), other["jti"].GetString());
}

TEST(Base64Url, HasNoPaddingAndTheUrlAlphabet) {
  EXPECT_EQ(base64url(""), "");
  EXPECT_EQ(base64url("f"), "Zg");
  EXPECT_EQ(base64url("fo"), "Zm8");
  EXPECT_EQ(base64url("foo"), "Zm9v");
  EXPECT_EQ(base64url("\xfb\xff\xfe"), "-__-");
}

TEST(Scopes, AreComparedByWhatTheyAllow) {
  using wire::missing_scopes;
  using List = std::vector<std::string>;
  EXPECT_EQ(missing_scopes("system/Patient.rs system/Task.cu", "system/*.cruds"), List{});
  EXPECT_EQ(missing_scopes("system/Patient.read", "system/Patient.rs"), List{});
  EXPECT_EQ(missing_scopes("system/Patient.rs", "system/Patient.read"), List{});
  EXPECT_EQ(missing_scopes("system/Task.rs", "system/Task.r system/Task.s"), List{});
  EXPECT_EQ(missing_scopes("system/*.rs", "system/Patient.rs"), List{"system/*.rs"});
  EXPECT_EQ(missing_scopes("system/Task.u", "system/Task.rs"), List{"system/Task.u"});
  EXPECT_EQ(missing_scopes("system/Task.rs", "user/Task.rs"), List{"system/Task.rs"});
  EXPECT_EQ(missing_scopes("api:fhir system/Task.rs", "system/Task.rs"), List{"api:fhir"});
  EXPECT_EQ(missing_scopes("system/Observation.rs", "system/Observation.rs?category=x"),
            List{"system/Observation.rs"});
  EXPECT_EQ(wire::sorted_scopes("  b a  b "), "a b");
}

}  // namespace
}  // namespace meridian::fhir
