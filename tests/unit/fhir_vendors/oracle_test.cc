// SPDX-License-Identifier: Apache-2.0
// Oracle Health Millennium, what is read: one resource on two pages, referrals that ignore _count,
// 500 for a fault of the request, outcomes among the entries, codings that only say why there is
// none, tokens of 570 s.
#include "unit/fhir_vendors/oracle.h"

#include <gtest/gtest.h>

#include "fhir/exchange/fhir_poll.h"
#include "fhir/read/reader.h"
#include "unit/fhir_client/jws.h"
#include "unit/fhir_vendors/inlet.h"

namespace meridian::fhir {
namespace {

using namespace std::chrono_literals;
using test::asked;
using test::json;
using test::kind;
using test::Oracle;
using test::outcome;
using test::page;
using test::Reply;
using test::Seen;

std::string order(const std::string& id, const std::string& version, const std::string& status) {
  return R"({"resourceType":"ServiceRequest","id":")" + id + R"(","meta":{"versionId":")" +
         version + R"(","lastUpdated":"2026-11-20T0)" + version + R"(:00:00.000Z"},"status":")" +
         status + R"(","intent":"order","subject":{"reference":"Patient/p1"}})";
}

PollSettings poll_settings(const Oracle& oracle) {
  PollSettings settings;
  settings.source = SourceId("hill");
  settings.base_url = oracle.base();
  settings.watches = {oracle.dialect().origin_watches.front()};
  settings.clock = [] { return test::fixed_now; };
  settings.patients = [] { return std::vector<std::string>{"Patient/p1"}; };
  return settings;
}

TEST(Oracle, AReferralOnTwoPagesIsTakenOnceInItsLatestVersion) {
  Oracle oracle;
  oracle.orders = {page({order("R-23456", "3", "revoked"), order("R-2", "1", "active")}, "next"),
                   page({order("R-23456", "2", "active")})};
  const auto client = oracle.client();
  test::KeepingInlet inlet;
  ASSERT_TRUE(FhirPoll(*client, poll_settings(oracle)).poll_once(inlet));
  ASSERT_EQ(inlet.of("ServiceRequest"), (std::vector<std::string>{"R-23456", "R-2"}));
  EXPECT_EQ(inlet.kept.front().sender_id, "ServiceRequest/R-23456/_history/3");

  oracle.orders = {page({order("R-23456", "2", "active")}, "next"),
                   page({order("R-23456", "3", "revoked")})};
  test::KeepingInlet later;
  ASSERT_TRUE(FhirPoll(*client, poll_settings(oracle)).poll_once(later));
  ASSERT_EQ(later.kept.size(), 1U);
  EXPECT_EQ(later.kept.front().sender_id, "ServiceRequest/R-23456/_history/3");
}

TEST(Oracle, AllReferralsOnTheFirstPageWhateverTheCountAreAllTaken) {
  Oracle oracle;
  std::vector<std::string> many;
  for (int i = 0; i < 130; ++i) many.push_back(order("R-" + std::to_string(i), "1", "active"));
  oracle.orders = {page(many, "next"), page({})};
  const auto client = oracle.client();
  test::KeepingInlet inlet;
  const auto polled = FhirPoll(*client, poll_settings(oracle)).poll_once(inlet);
  ASSERT_TRUE(polled) << polled.error().what.view();
  EXPECT_EQ(*polled, 130);
}

TEST(Oracle, OrdersAreAskedForAsItTakesThem) {
  Oracle oracle;
  oracle.orders = {page({order("R-1", "1", "active")})};
  const auto client = oracle.client();
  test::KeepingInlet inlet;
  ASSERT_TRUE(FhirPoll(*client, poll_settings(oracle)).poll_once(inlet));
  // The fake refuses what Oracle refuses; an order by its id stands alone.
  for (const auto& [params, good] :
       {std::pair{SearchParams{{"_id", "R-1"}}, true},
        {SearchParams{{"_id", "R-1"}, {"patient", "p1"}}, false},
        {SearchParams{{"intent", "order"}}, false},
        {SearchParams{{"patient", "p1"}, {"_lastUpdated", "ge2026-11-20T00:00:00.000Z"}}, true},
        {SearchParams{{"patient", "p1"}, {"_lastUpdated", "gt2026-11-20T00:00:00.000Z"}}, false},
        {SearchParams{{"patient", "p1"}, {"_lastUpdated", "ge2026-11-20"}}, false}}) {
    EXPECT_EQ(!client->search("ServiceRequest", params).failure, good) << params.back().second;
  }
}

