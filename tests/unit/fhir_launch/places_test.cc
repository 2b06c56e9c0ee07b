// SPDX-License-Identifier: Apache-2.0
// Which EHR launches, where it signs people in, and the form of PKCE.
#include <gtest/gtest.h>

#include "fhir/launch/ehr_sign_in.h"
#include "fhir/launch/exchange.h"

namespace meridian::fhir {
namespace {

std::string document(const std::string& methods, const std::string& place = "https://ehr.example") {
  return R"({"authorization_endpoint":")" + place + R"(/a","token_endpoint":")" + place +
         R"(/t","issuer":"https://ehr.example","jwks_uri":")" + place +
         R"(/k","code_challenge_methods_supported":)" + methods + "}";
}

TEST(Places, OfAnEhrThatDoesS256) {
  const auto places = read_places(document(R"(["plain","S256"])"), {});
  ASSERT_TRUE(places);
  EXPECT_EQ(places->token_endpoint, "https://ehr.example/t");
  EXPECT_EQ(places->jwks_uri, "https://ehr.example/k");
}

TEST(Places, NoneOfAnEhrThatDoesNotOrLeadsElsewhereInTheClear) {
  for (const auto* methods : {"[]", R"(["plain"])", R"(["s256"])", R"("S256")", "null"}) {
    EXPECT_FALSE(read_places(document(methods), {})) << methods;
  }
  EXPECT_FALSE(read_places(document(R"(["S256"])", "http://ehr.example"), {}));
  EXPECT_FALSE(read_places(R"({"code_challenge_methods_supported":["S256"]})", {}));
  EXPECT_FALSE(read_places("[]", {}));
  EXPECT_FALSE(read_places("", {}));
}

TEST(Places, IssuerAndKeysMayStandInOpenidConfiguration) {
  const auto smart = R"({"authorization_endpoint":"https://e.example/a",
    "token_endpoint":"https://e.example/t","code_challenge_methods_supported":["S256"]})";
  const auto places =
      read_places(smart, R"({"issuer":"https://i.example","jwks_uri":"https://i.example/k"})");
  ASSERT_TRUE(places);
  EXPECT_EQ(places->issuer, "https://i.example");
  EXPECT_EQ(places->jwks_uri, "https://i.example/k");
}

TEST(Base, IsTheSameInItsPartsAndNothingElse) {
  const std::string base = "https://ehr.example/fhir/r4";
  for (const auto* same : {"https://ehr.example/fhir/r4", "https://ehr.example/fhir/r4/",
                           "https://EHR.example:443/fhir/r4"}) {
    EXPECT_TRUE(same_base(base, same)) << same;
  }
  for (const auto* other :
       {"", "ehr.example/fhir/r4", "http://ehr.example/fhir/r4", "https://ehr.example/fhir",
        "https://ehr.example/fhir/r4/more", "https://ehr.example/fhir/R4",
        "https://ehr.example:444/fhir/r4", "https://ehr.example/fhir/r4?x=1",
        "https://ehr.example@evil.example/fhir/r4", "https://ehr.example.evil.example/fhir/r4",
        "https://ehr.example/fhir/r4/../r4"}) {
    EXPECT_FALSE(same_base(base, other)) << other;
  }
}

TEST(Pkce, ChallengeIsThatOfTheStandard) {
  // Source: RFC 7636 appendix B
  EXPECT_EQ(code_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

}  // namespace
}  // namespace meridian::fhir
