// SPDX-License-Identifier: Apache-2.0
// An operator pauses a system, each way by itself, and resumes it.
#include "flow/pauses.h"

#include <gtest/gtest.h>

#include "unit/flow/bench.h"

namespace meridian::flow {
namespace {

const Caller ada{"Ada", Role::operations};

class Pauses : public testing::Test {
 protected:
  std::string ask(const std::string& action, const std::string& target, bool apply = true,
                  const std::string& reason = "") {
    const auto answer = bench.desk->intervene(ada, {action, target, "", reason, apply});
    return answer ? *answer : std::string(error_row(answer.error().code).name);
  }
  static bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  }
  /// A referral whose packet is due at the clinic.
  void release() {
    ASSERT_TRUE(bench.submit("ehr", "1", bundle({patient(), back_pain(), order()})));
    bench.work();
    ASSERT_EQ(bench.state(), "sending");
    id = bench.only_referral().destination.str();
  }
  const PeerState& shown() {
    view = *bench.desk->site({"Ada", Role::operations});
    for (const auto& peer : view.peers) {
      if (peer.id == id) return peer;
    }
    return none;
  }

  Bench bench;
  std::string id;
  SiteView view;
  PeerState none;
};

TEST_F(Pauses, NothingIsSentToAPausedSystemAndAllThatWaitedIsAfterwards) {
  release();
  const auto preview = ask("pause", "out/" + id, false);
  EXPECT_TRUE(has(preview, "1 wait now")) << preview;
  EXPECT_TRUE(shown().sent.paused.empty()) << "a look changes nothing";
  EXPECT_TRUE(has(ask("pause", "out/" + id, true, "their upgrade"), R"("done":true)"));
  bench.deliver();
  EXPECT_TRUE(bench.clinic->sent.empty());
  EXPECT_EQ(bench.state(), "sending");
  EXPECT_TRUE(has(shown().sent.paused, "by Ada: their upgrade")) << shown().sent.paused;
  EXPECT_TRUE(shown().heard.paused.empty());
  EXPECT_EQ(shown().waiting, 1);
  EXPECT_TRUE(has(ask("resume", "out/" + id), R"("done":true)"));
  bench.deliver();
  EXPECT_EQ(bench.clinic->sent.size(), 1u);
  EXPECT_TRUE(shown().sent.paused.empty());
}

TEST_F(Pauses, BothTurnsAreAudited) {
  release();
  ask("pause", "in/" + id);
  ask("resume", "in/" + id);
  std::vector<std::string> events;
  const auto rows = *bench.store->audit(2);
  for (const auto& row : rows) events.push_back(row.event + " " + row.actor + " " + row.object);
  EXPECT_EQ(events,
            (std::vector<std::string>{"System.resume Ada in/" + id, "System.pause Ada in/" + id}));
}

TEST_F(Pauses, WhatMakesNoSenseIsRefused) {
  release();
  EXPECT_EQ(ask("pause", "out/nobody"), "not_found");
  EXPECT_EQ(ask("pause", id), "invalid");
  EXPECT_TRUE(has(ask("resume", "out/" + id), R"("refused":"it is not paused")"));
  ask("pause", "out/" + id);
  const auto twice = ask("pause", "out/" + id);
  EXPECT_TRUE(has(twice, "it is paused already")) << twice;
  EXPECT_TRUE(has(twice, R"("done":false)")) << twice;
}

TEST_F(Pauses, AContactForEmergenciesIsNeverPaused) {
  for (const auto& peer : bench.peers.list) {
    if (peer->kind != PeerKind::pager) continue;
    EXPECT_TRUE(has(ask("pause", "out/" + peer->id), "contact for emergencies"));
    return;
  }
  FAIL() << "the bench has no pager";
}

/// What is behind the gate counts.
class Behind : public Inlet {
 public:
  Result<std::string> submit(Envelope) override {
    ++taken;
    return std::string("taken");
  }
  Result<std::string> cursor(const SourceId&, std::string_view) override { return std::string(); }
  Result<void> set_cursor(const SourceId&, std::string_view, std::string_view) override {
    return {};
  }
  int taken = 0;
};

TEST(PausableInlet, APausedSourceIsToldToTryAgainLaterAndIsNotPolled) {
  Behind behind;
  PausableInlet inlet(behind, [](const SourceId& source) { return source.str() == "north"; });
  const auto refused = inlet.submit({SourceId("north"), "1", "text/plain", "", {}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable) << "503 and AE: it is sent again";
  EXPECT_FALSE(*inlet.may_poll(SourceId("north"), std::chrono::seconds(1)));
  EXPECT_TRUE(inlet.submit({SourceId("south"), "1", "text/plain", "", {}}));
  EXPECT_TRUE(*inlet.may_poll(SourceId("south"), std::chrono::seconds(1)));
  EXPECT_EQ(behind.taken, 1);
}

}  // namespace
}  // namespace meridian::flow
