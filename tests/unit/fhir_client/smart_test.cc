// SPDX-License-Identifier: Apache-2.0
// SMART Backend Services against a token server that checks what it gets, and the probe.
#include <set>

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "fhir/client/token_cache.h"
#include "unit/fhir_client/client_fixture.h"
#include "unit/fhir_client/jws.h"

namespace meridian::fhir {
namespace {

using namespace std::chrono_literals;
using test::ClientFixture;
using test::fixed_now;
using test::json;
using test::Reply;
using test::Seen;
using test::TestServer;

/// FHIR and token server in one. Tokens are "t1", "t2", ...; only the newest is good.
struct SmartServer {
  test::Key key = test::make_ec_key("P-384");
  int issued = 0;
  int asked = 0;
  int reads = 0;
  int refuse_reads = 0;              // that many reads get 401 whatever the token
  std::string token_members;         // of the token answer, beside access_token and token_type
  std::optional<Reply> token_reply;  // in place of a token
  std::optional<Reply> configuration;
  std::string date = "Fri, 20 Nov 2026 10:15:00 GMT";
  std::set<std::string> assertion_ids;
  TestServer server{[this](const Seen& seen) { return answer(seen); }};

  Reply answer(const Seen& seen) {
    Reply reply;
    if (seen.target == "/r4/.well-known/smart-configuration") {
      reply = configuration ? *configuration
                            : json(200, R"({"token_endpoint":")" + server.url("/token") +
                                            R"(","grant_types_supported":["client_credentials"]})");
    } else if (seen.target == "/token") {
      reply = token(seen);
    } else if (seen.target == "/r4/metadata") {
      reply = json(200, R"({"resourceType":"CapabilityStatement","fhirVersion":"4.0.1",
        "rest":[{"mode":"server","resource":[{"type":"Patient","interaction":[{"code":"read"}]}]}]})");
    } else {
      ++reads;
      const bool good = seen.headers.count("authorization") == 1 &&
                        seen.headers.at("authorization") == "Bearer t" + std::to_string(issued);
      reply = good && refuse_reads-- <= 0 ? json(200, R"({"resourceType":"Patient","id":"1"})")
                                          : json(401, "");
    }
    reply.headers.emplace_back("Date", date);
    return reply;
  }

  Reply token(const Seen& seen) {
    ++asked;
    EXPECT_EQ(seen.method, "POST");
    EXPECT_EQ(seen.headers.at("content-type"), "application/x-www-form-urlencoded");
    EXPECT_EQ(seen.headers.count("authorization"), 0u);
    EXPECT_EQ(test::form_field(seen.body, "grant_type"), "client_credentials");
    EXPECT_EQ(test::form_field(seen.body, "client_assertion_type"),
              "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    const auto jws = test::split_jws(test::form_field(seen.body, "client_assertion"));
    EXPECT_TRUE(test::verify_jws(key, jws, true));
    rapidjson::Document claims;
    claims.Parse(jws.claims.c_str());
    EXPECT_EQ(claims["aud"].GetString(), server.url("/token"));
    EXPECT_STREQ(claims["iss"].GetString(), "meridian");
    EXPECT_TRUE(assertion_ids.insert(claims["jti"].GetString()).second) << "jti used twice";
    if (token_reply) return *token_reply;
    ++issued;
    return json(200, R"({"access_token":"t)" + std::to_string(issued) +
                         R"(","token_type":"Bearer")" + token_members + "}");
  }
};

SmartBackendAuth auth_of(const SmartServer& smart) {
  SmartBackendAuth auth;
  auth.client_id = "meridian";
  auth.key_pem = Sensitive(test::private_pem(smart.key));
  auth.kid = "k1";
  auth.algorithm = "ES384";
  auth.scopes = "system/Patient.rs system/Task.cu";
  return auth;
}

struct SmartFixture : ClientFixture {
  SmartServer& smart;
  Instant now = fixed_now;

  explicit SmartFixture(SmartServer& with) : ClientFixture(with.server.url("/r4")), smart(with) {
    settings.auth = auth_of(with);
    surroundings.clock = [this] { return now; };
  }
};