TEST(Oracle, A500ThatBlamesTheRequestIsNotRepeated) {
  Oracle oracle;
  oracle.by_type["Procedure"] = json(500, outcome("error", "required"));
  const auto gathered = oracle.gather();
  EXPECT_EQ(kind(*gathered, "procedures").completeness, Completeness::failed);
  EXPECT_EQ(kind(*gathered, "procedures").detail, "refused");
  EXPECT_EQ(test::requests(oracle, "GET", "/fhir/Procedure"), 1U);
  EXPECT_EQ(kind(*gathered, "conditions").completeness, Completeness::complete);
}

TEST(Oracle, AnOutcomeInPlaceOfABadRecordMakesTheKindPartial) {
  Oracle oracle;
  oracle.by_type["Condition"] = json(
      200,
      R"({"resourceType":"Bundle","type":"searchset","entry":[)"
      R"({"resource":{"resourceType":"Condition","id":"c1","subject":{"reference":"Patient/p1"}}},)"
      R"({"resource":)" +
          outcome("error", "exception") + "}]}");
  const auto gathered = oracle.gather();
  EXPECT_EQ(kind(*gathered, "conditions").completeness, Completeness::partial);
  EXPECT_EQ(read_fhir(gathered->facts.bytes)->conditions.size(), 1U) << "the good one counts";
}

TEST(Oracle, ACodingThatSaysOnlyWhyThereIsNoneIsNoCode) {
  constexpr const char* reason = R"({"extension":[{"url":)"
                                 R"("http://hl7.org/fhir/StructureDefinition/data-absent-reason",)"
                                 R"("valueCode":"unknown"}]})";
  Oracle oracle;
  oracle.put(R"({"resourceType":"Condition","id":"c7","code":{"coding":[)" + std::string(reason) +
             R"(],"text":"Spinal stenosis"},"subject":{"reference":"Patient/p1"}})");
  const auto records = read_fhir(oracle.gather()->facts.bytes);
  ASSERT_TRUE(records);
  bool seen = false;
  for (const auto& condition : records->conditions) {
    if (condition.ref != "Condition/c7") continue;
    seen = true;
    EXPECT_EQ(condition.code.text, "Spinal stenosis");
    for (const auto& coding : condition.code.codings) EXPECT_FALSE(coding.code.empty());
  }
  EXPECT_TRUE(seen);
}

TEST(Oracle, ACombinedEncounterIsReadWhereItIsNamed) {
  Oracle oracle;
  oracle.combined = "e-old";  // searches hide it; a read says what it is part of
  oracle.put(
      R"({"resourceType":"Encounter","id":"e-old","status":"finished","class":{"code":"AMB"},)"
      R"("partOf":{"reference":"Encounter/p1-Encounter"},"subject":{"reference":"Patient/p1"}})");
  oracle.put(R"({"resourceType":"Condition","id":"c8","encounter":{"reference":"Encounter/e-old"},)"
             R"("subject":{"reference":"Patient/p1"}})");
  const auto gathered = oracle.gather();
  EXPECT_EQ(kind(*gathered, "encounters").completeness, Completeness::complete);
  const auto records = read_fhir(gathered->facts.bytes);
  ASSERT_TRUE(records);
  EXPECT_EQ(records->encounters.size(), 2U) << "the one that the condition names, and its whole";
}

