// SPDX-License-Identifier: Apache-2.0
// Signing in with a key: what is right, and everything that is not.
#include <gtest/gtest.h>

#include "fhir/client/smart_key.h"
#include "fhir/endpoint/assertion.h"
#include "http/uri.h"
#include "unit/endpoint/site.h"
#include "unit/fhir_client/certificates.h"

namespace meridian::test {
namespace {

using fhir::SmartKey;

const std::string token_url = "https://meridian.example/fhir/r4/token";

SmartKey signer(const Key& key, const char* algorithm, const char* kid) {
  return *SmartKey::from_pem(private_pem(key), algorithm, kid);
}

class EndpointSmart : public testing::Test {
 protected:
  EndpointSmart()
      : ec_(signer(make_ec_key("P-384"), "ES384", "e1")),
        rsa_(signer(make_rsa_key(), "RS384", "r1")),
        other_(signer(make_ec_key("P-384"), "ES384", "e1")) {
    site_.keys.emplace("willow-ehr", *JwkSet::parse(fhir::jwks({&ec_, &rsa_})));
    site_.keys.emplace("birch-ehr", *JwkSet::parse(fhir::jwks({&other_})));
    site_.open();
  }

  std::string claims(const std::string& change = {}, const std::string& to = {}) {
    auto text = fhir::assertion_claims("willow-ehr", token_url, site_.bench.now);
    if (change.empty()) return text;
    const auto at = text.find(change);
    EXPECT_NE(at, std::string::npos) << change << text;
    return text.replace(at, change.size(), to);
  }

  http::Response sign_in(const std::string& assertion, const std::string& scope = "system/*.rs",
                         const std::string& grant = "client_credentials") {
    const auto form = "grant_type=" + grant + "&scope=" + http::percent_encode(scope) +
                      "&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type"
                      "%3Ajwt-bearer&client_assertion=" +
                      assertion;
    return site_.ask(
        "", {"POST", "/token", form, {{"Content-Type", "application/x-www-form-urlencoded"}}});
  }

  /// What is said when it is refused.
  std::string refused(const std::string& assertion) {
    const auto response = sign_in(assertion);
    EXPECT_EQ(response.status, 401) << response.body;
    EXPECT_EQ(at(response.body, "/error"), "invalid_client");
    return at(response.body, "/error_description");
  }

  std::string with_header(const std::string& header, const std::string& body) {
    return fhir::base64url(header) + "." + fhir::base64url(body) + "." + fhir::base64url("x");
  }

