// SPDX-License-Identifier: Apache-2.0
// The token by which an EHR says who signed in. Its keys of RS256 are tried by the smoke test.
#include "fhir/launch/id_token.h"

#include <gtest/gtest.h>

#include "fhir/client/smart_key.h"
#include "unit/fhir_client/certificates.h"

namespace meridian::fhir {
namespace {

const Instant now = *parse_instant("2026-11-27T10:00:00Z");
constexpr std::int64_t now_seconds = 1'795'773'600;
const IdTokenExpected expected{"https://ehr.example", "meridian-app", "n1",
                               "https://ehr.example/fhir"};

class IdToken : public testing::Test {
 protected:
  IdToken()
      : pem_(test::private_pem(test::make_ec_key("P-384"))),
        key_(*SmartKey::from_pem(pem_, "ES384", "e1")),
        keys_(*JwkSet::parse_for_sign_in(jwks({&key_}))) {}

  /// Claims that hold, with `name` in place of its value; "" leaves it out.
  std::string claims(const std::string& name = {}, const std::string& value = {}) {
    const std::vector<std::pair<std::string, std::string>> right = {
        {"iss", "\"https://ehr.example\""},
        {"aud", "\"meridian-app\""},
        {"exp", std::to_string(now_seconds + 300)},
        {"iat", std::to_string(now_seconds)},
        {"nonce", "\"n1\""},
        {"sub", "\"user-9\""},
        {"name", "\"Dr. I. Varga\""},
        {"fhirUser", "\"https://ehr.example/fhir/Practitioner/9\""}};
    std::string json;
    for (const auto& [key, said] : right) {
      const auto& text = key == name ? value : said;
      if (!text.empty()) json += (json.empty() ? "{\"" : ",\"") + key + "\":" + text;
    }
    return json + "}";
  }
  ErrorCode refused(const std::string& json) {
    const auto user = check_id_token(*key_.sign(json), expected, keys_, now);
    EXPECT_FALSE(user) << json;
    return user ? ErrorCode::internal : user.error().code;
  }

  std::string pem_;
  SmartKey key_;
  JwkSet keys_;
};

TEST_F(IdToken, SaysWhoSignedIn) {
  ASSERT_EQ(std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count(),
            now_seconds);
  const auto user = check_id_token(*key_.sign(claims()), expected, keys_, now);
  ASSERT_TRUE(user);
  EXPECT_EQ(user->ref, "Practitioner/9");
  EXPECT_EQ(user->name, "Dr. I. Varga");
  EXPECT_TRUE(check_id_token(*key_.sign(claims("fhirUser", "\"PractitionerRole/a-1\"")), expected,
                             keys_, now));
  EXPECT_TRUE(
      check_id_token(*key_.sign(claims("aud", "[\"meridian-app\"]")), expected, keys_, now));
}

TEST_F(IdToken, EachClaimThatDoesNotHoldRefusesIt) {
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"iss", ""},
      {"iss", "\"https://ehr.example/\""},
      {"aud", ""},
      {"aud", "\"another\""},
      {"aud", "[\"meridian-app\",\"another\"]"},
      {"exp", ""},
      {"exp", std::to_string(now_seconds - 61)},
      {"exp", "\"soon\""},
      {"iat", ""},
      {"iat", std::to_string(now_seconds + 120)},
      {"nonce", ""},
      {"nonce", "\"n2\""},
      {"sub", ""},
      {"fhirUser", ""},
      {"fhirUser", "\"https://other.example/fhir/Practitioner/9\""},
      {"fhirUser", "\"https://ehr.example/fhir/Practitioner/9/_history/1\""},
      {"fhirUser", "\"https://ehr.example/fhirPractitioner/9\""},
      {"fhirUser", "\"Practitioner/\""},
      {"fhirUser", "\"Practitioner/a b\""}};
  for (const auto& [name, value] : wrong) {
    EXPECT_EQ(refused(claims(name, value)), ErrorCode::unauthorized) << name << " " << value;
  }
  for (const auto* type : {"Patient", "RelatedPerson", "Person", "Device"}) {
    EXPECT_EQ(refused(claims("fhirUser", "\"" + std::string(type) + "/9\"")), ErrorCode::forbidden);
  }
}

TEST_F(IdToken, OnlyAKeyOfTheEhrSigns) {
  const auto stranger =
      *SmartKey::from_pem(test::private_pem(test::make_ec_key("P-384")), "ES384", "e1");
  EXPECT_FALSE(check_id_token(*stranger.sign(claims()), expected, keys_, now));
  auto token = *key_.sign(claims());
  token[token.size() - 10] = token[token.size() - 10] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(check_id_token(token, expected, keys_, now));
  const auto claimed = base64url(claims());
  for (const std::string header :
       {R"({"alg":"none"})", R"({"alg":"none","kid":"e1"})", R"({"alg":"HS256","kid":"e1"})",
        R"({"alg":"RS256","kid":"e1"})"}) {
    EXPECT_FALSE(check_id_token(base64url(header) + "." + claimed + ".", expected, keys_, now));
    EXPECT_FALSE(check_id_token(base64url(header) + "." + claimed + ".AAAA", expected, keys_, now));
  }
}

TEST_F(IdToken, AKeyNeedsANameOnlyBesideOthers) {
  const auto other =
      *SmartKey::from_pem(test::private_pem(test::make_ec_key("P-384")), "ES384", "e2");
  EXPECT_EQ(keys_.only_kid("ES384"), "e1");
  EXPECT_EQ(keys_.only_kid("RS256"), "");
  EXPECT_EQ(JwkSet::parse_for_sign_in(jwks({&key_, &other}))->only_kid("ES384"), "");
}

TEST_F(IdToken, KeysForSigningInAreNotTakenFromClinicsOrClients) {
  const std::string rsa = R"({"keys":[{"kty":"RSA","kid":"r","alg":"RS256","e":"AQAB","n":")" +
                          base64url(std::string(1, '\xc1') + std::string(255, '\x35')) + "\"}]}";
  EXPECT_TRUE(JwkSet::parse_for_sign_in(rsa)->has("r", "RS256"));
  EXPECT_FALSE(JwkSet::parse_for_sign_in(rsa)->has("r", "RS384"));
  EXPECT_FALSE(JwkSet::parse(rsa));
}

}  // namespace
}  // namespace meridian::fhir
