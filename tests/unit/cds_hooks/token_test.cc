// SPDX-License-Identifier: Apache-2.0
// A client that signs its token right is answered; each that signs it wrong is refused, and is not
// told why.
#include <gtest/gtest.h>

#include "base/hash.h"
#include "cds_hooks/ehr_keys.h"
#include "unit/cds_hooks/hospital.h"
#include "unit/fhir_client/certificates.h"

namespace meridian::test {
namespace {

const std::string service = "ehr/cds-services/order-sign";

class CdsToken : public testing::Test {
 protected:
  int status(const std::string& token) {
    const auto response = hospital_.post(service, order_sign({draft_order()}), token);
    EXPECT_LT(response.body.size(), 3000U);
    return response.status;
  }

  void expect_refused(const std::string& token) {
    const auto response = hospital_.post(service, order_sign({draft_order()}), token);
    EXPECT_EQ(response.status, 401);
    EXPECT_EQ(response.body, "not authorised\n") << "no detail to whoever it is";
    EXPECT_EQ(hospital_.bench.history->asked, 0) << "nothing was read for it";
  }
  void expect_refused(const Claims& claims) {
    expect_refused(hospital_.signed_by(hospital_.key, claims));
  }

  /// Another header before the same claims and signature: `make` is given what is to be signed.
  std::string with_header(const std::string& header, const Claims& claims) {
    const auto right = hospital_.signed_by(hospital_.key, claims);
    const auto first = right.find('.');
    return fhir::base64url(header) + right.substr(first);
  }

  std::string seconds_from_now(std::chrono::seconds time) {
    const auto at =
        std::chrono::floor<std::chrono::seconds>(hospital_.bench.now.time_since_epoch());
    return std::to_string((at + time).count());
  }

