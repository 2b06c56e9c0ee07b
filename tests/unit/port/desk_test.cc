// SPDX-License-Identifier: Apache-2.0
// The desk: who may do what, and links that cannot be made up.
#include "port/desk.h"

#include <gtest/gtest.h>

namespace meridian {
namespace {

/// Notes what it was asked.
class Recorder : public Operations {
 public:
  Result<std::string> submit(Envelope envelope) override {
    submitted.push_back(envelope.sender_id);
    return std::string("ok");
  }
  Result<std::vector<ReferralLine>> referrals(int) override { return std::vector<ReferralLine>(1); }
  HealthReport health() override { return {}; }
  Result<AlertView> alert(std::string_view id) override {
    AlertView view;
    view.id = id;
    return view;
  }
  Result<void> acknowledge(std::string_view id, std::string_view by) override {
    acknowledged.push_back(std::string(id) + " by " + std::string(by));
    return {};
  }
  std::vector<std::string> submitted;
  std::vector<std::string> acknowledged;
};

TEST(Desk, TakesMessagesFromSourcesStaffAndAdminsOnly) {
  for (const auto role : {Role::none, Role::viewer, Role::contact}) {
    Recorder recorder;
    Desk desk(recorder, "secret");
    const auto answer = desk.submit({"x", role}, {});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::forbidden);
    EXPECT_TRUE(recorder.submitted.empty());
  }
  for (const auto role : {Role::source, Role::staff, Role::admin}) {
    Recorder recorder;
    Desk desk(recorder, "secret");
    EXPECT_TRUE(desk.submit({"x", role}, {}));
    EXPECT_EQ(recorder.submitted.size(), 1u);
  }
}

TEST(Desk, ListsNothingForNobody) {
  Recorder recorder;
  Desk desk(recorder, "secret");
  EXPECT_FALSE(desk.referrals({"", Role::none}, 10));
  EXPECT_TRUE(desk.referrals({"screen", Role::viewer}, 10));
}

TEST(Desk, AnAlertLinkOpensItsOwnAlertAndNoOther) {
  Recorder recorder;
  Desk desk(recorder, "secret");
  const auto token = desk.alert_token("01ALERT");
  ASSERT_TRUE(desk.alert(token));
  EXPECT_EQ(desk.alert(token)->id, "01ALERT");
  const auto signature = token.substr(token.find('.'));
  EXPECT_FALSE(desk.alert("01OTHER" + signature));
  EXPECT_FALSE(desk.alert("01ALERT"));
  EXPECT_FALSE(desk.alert(token + "0"));
  EXPECT_FALSE(desk.alert(""));
  Desk other(recorder, "another secret");
  EXPECT_FALSE(other.alert(token));
}

TEST(Desk, AcknowledgingNeedsAName) {
  Recorder recorder;
  Desk desk(recorder, "secret");
  const auto token = desk.alert_token("01ALERT");
  EXPECT_FALSE(desk.acknowledge(token, "  "));
  EXPECT_TRUE(recorder.acknowledged.empty());
  EXPECT_TRUE(desk.acknowledge(token, "Dr. Alder"));
  EXPECT_EQ(recorder.acknowledged, std::vector<std::string>{"01ALERT by Dr. Alder"});
}

}  // namespace
}  // namespace meridian