TEST(Smart, DiscoversTheTokenServerAndAsksOnceForManyCalls) {
  SmartServer smart;
  SmartFixture fixture(smart);
  const auto client = fixture.client();
  for (int i = 0; i < 5; ++i) {
    const auto answer = client->read("Patient/1");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->reference, "Patient/1");
  }
  EXPECT_EQ(smart.asked, 1);
  EXPECT_EQ(smart.server.seen()[1].body.find("scope=system%2FPatient.rs%20system%2FTask.cu") !=
                std::string::npos,
            true);
}

TEST(Smart, RefreshesBeforeTheTokenEnds) {
  SmartServer smart;
  smart.token_members = R"(,"expires_in":570)";  // as Oracle Health
  SmartFixture fixture(smart);
  const auto client = fixture.client();
  ASSERT_FALSE(client->read("Patient/1")->failure);
  fixture.now += 512s;
  ASSERT_FALSE(client->read("Patient/1")->failure);
  EXPECT_EQ(smart.asked, 1);
  fixture.now += 2s;  // 570 - 10 % = 513
  ASSERT_FALSE(client->read("Patient/1")->failure);
  EXPECT_EQ(smart.asked, 2);
}

TEST(Smart, AShortTokenIsUsedForHalfItsLife) {
  SmartServer smart;
  smart.token_members = R"(,"expires_in":"40")";
  SmartFixture fixture(smart);
  const auto client = fixture.client();
  ASSERT_FALSE(client->read("Patient/1")->failure);
  fixture.now += 19s;
  ASSERT_FALSE(client->read("Patient/1")->failure);
  EXPECT_EQ(smart.asked, 1);
  fixture.now += 1s;
  ASSERT_FALSE(client->read("Patient/1")->failure);
  EXPECT_EQ(smart.asked, 2);
}

TEST(Smart, A401IsAnsweredOnceWithANewTokenAndANewAssertion) {
  SmartServer smart;
  smart.refuse_reads = 1;
  SmartFixture fixture(smart);
  const auto answer = fixture.client()->read("Patient/1");
  ASSERT_TRUE(answer);
  EXPECT_FALSE(answer->failure);
  EXPECT_EQ(smart.asked, 2);
  EXPECT_EQ(smart.reads, 2);
  EXPECT_TRUE(fixture.waits.empty());
}

TEST(Smart, ASecond401IsTheAnswer) {
  SmartServer smart;
  smart.refuse_reads = 100;
  SmartFixture fixture(smart);
  const auto answer = fixture.client()->read("Patient/1");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->failure->code, ErrorCode::unauthorized);
  EXPECT_EQ(smart.reads, 2);
}

TEST(Smart, ClientsThatShareACacheShareTheToken) {
  SmartServer smart;
  SmartFixture fixture(smart);
  fixture.surroundings.tokens = std::make_shared<TokenCache>();
  const auto first = fixture.client();
  const auto second = fixture.client();
  ASSERT_TRUE(first->read("Patient/1"));
  ASSERT_TRUE(second->read("Patient/1"));
  EXPECT_EQ(smart.asked, 1);
}

TEST(Smart, ManyThreadsMakeOneTokenRequest) {
  SmartServer smart;
  SmartFixture fixture(smart);
  const auto client = fixture.client();
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] { EXPECT_TRUE(client->read("Patient/1")); });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(smart.asked, 1);
}

TEST(Smart, RefusalsAreNeverRepeatedAndToldApart) {
  for (const auto& [word, code] : {std::pair{"invalid_client", ErrorCode::unauthorized},
                                   {"unauthorized_client", ErrorCode::forbidden},
                                   {"invalid_scope", ErrorCode::misconfigured},
                                   {"invalid_grant", ErrorCode::unauthorized},
                                   {"unsupported_grant_type", ErrorCode::unsupported}}) {
    SmartServer smart;
    smart.token_reply = json(400, std::string(R"({"error":")") + word + R"("})");
    SmartFixture fixture(smart);
    const auto client = fixture.client();
    const auto answer = client->read("Patient/1");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, code) << word;
    EXPECT_EQ(smart.asked, 1);
    EXPECT_FALSE(client->read("Patient/1"));
    EXPECT_EQ(smart.asked, 1) << "nor by the next call, for a minute";
    EXPECT_EQ(smart.reads, 0) << "and nothing is read without a token";
  }
}