  EndpointSite site_;
  SmartKey ec_;
  SmartKey rsa_;
  SmartKey other_;
};

TEST_F(EndpointSmart, SaysHowToSignIn) {
  const auto said = site_.get("", "/.well-known/smart-configuration");
  ASSERT_EQ(said.status, 200);
  EXPECT_EQ(at(said.body, "/token_endpoint"), token_url);
  EXPECT_EQ(at(said.body, "/token_endpoint_auth_methods_supported/0"), "private_key_jwt");
}

TEST_F(EndpointSmart, ATokenIsGoodForItsClinicAndItsTime) {
  const auto id = site_.refer("willow");
  for (const auto* key : {&ec_, &rsa_}) {
    const auto given = sign_in(*key->sign(claims()), "system/Task.rus system/Patient.rs launch");
    ASSERT_EQ(given.status, 200) << given.body;
    EXPECT_EQ(at(given.body, "/token_type"), "bearer");
    EXPECT_EQ(at(given.body, "/expires_in"), "300");
    EXPECT_EQ(at(given.body, "/scope"), "system/Task.rus system/Patient.rs");
    const auto status = [&](const std::string& path) {
      return site_
          .ask("",
               {"GET", path, {}, {{"Authorization", "Bearer " + at(given.body, "/access_token")}}})
          .status;
    };
    EXPECT_EQ(status("/Task/" + id), 200);
    EXPECT_EQ(status("/ServiceRequest/" + id), 403) << "not of its scope";
    site_.bench.pass(std::chrono::seconds(299));
    EXPECT_EQ(status("/Task/" + id), 200);
    site_.bench.pass(std::chrono::seconds(1));
    EXPECT_EQ(status("/Task/" + id), 401);
  }
}

TEST_F(EndpointSmart, AnAssertionIsGoodOnce) {
  const auto assertion = *ec_.sign(claims());
  EXPECT_EQ(sign_in(assertion).status, 200);
  EXPECT_EQ(refused(assertion), "jti was used before");
  // The other clinic may happen to choose the same jti.
  auto same = claims();
  for (auto at = same.find("willow"); at != std::string::npos; at = same.find("willow")) {
    same.replace(at, 6, "birch");
  }
  EXPECT_EQ(sign_in(*other_.sign(same)).status, 200);
}

TEST_F(EndpointSmart, AssertionsThatAreWrongAreRefused) {
  EXPECT_EQ(refused(*other_.sign(claims())), "no key of this client made the signature");
  EXPECT_EQ(refused(*ec_.sign(claims("\"willow-ehr\"", "\"birch-ehr\""))),
            "iss and sub must both be the client's id");
  auto stranger = claims();
  for (auto at = stranger.find("willow"); at != std::string::npos; at = stranger.find("willow")) {
    stranger.replace(at, 6, "nobody");
  }
  EXPECT_EQ(refused(*ec_.sign(stranger)), "no key of this client made the signature");
  EXPECT_EQ(refused(*ec_.sign(claims(token_url, "https://other.example/token"))),
            "aud must be the URL of the token endpoint");
  EXPECT_EQ(refused(*ec_.sign(claims(token_url, token_url + "/"))),
            "aud must be the URL of the token endpoint");
  EXPECT_EQ(refused(*ec_.sign(claims("\"jti\"", "\"jtx\""))), "jti must be 1 to 256 bytes long");
  EXPECT_EQ(refused(*ec_.sign(claims("\"exp\":", "\"exp\":\"soon\",\"was\":"))),
            "exp must be an integer of seconds");
  EXPECT_EQ(refused(*ec_.sign(claims("\"exp\":", "\"exp\":1.5,\"was\":"))),
            "exp must be an integer of seconds");
  EXPECT_EQ(refused(*ec_.sign(claims("\"exp\":", "\"nbf\":4000000000,\"exp\":"))),
            "nbf or iat is in the future");
  EXPECT_EQ(refused(*ec_.sign(claims("\"sub\"", "\"iss\":\"x\",\"sub\""))),
            "client_assertion is no JWT")
      << "a member twice";
  const auto early = *ec_.sign(claims());
  site_.bench.pass(std::chrono::minutes(5));
  EXPECT_EQ(refused(early), "exp is over");
  const auto seconds =
      std::chrono::floor<std::chrono::seconds>(site_.bench.now.time_since_epoch()).count();
  EXPECT_EQ(refused(*ec_.sign(
                claims("\"exp\":", "\"exp\":" + std::to_string(seconds + 3600) + ",\"was\":"))),
            "exp is more than five minutes ahead");
}

TEST_F(EndpointSmart, SignaturesThatAreNoneAreRefused) {
  EXPECT_EQ(refused(with_header(R"({"alg":"none","typ":"JWT","kid":"e1"})", claims())),
            "alg must be RS384 or ES384");
  EXPECT_EQ(refused(with_header(R"({"alg":"HS384","typ":"JWT","kid":"e1"})", claims())),
            "alg must be RS384 or ES384");
  EXPECT_EQ(refused(with_header(R"({"alg":"RS384","typ":"JWT","kid":"e1"})", claims())),
            "no key of this client made the signature")
      << "the kid of a key for another algorithm";
  EXPECT_EQ(refused(with_header(R"({"alg":"ES384","typ":"JWT"})", claims())), "kid is missing");
  EXPECT_EQ(refused(with_header(R"({"alg":"ES384","kid":"e1"})", claims())), "typ must be JWT");
  EXPECT_EQ(
      refused(with_header(R"({"alg":"ES384","typ":"JWT","kid":"e1","crit":["x"]})", claims())),
      "crit is not understood");
  for (const auto* text : {"", "a", "a.b", "a.b.c", "a.b.c.d", "..", "e30.e30."}) {
    EXPECT_EQ(sign_in(text).status, 401) << text;
  }
  auto changed = *ec_.sign(claims());
  const auto dot = changed.rfind('.');
  changed[dot + 5] = changed[dot + 5] == 'A' ? 'B' : 'A';
  EXPECT_EQ(refused(changed), "no key of this client made the signature");
  EXPECT_EQ(sign_in(std::string(9'000, 'a')).status, 401);
}

TEST_F(EndpointSmart, RequestsThatAreNoneAreRefused) {
  const auto assertion = *ec_.sign(claims());
  const auto error = [&](const http::Response& response) {
    EXPECT_EQ(response.status, 400);
    return at(response.body, "/error");
  };
  EXPECT_EQ(error(sign_in(assertion, "system/*.rs", "password")), "unsupported_grant_type");
  EXPECT_EQ(error(sign_in(assertion, "")), "invalid_scope");
  EXPECT_EQ(error(sign_in(assertion, "user/*.rs patient/*.rs system/*.sr system/Basic.rs")),
            "invalid_scope");
  EXPECT_EQ(error(sign_in(assertion + "&scope=system/*.rs")), "invalid_request");
  EXPECT_EQ(error(site_.ask("", {"POST", "/token", "{}", {{"Content-Type", "application/json"}}})),
            "invalid_request");
  EXPECT_EQ(sign_in(assertion).status, 200) << "none of these used it up";
}

TEST(JwkSets, ThatAreNotGoodSayWhy) {
  const auto why = [](const std::string& json) {
    const auto read = JwkSet::parse(json);
    EXPECT_FALSE(read) << json;
    return read ? std::string() : std::string(read.error().what.view());
  };
  const auto key = signer(make_ec_key("P-384"), "ES384", "k");
  EXPECT_EQ(why("{}"), "it is no JWK set: {\"keys\": [...]}");
  EXPECT_EQ(why(R"({"keys":[]})"),
            "no key of it is for RS384 (RSA, 2048 bit or more) or ES384 (P-384)");
  EXPECT_EQ(why(R"({"keys":[{"kty":"EC","crv":"P-384","kid":"k","d":"AA","x":"AA","y":"AA"}]})"),
            "it holds a private key: publish the public ones");
  EXPECT_EQ(why(fhir::jwks({&key, &key})), "two keys have the same kid");
  EXPECT_EQ(why(R"({"keys":[{"kty":"oct","kid":"k","k":"AA"}]})"),
            "no key of it is for RS384 (RSA, 2048 bit or more) or ES384 (P-384)");
}

}  // namespace
}  // namespace meridian::test