  Hospital hospital_;
};

TEST_F(CdsToken, SignedRightByEitherAlgorithmIsAnswered) {
  for (const auto* key : {&hospital_.key, &hospital_.rsa}) {
    const auto response = hospital_.post(service, order_sign({draft_order()}),
                                         hospital_.signed_by(*key, hospital_.claims()));
    EXPECT_EQ(response.status, 200) << response.body;
    EXPECT_GT(cards(response), 0U);
  }
}

TEST_F(CdsToken, ForOneOfSeveralAudiencesIsAnswered) {
  auto claims = hospital_.claims();
  claims.aud = "[\"https://other.example\"," + claims.aud + "]";
  EXPECT_EQ(status(hospital_.signed_by(hospital_.key, claims)), 200);
}

TEST_F(CdsToken, OfATenantThatIsConfiguredIsAnswered) {
  hospital_.client.trust.tenant = "t-17";
  hospital_.open();
  auto claims = hospital_.claims();
  claims.more = R"(,"tenant":"t-17")";
  EXPECT_EQ(status(hospital_.signed_by(hospital_.key, claims)), 200);
}

TEST_F(CdsToken, WithinTheDifferenceOfClocksIsAnswered) {
  auto claims = hospital_.claims();
  claims.iat = seconds_from_now(std::chrono::seconds(59));
  EXPECT_EQ(status(hospital_.signed_by(hospital_.key, claims)), 200);
  claims = hospital_.claims();
  claims.exp = seconds_from_now(std::chrono::seconds(-59));
  EXPECT_EQ(status(hospital_.signed_by(hospital_.key, claims)), 200);
}

TEST_F(CdsToken, Wrong01NoneAtAll) {
  expect_refused("");
}

TEST_F(CdsToken, Wrong02NotSigned) {
  auto token = with_header(R"({"alg":"none","typ":"JWT","kid":"e1"})", hospital_.claims());
  expect_refused(token);
  expect_refused(token.substr(0, token.rfind('.') + 1));
}

TEST_F(CdsToken, Wrong03SignedWithThePublicKeyAsASecret) {
  const auto claims = hospital_.signed_by(hospital_.key, hospital_.claims());
  const auto first = claims.find('.');
  const auto part = fhir::base64url(R"({"alg":"HS256","typ":"JWT","kid":"e1"})") +
                    claims.substr(first, claims.rfind('.') - first);
  const auto mac = hmac_sha256(fhir::jwks({&hospital_.key}), part);
  expect_refused(part + "." +
                 fhir::base64url({reinterpret_cast<const char*>(mac.data()), mac.size()}));
}

TEST_F(CdsToken, Wrong04AnAlgorithmThatIsNotAllowed) {
  expect_refused(
      hospital_.signed_under(R"({"alg":"RS256","typ":"JWT","kid":"r1"})", hospital_.claims(), 256));
}

TEST_F(CdsToken, Wrong05TheAlgorithmOfAnotherKey) {
  expect_refused(with_header(R"({"alg":"RS384","typ":"JWT","kid":"e1"})", hospital_.claims()));
}

TEST_F(CdsToken, Wrong06AKeyOfTheSameNameThatIsAnothers) {
  expect_refused(hospital_.signed_by(hospital_.stranger, hospital_.claims()));
}

TEST_F(CdsToken, Wrong07AKeyThatIsNotPublished) {
  const auto other = *fhir::SmartKey::from_pem(private_pem(make_ec_key("P-384")), "ES384", "e9");
  expect_refused(hospital_.signed_by(other, hospital_.claims()));
}

TEST_F(CdsToken, Wrong08NoNameOfTheKey) {
  expect_refused(hospital_.signed_under(R"({"alg":"RS384","typ":"JWT"})", hospital_.claims()));
}

TEST_F(CdsToken, Wrong09KeysFromSomewhereElse) {
  const auto with_jku = [&](const std::string& jku) {
    return hospital_.signed_under(R"({"alg":"RS384","typ":"JWT","kid":"r1","jku":")" + jku + "\"}",
                                  hospital_.claims());
  };
  expect_refused(with_jku("https://evil.example/jwks.json"));
  expect_refused(with_jku(keys_url + "#"));
  expect_refused(with_jku(""));
  EXPECT_EQ(status(with_jku(keys_url)), 200) << "the configured one may be said";
  hospital_.client.trust.jku.clear();
  hospital_.open();
  EXPECT_EQ(status(with_jku(keys_url)), 401) << "none is configured";
}

TEST_F(CdsToken, Wrong26WithAHeaderThatMustBeUnderstood) {
  expect_refused(hospital_.signed_under(
      R"({"alg":"RS384","typ":"JWT","kid":"r1","crit":["b64"],"b64":false})", hospital_.claims()));
}

TEST_F(CdsToken, Wrong10AnotherIssuer) {
  auto claims = hospital_.claims();
  claims.iss = "https://other.example/issuer";
  expect_refused(claims);
}

TEST_F(CdsToken, Wrong11NoIssuer) {
  auto claims = hospital_.claims();
  claims.iss = "";
  expect_refused(claims);
}

TEST_F(CdsToken, Wrong12ForAnotherService) {
  expect_refused(hospital_.claims("ehr/cds-services/patient-view"));
  expect_refused(hospital_.claims("ehr/cds-services/order-sign/feedback"));
  expect_refused(hospital_.claims("other/cds-services/order-sign"));
}

TEST_F(CdsToken, Wrong13ForNobody) {
  auto claims = hospital_.claims();
  claims.aud = "";
  expect_refused(claims);
  claims.aud = "[]";
  expect_refused(claims);
  claims.aud = "{}";
  expect_refused(claims);
}

TEST_F(CdsToken, Wrong14Over) {
  auto claims = hospital_.claims();
  claims.exp = seconds_from_now(std::chrono::seconds(-60));
  expect_refused(claims);
}

TEST_F(CdsToken, Wrong15WithoutAnEnd) {
  auto claims = hospital_.claims();
  claims.exp = "";
  expect_refused(claims);
  claims.exp = "\"" + seconds_from_now(std::chrono::seconds(60)) + "\"";
  expect_refused(claims);
}

TEST_F(CdsToken, Wrong16GoodForever) {
  auto claims = hospital_.claims();
  claims.exp = seconds_from_now(std::chrono::hours(24 * 365));
  expect_refused(claims);
}

TEST_F(CdsToken, Wrong17MadeInTheFuture) {
  auto claims = hospital_.claims();
  claims.iat = seconds_from_now(std::chrono::seconds(61));
  expect_refused(claims);
}

TEST_F(CdsToken, Wrong18MadeAtNoTime) {
  auto claims = hospital_.claims();
  claims.iat = "";
  expect_refused(claims);
}

TEST_F(CdsToken, Wrong19NotGoodYet) {
  auto claims = hospital_.claims();
  claims.more = ",\"nbf\":" + seconds_from_now(std::chrono::seconds(61));
  expect_refused(claims);
}

TEST_F(CdsToken, Wrong20WithoutAName) {
  auto claims = hospital_.claims();
  claims.jti = "";
  expect_refused(claims);
  claims.jti = "\"\"";
  expect_refused(claims);
}

TEST_F(CdsToken, Wrong21UsedBefore) {
  const auto token = hospital_.token();
  EXPECT_EQ(status(token), 200);
  const auto asked = hospital_.bench.history->asked;
  EXPECT_EQ(status(token), 401);
  // Also at the end of its life, and in another token of that name.
  hospital_.bench.pass(std::chrono::seconds(300 + 59));
  EXPECT_EQ(status(token), 401);
  EXPECT_EQ(hospital_.bench.history->asked, asked);
}

TEST_F(CdsToken, Wrong22OfAnotherTenant) {
  auto claims = hospital_.claims();
  claims.more = R"(,"tenant":"t-18")";
  expect_refused(claims);  // none is configured
  hospital_.client.trust.tenant = "t-17";
  hospital_.open();
  expect_refused(claims);
  claims.more = "";
  expect_refused(claims);
}

TEST_F(CdsToken, Wrong23ChangedAfterItWasSigned) {
  const auto token = hospital_.token();
  auto claims = hospital_.claims();
  const auto other = hospital_.signed_by(hospital_.key, claims);
  expect_refused(other.substr(0, other.rfind('.')) + token.substr(token.rfind('.')));
}

TEST_F(CdsToken, Wrong24AMemberTwice) {
  auto claims = hospital_.claims();
  claims.more = ",\"iss\":\"https://other.example\"";
  expect_refused(claims);
}

TEST_F(CdsToken, Wrong25WhatIsNoToken) {
  for (const auto* text : {"x", "a.b", "..", "a.b.c", "Basic eDp5"})
    expect_refused(std::string(text));
  expect_refused(std::string(20'000, 'a'));
}

TEST(EhrKeys, AreFetchedOnceAndForAnUnknownKeyNotMoreThanOnceAMinute) {
  const auto one = *fhir::SmartKey::from_pem(private_pem(make_ec_key("P-384")), "ES384", "one");
  const auto two = *fhir::SmartKey::from_pem(private_pem(make_ec_key("P-384")), "ES384", "two");
  Instant now = *parse_instant("2026-11-20T10:00:00Z");
  int fetched = 0;
  Result<std::string> published = fhir::jwks({&one});
  cds_hooks::EhrKeys keys(
      [&] {
        ++fetched;
        return published;
      },
      [&] { return now; });
  EXPECT_TRUE(keys.with("one", "ES384"));
  EXPECT_TRUE(keys.with("one", "ES384"));
  EXPECT_FALSE(keys.with("one", "RS384"));
  EXPECT_FALSE(keys.with("two", "ES384"));
  EXPECT_EQ(fetched, 1);
  published = fhir::jwks({&two});
  now += std::chrono::seconds(60);
  EXPECT_TRUE(keys.with("two", "ES384")) << "the EHR changed its key";
  EXPECT_EQ(fetched, 2);
  EXPECT_FALSE(keys.with("one", "ES384"));
  published = Error{ErrorCode::unavailable, "test", "gone"};
  now += std::chrono::hours(23);
  EXPECT_TRUE(keys.with("two", "ES384")) << "the old ones stay good for a while";
  EXPECT_EQ(fetched, 3);
  now += std::chrono::hours(1);
  EXPECT_FALSE(keys.with("two", "ES384"));
}

}  // namespace
}  // namespace meridian::test