TEST(Smart, ATokenServerThatIsBusyIsAskedAgainWithANewAssertion) {
  SmartServer smart;
  smart.token_reply = json(503, "");
  smart.token_reply->headers.emplace_back("Retry-After", "3");
  SmartFixture fixture(smart);
  fixture.settings.limits.attempts = 3;
  const auto answer = fixture.client()->create("Task", "{}");
  ASSERT_FALSE(answer);
  EXPECT_EQ(error_row(answer.error().code).retry, RetryClass::transient)
      << "the create itself has not left";
  EXPECT_EQ(smart.assertion_ids.size(), 3u);
  EXPECT_GE(fixture.waits.at(0), 3s);
}

TEST(Smart, ATokenServerThatDoesNotAnswerLeavesTheCallTransient) {
  SmartServer smart;
  smart.token_reply = Reply{};
  smart.token_reply->fault = test::Fault::close_unanswered;
  SmartFixture fixture(smart);
  fixture.settings.limits.attempts = 2;
  const auto answer = fixture.client()->create("Task", "{}");
  ASSERT_FALSE(answer);
  EXPECT_EQ(error_row(answer.error().code).retry, RetryClass::transient);
}

TEST(Smart, AnOddTokenAnswerIsRefused) {
  for (const char* body :
       {"", "[]", "{}", R"({"access_token":"x","token_type":"mac"})", R"({"access_token":7})",
        R"({"access_token":"x"})", R"({"access_token":"","token_type":"bearer"})"}) {
    SmartServer smart;
    smart.token_reply = json(200, body);
    const auto answer = SmartFixture(smart).client()->read("Patient/1");
    ASSERT_FALSE(answer) << body;
    EXPECT_EQ(answer.error().code, ErrorCode::malformed);
  }
  SmartServer smart;
  smart.token_reply = json(200, R"({"access_token":"x\r\nX-Evil: 1","token_type":"bearer"})");
  EXPECT_FALSE(SmartFixture(smart).client()->read("Patient/1"));
  EXPECT_EQ(smart.reads, 0);
}

TEST(Smart, ATokenEndpointWithoutTlsElsewhereIsRefused) {
  SmartServer smart;
  smart.configuration = json(200, R"({"token_endpoint":"http://ehr.example.com/token"})");
  const auto answer = SmartFixture(smart).client()->read("Patient/1");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::untrusted);
}

TEST(Smart, AKeyThatDoesNotFitIsSaidWhenTheClientIsMade) {
  SmartServer smart;
  SmartFixture fixture(smart);
  auto auth = auth_of(smart);
  auth.algorithm = "RS384";
  fixture.settings.auth = auth;
  const auto made = FhirClient::create(fixture.settings, fixture.surroundings);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().what.view(), "RS384 needs an RSA key of at least 2048 bit");
  auth.key_pem = {};
  auth.key_file = "/no/such/key.pem";
  fixture.settings.auth = auth;
  EXPECT_EQ(FhirClient::create(fixture.settings).error().what.view(),
            "the key file cannot be read");
}

/// The issues' paths and beginnings, for comparing.
std::string text_of(const Issues& issues) {
  std::string text;
  for (const auto& issue : issues) {
    text +=
        std::string(severity_name(issue.severity)) + " " + issue.path + ": " + issue.text + "\n";
  }
  return text;
}

bool says(const Issues& issues, const std::string& words) {
  return text_of(issues).find(words) != std::string::npos;
}

TEST(Probe, FindsNothingWrongWithAServerThatIsRight) {
  SmartServer smart;
  smart.token_members = R"(,"scope":"system/Patient.rs system/Task.cruds")";
  EXPECT_EQ(text_of(SmartFixture(smart).client()->probe({{"Patient", "read"}})), "");
}