TEST(Oracle, AContainedLocationDoesNotGetInTheWay) {
  Oracle oracle;
  oracle.put(
      R"({"resourceType":"Encounter","id":"e9","status":"finished","class":{"code":"AMB"},)"
      R"("contained":[{"resourceType":"Location","id":"l1","name":"Ward 3"}],)"
      R"("location":[{"location":{"reference":"#l1"}}],"subject":{"reference":"Patient/p1"}})");
  const auto gathered = oracle.gather();
  EXPECT_EQ(kind(*gathered, "encounters").completeness, Completeness::complete);
  const auto records = read_fhir(gathered->facts.bytes);
  ASSERT_TRUE(records);
  EXPECT_EQ(records->encounters.size(), 2U);
  EXPECT_EQ(test::requests(oracle, "GET", "/fhir/Location"), 0U);
}

TEST(Oracle, ItsMediaTypeOfMetadataIsRead) {
  Oracle oracle;
  const auto said = oracle.client()->capabilities();
  ASSERT_TRUE(said) << said.error().what.view();
  EXPECT_TRUE((*said)->allows("ServiceRequest", "search-type"));
}

TEST(Oracle, WhatIsNotAskedForAsJsonGets406AndIsSaidToBeNothing) {
  Oracle oracle;
  RawRequest request;
  request.path = "Binary/b1";
  request.headers = {{"Accept", "text/plain"}};
  const auto answer = oracle.client()->request(request);
  ASSERT_TRUE(answer);
  ASSERT_TRUE(answer->failure);
  EXPECT_EQ(answer->failure->code, ErrorCode::unsupported);
  EXPECT_NE(answer->outcome.front().text.find("HTTP 406"), std::string::npos);
  EXPECT_FALSE(oracle.client()->read("Patient/p1")->failure) << "we ask for JSON";
}

TEST(Oracle, AWrongTenantIsNamedByTheProbe) {
  Oracle oracle;
  oracle.wrong_tenant = true;
  const auto issues = oracle.client()->probe();
  ASSERT_FALSE(issues.empty());
  EXPECT_NE(issues.front().text.find("tenant"), std::string::npos) << issues.front().text;
}

/// Its token server: 570 s, and no second token within a minute.
class TokenOracle : public Oracle {
 public:
  TokenOracle() {
    const auto server = instead;
    instead = [this, server](const Seen& seen) -> std::optional<Reply> {
      if (asked(seen).type == "token") return token();
      const auto shown = seen.headers.find("authorization");
      if (shown == seen.headers.end() || shown->second != "Bearer t" + std::to_string(tokens)) {
        return json(401, "");
      }
      if (refuse) return json(401, "");
      return server(seen);
    };
  }

  ClientSettings with_tokens() const {
    auto settings = this->settings();
    SmartBackendAuth auth;
    auth.client_id = "meridian";
    auth.key_pem = Sensitive(test::private_pem(key_));
    auth.kid = "k1";
    auth.scopes = "system/Patient.rs";
    auth.token_url = server().url("/fhir/token");
    settings.auth = auth;
    return settings;
  }

  int tokens = 0;
  int too_soon = 0;
  bool refuse = false;

 private:
  Reply token() {
    if (tokens > 0 && now < last_ + 60s) {
      ++too_soon;
      return json(429, "");
    }
    last_ = now;
    return json(200, R"({"access_token":"t)" + std::to_string(++tokens) +
                         R"(","token_type":"Bearer","expires_in":570})");
  }

  test::Key key_ = test::make_rsa_key(2048);
  Instant last_;
};

TEST(Oracle, ATokenOf570SecondsServesUntilShortlyBeforeItsEnd) {
  TokenOracle oracle;
  const auto client = oracle.client(oracle.with_tokens());
  for (int i = 0; i < 90; ++i) {
    ASSERT_FALSE(client->read("Patient/p1")->failure);
    oracle.now += 20s;
  }
  EXPECT_EQ(oracle.tokens, 4) << "30 minutes";
  EXPECT_EQ(oracle.too_soon, 0);
}

TEST(Oracle, ATokenThatIsRefusedIsNotReplacedWithinTheMinute) {
  TokenOracle oracle;
  const auto client = oracle.client(oracle.with_tokens());
  ASSERT_FALSE(client->read("Patient/p1")->failure);
  oracle.refuse = true;
  for (int i = 0; i < 5; ++i) {
    const auto answer = client->read("Patient/p1");
    const auto code = answer ? answer->failure->code : answer.error().code;
    EXPECT_EQ(error_row(code).retry, RetryClass::transient) << "it is tried again later";
  }
  EXPECT_EQ(oracle.too_soon, 0);
  EXPECT_EQ(oracle.tokens, 1);
  oracle.refuse = false;
  oracle.now += 60s;
  EXPECT_FALSE(client->read("Patient/p1")->failure);
  EXPECT_EQ(oracle.tokens, 2);
}

}  // namespace
}  // namespace meridian::fhir
