// SPDX-License-Identifier: Apache-2.0
// The pager against a real server: what is posted, and what each answer means.
#include "pager/pager.h"

#include <gtest/gtest.h>

#include "unit/fhir_client/certificates.h"
#include "unit/http/running_server.h"

namespace meridian::pager {
namespace {

Letter alert() {
  Letter letter;
  letter.kind = Letter::Kind::alert;
  letter.referral_id = "01REFERRAL";
  letter.source_order = "ServiceRequest/5";
  letter.source_patient = "Patient/canary";
  letter.contact = "spine surgeon on call";
  letter.reason = "RF01: \"cauda equina\" features";
  letter.link = "https://meridian.example/alerts/x.y";
  letter.at = *parse_instant("2026-11-20T10:00:00Z");
  return letter;
}

/// A gateway that answers with one status and keeps the last request.
class Gateway {
 public:
  explicit Gateway(int status, http::Settings settings = {})
      : server_(std::move(settings), router(status)) {}

  std::string url(const std::string& scheme = "http") const {
    return scheme + "://127.0.0.1:" + std::to_string(server_.port()) + "/page?unit=spine";
  }
  http::Request last;

 private:
  http::Router router(int status) {
    http::Router router;
    router.add({"POST", "/page", [this, status](const http::Request& request) {
                  last = request;
                  return http::make_response(status, "text/plain", "noted");
                }});
    return router;
  }
  test::RunningServer server_;
};

Result<Receipt> page(const std::string& url, const std::string& ca_file = {},
                     std::shared_ptr<const Egress> egress = Egress::this_machine()) {
  auto sender = PagerSender::create({url, ca_file, std::chrono::milliseconds(5'000), egress});
  if (!sender) return sender.error();
  return (*sender)->send(*PagerRenderer().render(alert(), {}), false);
}

TEST(Pager, PostsTheOrderAndTheLinkAndNeverThePatient) {
  Gateway gateway(202);
  ASSERT_TRUE(page(gateway.url()));
  EXPECT_EQ(gateway.last.header("content-type"), media_type);
  EXPECT_FALSE(gateway.last.header("idempotency-key").empty());
  EXPECT_EQ(gateway.last.query_value("unit"), "spine");
  EXPECT_NE(gateway.last.body.find("\"order\":\"ServiceRequest/5\""), std::string::npos);
  EXPECT_NE(gateway.last.body.find("https://meridian.example/alerts/x.y"), std::string::npos);
  EXPECT_NE(gateway.last.body.find("RF01: \\\"cauda equina\\\" features"), std::string::npos);
  EXPECT_EQ(gateway.last.body.find("canary"), std::string::npos);
}

TEST(Pager, TheAnswerDecidesWhetherItIsTriedAgain) {
  const std::pair<int, RetryClass> answers[] = {{503, RetryClass::transient},
                                                {429, RetryClass::transient},
                                                {401, RetryClass::permanent},
                                                {400, RetryClass::permanent}};
  for (const auto& [status, retry] : answers) {
    Gateway gateway(status);
    const auto sent = page(gateway.url());
    ASSERT_FALSE(sent) << status;
    EXPECT_EQ(error_row(sent.error().code).retry, retry) << status;
    EXPECT_EQ(sent.error().detail, status);
  }
}

TEST(Pager, NobodyThereIsTransient) {
  std::string url;
  {
    Gateway gateway(200);
    url = gateway.url();
  }
  const auto sent = page(url);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, ErrorCode::unavailable);
}

TEST(Pager, PlainHttpStaysOnTheLoopback) {
  EXPECT_TRUE(PagerSender::create({"http://127.0.0.1:1/", "", {}}));
  for (const char* url : {"http://pager.example/", "http://127.evil.example/", "ftp://127.0.0.1/",
                          "https://", "not a url"}) {
    const auto made = PagerSender::create({url, "", {}});
    ASSERT_FALSE(made) << url;
    EXPECT_EQ(made.error().code, ErrorCode::misconfigured);
  }
}

TEST(Pager, TakesOnlyAlerts) {
  auto letter = alert();
  letter.kind = Letter::Kind::referral;
  EXPECT_FALSE(PagerRenderer().render(letter, {}));
}

TEST(Pager, TrustsOnlyACertificateOfTheGivenAuthorityForThatHost) {
  const test::Authority authority;
  const test::Authority stranger("Stranger");
  const test::TempFile ca(authority.pem());
  const auto gateway_of = [&](const test::Authority& issuer, const char* names, auto use) {
    const auto identity = issuer.issue(names);
    const test::TempFile certificate(test::pem_of(identity.certificate));
    const test::TempFile key(test::private_pem(identity.key));
    http::Settings settings;
    settings.certificate_file = certificate.path();
    settings.key_file = key.path();
    Gateway gateway(200, settings);
    use(page(gateway.url("https"), ca.path()));
  };
  gateway_of(authority, "IP:127.0.0.1", [](const auto& sent) { EXPECT_TRUE(sent); });
  gateway_of(stranger, "IP:127.0.0.1", [](const auto& sent) { EXPECT_FALSE(sent); });
  gateway_of(authority, "DNS:pager.example", [](const auto& sent) { EXPECT_FALSE(sent); });
}

/// A gateway by the name pager.example, at those addresses.
class NamedGateway {
 public:
  explicit NamedGateway(std::vector<std::string> addresses, std::vector<Network> networks = {}) {
    const test::Authority authority;
    const auto identity = authority.issue("DNS:pager.example");
    const test::TempFile ca(authority.pem());
    const test::TempFile certificate(test::pem_of(identity.certificate));
    const test::TempFile key(test::private_pem(identity.key));
    http::Settings settings;
    settings.certificate_file = certificate.path();
    settings.key_file = key.path();
    Gateway gateway(200, settings);
    auto url = gateway.url("https");
    url.replace(url.find("127.0.0.1"), 9, "Pager.example");
    const Place place = *parse_place(url.substr(8, url.find("/page") - 8));
    sent = page(url, ca.path(),
                std::make_shared<const Egress>(EgressRules{{place}, std::move(networks)},
                                               [&](const std::string&) {
                                                 ++look_ups;
                                                 return addresses;
                                               }));
    host = gateway.last.header("host");
  }

  Result<Receipt> sent = Error{ErrorCode::internal, "test", "not sent"};
  int look_ups = 0;
  std::string host;
};

TEST(Pager, LooksItsGatewayUpOnceAndConnectsToWhatWasJudged) {
  const NamedGateway right({"127.0.0.1"}, {*parse_network("127.0.0.1")});
  EXPECT_TRUE(right.sent);
  EXPECT_EQ(right.look_ups, 1);
  EXPECT_TRUE(right.host.starts_with("pager.example:")) << right.host;
  const NamedGateway next_address({"127.0.0.9", "127.0.0.1"}, {*parse_network("127.0.0.0/8")});
  EXPECT_TRUE(next_address.sent) << "an alert does not fail for the first address";
}

TEST(Pager, GoesNowhereThatTheSiteDoesNotAllow) {
  for (const auto* address : {"127.0.0.1", "::ffff:127.0.0.1", "169.254.169.254"}) {
    const NamedGateway gateway({address});
    ASSERT_FALSE(gateway.sent) << address;
    EXPECT_EQ(gateway.sent.error().code, ErrorCode::misconfigured);
    EXPECT_EQ(gateway.host, "");
  }
}

}  // namespace
}  // namespace meridian::pager
