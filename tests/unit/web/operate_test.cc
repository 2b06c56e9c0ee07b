// SPDX-License-Identifier: Apache-2.0
#include "web/operate.h"

#include <gtest/gtest.h>

#include "web/door.h"

namespace meridian::web {
namespace {

Callers operator_only() {
  Callers callers;
  callers.add_token({"operator", Role::operations, "", true}, "t0ken");
  return callers;
}

/// Remembers what it was asked.
class Office : public Operations {
 public:
  Result<std::string> submit(Envelope) override { return std::string(); }
  Result<std::vector<ReferralLine>> referrals(int) override { return std::vector<ReferralLine>(); }
  HealthReport health() override { return {}; }
  Result<AlertView> alert(std::string_view) override { return AlertView(); }
  Result<void> acknowledge(std::string_view, std::string_view) override { return {}; }
  Result<FormView> form(const FormTicket&) override { return FormView(); }
  Result<FormView> answer(const FormTicket&, const FormAnswers&) override { return FormView(); }
  Result<std::string> intervene(const Intervention& given, std::string_view by) override {
    if (given.target == "99") return Error{ErrorCode::not_found, "test", "no such delivery"};
    asked.push_back(given);
    return "{\"by\":\"" + std::string(by) + "\"}";
  }
  std::vector<Intervention> asked;
};

class Operating : public testing::Test {
 protected:
  Operating() { add_operating(router, desk, door.only({Role::operations})); }

  http::Response post(const std::string& body, const std::string& token = "Bearer t0ken",
                      const std::string& peer = "127.0.0.1") {
    const auto match = router.find("POST", {"operate"});
    http::Request request;
    request.headers = {{"Authorization", token}};
    request.peer = peer;
    if (auto refused = match.route->gate(request)) return *refused;
    request.body = body;
    return match.route->handler(request);
  }

  Office office;
  Desk desk{office, "secret"};
  Door door{operator_only()};
  http::Router router;
};

TEST_F(Operating, HandsAnInterventionToTheDesk) {
  const auto answer =
      post("action=redirect&target=01A&clinic=birch&reason=by+phone%21&apply=yes&by=Ada");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"by":"Ada"})");
  ASSERT_EQ(office.asked.size(), 1u);
  EXPECT_EQ(office.asked[0].action, "redirect");
  EXPECT_EQ(office.asked[0].clinic, "birch");
  EXPECT_EQ(office.asked[0].reason, "by phone!");
  EXPECT_TRUE(office.asked[0].apply);
  post("action=give-up&target=7&by=Ada");
  EXPECT_FALSE(office.asked[1].apply);
}

TEST_F(Operating, SaysWhatWentWrong) {
  EXPECT_EQ(post("action=give-up&target=99&by=Ada").status, 404);
  EXPECT_EQ(post("action=give-up&target=99&by=Ada").body, "no such delivery\n");
  EXPECT_EQ(post("action=give-up&target=7&by=").status, 422);
  EXPECT_EQ(post("action=%zz").status, 400);
  EXPECT_TRUE(office.asked.empty());
}

TEST_F(Operating, LetsNobodyInWithoutTheTokenOrFromElsewhere) {
  const std::string good = "action=give-up&target=7&by=Ada";
  for (const char* token :
       {"", "Bearer ", "Bearer t0ke", "Bearer t0ken2", "t0ken", "Basic t0ken"}) {
    EXPECT_EQ(post(good, token).status, 401) << token;
  }
  EXPECT_EQ(post(good, "Bearer t0ken", "10.1.2.3").status, 403);
  EXPECT_TRUE(office.asked.empty());
  EXPECT_EQ(post(good, "Bearer t0ken", "::1").status, 200);
}

}  // namespace
}  // namespace meridian::web
