// SPDX-License-Identifier: Apache-2.0
// A connection goes to the address that was judged, and nowhere else.
#include <gtest/gtest.h>

#include "unit/fhir_client/client_fixture.h"
#include "unit/fhir_client/jws.h"

namespace meridian::fhir {
namespace {

using test::ClientFixture;
using test::json;
using test::Seen;
using test::TestServer;

constexpr const char* ehr = "ehr.example";

test::Reply good(const Seen&) {
  return json(200, R"({"resourceType":"Patient","id":"1"})");
}

/// Answers that a resolver gives one after the other; the last one again and again.
struct Resolver {
  std::vector<std::string> answers;
  std::size_t asked = 0;

  std::shared_ptr<const Egress> egress(std::uint16_t port,
                                       const std::vector<std::string>& networks = {}) {
    EgressRules rules{{{ehr, port}}, {}};
    for (const auto& network : networks) rules.networks.push_back(*parse_network(network));
    return std::make_shared<const Egress>(std::move(rules), [this](const std::string&) {
      return std::vector{answers[std::min(asked++, answers.size() - 1)]};
    });
  }
};

TEST(Egress, ANameThatLeadsToThisMachineGetsNoConnection) {
  const TestServer server(good);
  Resolver resolver{{"127.0.0.1"}};
  ClientFixture fixture(server.url("/r4", ehr));
  fixture.settings.allow_plain_http = true;
  fixture.settings.egress = resolver.egress(server.port());
  const auto answer = fixture.client()->read("Patient/1");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::misconfigured);
  EXPECT_EQ(error_row(answer.error().code).retry, RetryClass::permanent);
  EXPECT_TRUE(fixture.waits.empty()) << "asking again would not help";
  EXPECT_EQ(server.connections(), 0);
}

TEST(Egress, ANameIsLookedUpOnceForEachConnection) {
  const TestServer server([](const Seen&) {
    auto reply = json(200, R"({"resourceType":"Patient","id":"1"})");
    reply.headers.emplace_back("Connection", "close");
    return reply;
  });
  Resolver resolver{{"127.0.0.1", "127.0.0.3"}};  // rebound after the first answer
  ClientFixture fixture(server.url("/r4", ehr));
  fixture.settings.allow_plain_http = true;
  fixture.settings.egress = resolver.egress(server.port(), {"127.0.0.1"});
  const auto client = fixture.client();
  EXPECT_TRUE(client->read("Patient/1"));
  EXPECT_EQ(resolver.asked, 1u) << "the address that was judged is the one that is used";
  EXPECT_EQ(server.seen().back().headers.at("host"), ehr + (":" + std::to_string(server.port())));
  const auto rebound = client->read("Patient/1");
  ASSERT_FALSE(rebound);
  EXPECT_EQ(rebound.error().code, ErrorCode::misconfigured);
  EXPECT_EQ(resolver.asked, 2u);
  EXPECT_EQ(server.connections(), 1);
}

TEST(Egress, TheCertificateIsThatOfTheNameAndNotOfItsAddress) {
  const test::Authority authority;
  const test::TempFile ca(authority.pem());
  for (const auto* names : {"DNS:ehr.example", "IP:127.0.0.1"}) {
    const TestServer server(good, authority.issue(names));
    Resolver resolver{{"127.0.0.1"}};
    ClientFixture fixture(server.url("/r4", ehr));
    fixture.settings.ca_file = ca.path();
    fixture.settings.egress = resolver.egress(server.port(), {"127.0.0.0/8"});
    const auto answer = fixture.client()->read("Patient/1");
    EXPECT_EQ(answer.has_value(), std::string(names) == "DNS:ehr.example") << names;
    if (answer) continue;
    EXPECT_EQ(answer.error().code, ErrorCode::untrusted);
  }
}

/// A FHIR server whose configuration sends those who want a token to another server.
struct Misleading {
  std::atomic<int> asked_for_token = 0;
  std::atomic<std::size_t> credentials = 0;
  TestServer other{[this](const Seen& seen) {
    asked_for_token += seen.method == "POST";
    return json(200, R"({"access_token":"t1","token_type":"Bearer"})");
  }};
  TestServer server{[this](const Seen& seen) {
    if (seen.target == "/r4/.well-known/smart-configuration") {
      return json(200, R"({"token_endpoint":")" + other.url("/token") + R"("})");
    }
    credentials += seen.headers.count("authorization");
    return good(seen);
  }};

  std::unique_ptr<FhirClient> client(bool other_is_named) const {
    ClientFixture fixture(server.url("/r4"));
    SmartBackendAuth auth;
    auth.client_id = "meridian";
    auth.key_pem = Sensitive(test::private_pem(test::make_ec_key("P-384")));
    auth.kid = "k1";
    auth.algorithm = "ES384";
    auth.scopes = "system/Patient.rs";
    fixture.settings.auth = auth;
    EgressRules rules{{{"127.0.0.1", server.port()}}, {}};
    if (other_is_named) rules.places.insert({"127.0.0.1", other.port()});
    fixture.settings.egress = std::make_shared<const Egress>(std::move(rules));
    fixture.surroundings.waiter = [](std::chrono::milliseconds) { return true; };
    return fixture.client();
  }
};

TEST(Egress, AServerThatNamesAnotherForTokensGetsNone) {
  const Misleading peer;
  const auto answer = peer.client(false)->read("Patient/1");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::misconfigured);
  EXPECT_EQ(peer.other.connections(), 0);
  EXPECT_EQ(peer.credentials, 0u);
}

TEST(Egress, TheOtherServerIsAskedWhereTheSiteNamesIt) {
  const Misleading peer;
  EXPECT_TRUE(peer.client(true)->read("Patient/1"));
  EXPECT_EQ(peer.asked_for_token, 1);
  EXPECT_EQ(peer.credentials, 1u);
}

TEST(Egress, TheProbeSaysWhatToAdd) {
  const Misleading peer;
  const auto issues = peer.client(false)->probe();
  ASSERT_EQ(issues.size(), 1u);
  EXPECT_EQ(issues[0].path, "issuer");
  EXPECT_NE(issues[0].text.find("add \"127.0.0.1:" + std::to_string(peer.other.port()) +
                                "\" to [egress] hosts"),
            std::string::npos)
      << issues[0].text;
  EXPECT_EQ(peer.other.connections(), 0);
}

}  // namespace
}  // namespace meridian::fhir
