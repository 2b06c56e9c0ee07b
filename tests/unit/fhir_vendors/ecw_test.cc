// SPDX-License-Identifier: Apache-2.0
// eClinicalWorks: 250 calls a minute and practice, those for a token among them; more are refused
// until the top of the minute, and not said for how long.
#include <gtest/gtest.h>

#include "fhir/client/call_budget.h"
#include "unit/fhir_client/jws.h"
#include "unit/fhir_vendors/vendor.h"

namespace meridian::fhir {
namespace {

using namespace std::chrono_literals;
using test::asked;
using test::json;
using test::Reply;
using test::Seen;

class Ecw : public test::Vendor {
 public:
  Ecw() : Vendor("ecw") {
    admit_patient();
    instead = [this](const Seen& seen) { return quirk(seen); };
  }

  SmartBackendAuth auth() const {
    SmartBackendAuth auth;
    auth.client_id = "meridian";
    auth.key_pem = Sensitive(test::private_pem(key_));
    auth.kid = "k1";
    auth.algorithm = "RS384";
    auth.scopes = "system/Patient.rs system/Condition.rs";
    auth.token_url = server().url("/fhir/token");
    return auth;
  }

  int refused = 0;
  int tokens = 0;
  int limit = 250;
  std::chrono::seconds ahead{0};  ///< how far its clock is ahead of ours

 private:
  std::optional<Reply> quirk(const Seen& seen) {
    const auto minute = std::chrono::floor<std::chrono::minutes>(now + ahead);
    if (minute != minute_) calls_ = 0;
    minute_ = minute;
    if (++calls_ > limit) {
      ++refused;
      return json(429, "");
    }
    if (asked(seen).type == "token") {
      const auto jws = test::split_jws(test::form_field(seen.body, "client_assertion"));
      if (jws.header.find("RS384") == std::string::npos) {
        return json(400, R"({"error":"invalid_client"})");
      }
      ++tokens;
      return json(200, R"({"access_token":"t","token_type":"Bearer","expires_in":300})");
    }
    if (seen.headers.count("authorization") == 0) return json(401, "");
    return std::nullopt;
  }

  test::Key key_ = test::make_rsa_key(2048);
  std::chrono::sys_time<std::chrono::minutes> minute_;
  int calls_ = 0;
};

TEST(Ecw, TheClientKeepsItsPaceSoThatNothingIsRefused) {
  Ecw ecw;
  ecw.ahead = 17s;
  auto settings = ecw.settings();
  settings.auth = ecw.auth();
  const auto client = ecw.client(settings);
  const auto begun = ecw.now;
  for (int i = 0; i < 600; ++i) {
    const auto answer = client->read("Patient/p1");
    ASSERT_TRUE(answer) << answer.error().what.view();
    ASSERT_EQ(answer->status, 200);
    ecw.now += 10ms;
  }
  EXPECT_EQ(ecw.refused, 0);
  EXPECT_GE(ecw.now - begun, 120s);
  EXPECT_LT(ecw.now - begun, 130s) << "and is no slower than it must";
}

TEST(Ecw, WhatOthersOfThePracticeUsedUpIsWaitedForToTheTopOfTheMinute) {
  Ecw ecw;
  ecw.limit = 3;  // another program has used the rest
  auto settings = ecw.settings();
  settings.auth = ecw.auth();
  const auto client = ecw.client(settings);
  for (int i = 0; i < 4; ++i) ASSERT_EQ(client->read("Patient/p1")->status, 200) << i;
  EXPECT_EQ(ecw.refused, 1);
  EXPECT_EQ(ecw.now, test::fixed_now + 60s) << "10:15:00 to 10:16:00, not a jitter of seconds";
}

TEST(Ecw, WhoCannotWaitSoLongIsTold) {
  Ecw ecw;
  auto settings = ecw.settings();
  settings.habits.calls_per_minute = 2;
  settings.auth = ecw.auth();
  const auto client = ecw.client(settings);
  ASSERT_TRUE(client->read("Patient/p1"));  // with the token, two
  const auto late = client->search("Condition", {}, std::chrono::steady_clock::now() + 5s);
  EXPECT_EQ(late.completeness, Completeness::failed);
  EXPECT_EQ(late.why, "throttled");
}

TEST(Ecw, ClientsThatShareABudgetShareTheMinute) {
  Ecw ecw;
  const auto budget = std::make_shared<CallBudget>(3);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(budget->take(ecw.now), 0ms);
  EXPECT_EQ(budget->take(ecw.now), 60'000ms);
  EXPECT_EQ(budget->take(ecw.now + 59'999ms), 1ms);
  EXPECT_EQ(budget->take(ecw.now + 60'000ms), 0ms);
  budget->refused(ecw.now + 75'000ms);
  EXPECT_EQ(budget->take(ecw.now + 75'000ms), 45'000ms);
}

TEST(Ecw, TheDialectSaysWhichAlgorithmAndWhichScopeMustBeAbsent) {
  const auto dialect = *find_dialect("ecw");
  EXPECT_EQ(dialect.algorithms, (std::vector<std::string>{"RS384"}));
  EXPECT_EQ(dialect.scopes_without, (std::vector<std::string>{"system/Group.read"}));
  EXPECT_EQ(dialect.habits.calls_per_minute, 250);
}

}  // namespace
}  // namespace meridian::fhir
