// SPDX-License-Identifier: Apache-2.0
// Which EHR launches, where it signs people in, and the form of PKCE.
#include <gtest/gtest.h>

#include "fhir/launch/ehr_sign_in.h"
#include "fhir/launch/exchange.h"
#include "unit/fhir_client/test_server.h"

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

/// What a launch comes to when the EHR's documents send it to another server for that.
ErrorCode launched(bool token_elsewhere, bool keys_elsewhere, int& connections) {
  const test::TestServer other([](const auto&) { return test::json(200, "{}"); });
  std::string places;
  const test::TestServer ehr([&](const test::Seen& seen) {
    return test::json(200, seen.method == "POST"
                               ? R"({"access_token":"t","token_type":"Bearer","id_token":"x"})"
                               : places);
  });
  places = R"({"authorization_endpoint":")" + ehr.url("/a") + R"(","token_endpoint":")" +
           (token_elsewhere ? other : ehr).url("/t") + R"(","issuer":")" + ehr.url() +
           R"(","jwks_uri":")" + (keys_elsewhere ? other : ehr).url("/k") +
           R"(","code_challenge_methods_supported":["S256"]})";
  LaunchHospital hospital;
  hospital.source = "ridge";
  hospital.iss = ehr.url();
  hospital.client_id = "view";
  hospital.egress = Egress::only({"127.0.0.1", ehr.port()});
  const auto found = EhrSignIn(system_now).places_of(hospital);
  EXPECT_TRUE(found);
  const auto answer = exchange_code(hospital, *found,
                                    {"the code", "https://m.example/back", "v", "n"}, system_now());
  connections = other.connections();
  return answer ? ErrorCode::internal : answer.error().code;
}

TEST(Places, OfAnotherHostGetNeitherCodeNorQuestion) {
  int connections = 0;
  EXPECT_EQ(launched(true, false, connections), ErrorCode::misconfigured);
  EXPECT_EQ(connections, 0);
  EXPECT_EQ(launched(false, true, connections), ErrorCode::misconfigured);
  EXPECT_EQ(connections, 0);
  EXPECT_EQ(launched(false, false, connections), ErrorCode::unauthorized) << "the id_token is none";
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
