// SPDX-License-Identifier: Apache-2.0
// What the origin is told of a referral, to a renderer that keeps course: what it was told before,
// when the referral began, and until when the next step is due.
#include <gtest/gtest.h>

#include "unit/flow/bench.h"

namespace meridian::flow {
namespace {

class CourseRenderer : public Renderer {
 public:
  bool keeps_course() const override { return true; }
  Result<Rendered> render(const Letter& letter, const FieldProfile&) const override {
    std::string text = letter.business_status + " after";
    for (const auto& state : letter.told) text += " " + state;
    text += letter.authored ? " from " + to_string(*letter.authored).substr(0, 10) : "";
    text += letter.needed_by ? " until " + to_string(*letter.needed_by).substr(0, 10) : "";
    return Rendered{letter.referral_id + "/" + letter.business_status, "text/plain", text, {}};
  }
};

class Told : public testing::Test {
 protected:
  Told() : bench(built_in_content()) {
    for (const auto& peer : bench.peers.list) {
      if (peer->id == "ehr") peer->renderer = std::make_unique<CourseRenderer>();
    }
    EXPECT_TRUE(bench.submit("ehr", "order", bundle({patient(), back_pain(), order()})));
    bench.run();
  }

  void say(const std::string& status, const std::string& business = "") {
    ++version_;
    const auto said = task(bench.only_referral().id.str(), status, version_, business);
    ASSERT_TRUE(bench.submit("willow", "task/" + std::to_string(version_), bundle({said})));
    bench.run();
  }

  std::string last() const {
    return bench.hospital->sent.empty() ? "" : bench.hospital->sent.back().bytes;
  }

  Bench bench;
  int version_ = 0;
};

TEST_F(Told, IsWhatWentBeforeInItsOrder) {
  ASSERT_EQ(bench.state(), "delivered");
  EXPECT_NE(last().find("delivered after"), std::string::npos) << last();
  say("accepted");
  EXPECT_NE(last().find("accepted after"), std::string::npos) << last();
  EXPECT_NE(last().find(" delivered from 2026-11-20"), std::string::npos) << last();
  say("in-progress", "5.1.1");
  EXPECT_NE(last().find(" delivered accepted from 2026-11-20"), std::string::npos) << last();
}

TEST_F(Told, IsNotWhatWasRefusedForGood) {
  bench.hospital->failures.push_back({ErrorCode::invalid, "test", "refused"});
  say("accepted");
  say("in-progress", "5.1.1");
  EXPECT_NE(last().find("scheduled after"), std::string::npos) << last();
  EXPECT_EQ(last().find(" accepted"), std::string::npos) << last();
}

TEST_F(Told, TheDeadlineIsThatOfTheStateAndEndsWithIt) {
  // Delivered on a Friday: after ten business days the next clinic is asked. Accepted: after 40 it
  // lapses.
  EXPECT_NE(last().find(" until 2026-12-04"), std::string::npos) << last();
  say("accepted");
  EXPECT_NE(last().find(" until 2027-01-15"), std::string::npos) << last();
  bench.pass(std::chrono::hours(24));
  say("accepted", "accepted");
  ASSERT_EQ(bench.state(), "accepted");
  EXPECT_NE(last().find(" until 2027-01-15"), std::string::npos)
      << "saying it again does not put it off: " << last();
  ASSERT_TRUE(bench.submit("ehr", "revoked", bundle({patient(), order("revoked", 2)})));
  say("cancelled");
  ASSERT_EQ(bench.state(), "cancelled");
  EXPECT_EQ(last().find("cancelled after"), 0U) << last();
  EXPECT_EQ(last().find(" until "), std::string::npos) << last();
}

}  // namespace
}  // namespace meridian::flow