TEST(Probe, NamesAServerThatIsNotThere) {
  ClientFixture fixture("https://no-such-host.invalid/r4");
  fixture.settings.egress = Egress::only({"no-such-host.invalid", 443});
  const auto issues = fixture.client()->probe();
  ASSERT_EQ(issues.size(), 1u);
  EXPECT_EQ(issues[0].path, "fhir");
  EXPECT_TRUE(says(issues, "the host name cannot be resolved: check the server's address, DNS"));
}

TEST(Probe, NamesACertificateForAnotherHost) {
  const test::Authority authority;
  const test::TempFile ca(authority.pem());
  TestServer server([](const Seen&) { return json(200, "{}"); },
                    authority.issue("DNS:ehr.example.com"));
  ClientFixture fixture(server.url("/r4"));
  fixture.settings.ca_file = ca.path();
  EXPECT_TRUE(says(fixture.client()->probe(), "the certificate is for another host name"));
}

TEST(Probe, NamesAMissingSmartConfiguration) {
  SmartServer smart;
  smart.configuration = json(404, "");
  const auto issues = SmartFixture(smart).client()->probe();
  ASSERT_EQ(issues.size(), 1u);
  EXPECT_EQ(issues[0].path, "issuer");
  EXPECT_TRUE(says(issues, ".well-known/smart-configuration"));
  EXPECT_EQ(smart.asked, 0);
}

TEST(Probe, NamesAnAlgorithmTheServerDoesNotList) {
  SmartServer smart;
  smart.configuration =
      json(200, R"({"token_endpoint":")" + smart.server.url("/token") +
                    R"(","token_endpoint_auth_signing_alg_values_supported":["RS384"]})");
  EXPECT_TRUE(says(SmartFixture(smart).client()->probe(), "does not list ES384"));
}

TEST(Probe, TellsInvalidClientFromUnauthorizedClient) {
  SmartServer smart;
  smart.token_reply =
      json(401, R"({"error":"invalid_client","error_description":"kid k1 is not in the JWKS"})");
  const auto unknown = SmartFixture(smart).client()->probe();
  EXPECT_TRUE(says(unknown, "(invalid_client)"));
  EXPECT_TRUE(says(unknown, "compare client_id, kid"));
  EXPECT_TRUE(says(unknown, "kid k1 is not in the JWKS")) << "in the server's own words";
  smart.token_reply = json(400, R"({"error":"unauthorized_client"})");
  const auto not_allowed = SmartFixture(smart).client()->probe();
  EXPECT_TRUE(says(not_allowed, "(unauthorized_client)"));
  EXPECT_TRUE(says(not_allowed, "ask the server's administrator to allow"));
}

TEST(Probe, NamesClocksThatDiffer) {
  SmartServer smart;
  smart.date = "Fri, 20 Nov 2026 10:13:00 GMT";
  EXPECT_TRUE(says(SmartFixture(smart).client()->probe(), "120 s apart (ours is ahead)"));
  smart.date = "Fri, 20 Nov 2026 10:15:59 GMT";
  EXPECT_FALSE(says(SmartFixture(smart).client()->probe(), "apart"));
}

TEST(Probe, NamesScopesThatWereNotGranted) {
  SmartServer smart;
  smart.token_members = R"(,"scope":"system/Patient.rs")";
  EXPECT_TRUE(says(SmartFixture(smart).client()->probe(), "asked for the scope system/Task.cu"));
}

TEST(Probe, NamesEachInteractionThatIsMissing) {
  SmartServer smart;
  const auto issues = SmartFixture(smart).client()->probe(
      {{"Patient", "read"}, {"Task", "update"}, {"", "transaction"}});
  EXPECT_EQ(issues.size(), 2u);
  EXPECT_TRUE(says(issues, "/metadata does not list update of Task"));
  EXPECT_TRUE(says(issues, "/metadata does not list transaction of the system"));
}

TEST(Probe, NamesAServerOfAnotherVersion) {
  TestServer server([](const Seen&) {
    return json(200, R"({"resourceType":"CapabilityStatement","fhirVersion":"3.0.2","rest":[]})");
  });
  EXPECT_TRUE(says(ClientFixture(server.url("/r4")).client()->probe(), "speaks FHIR 3.0.2"));
}

}  // namespace
}  // namespace meridian::fhir
