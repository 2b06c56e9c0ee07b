// SPDX-License-Identifier: Apache-2.0
// What came and went, by system and hour, and how it ended last.
#include "host/pulse.h"

#include <gtest/gtest.h>

namespace meridian::host {
namespace {

class Line : public Sender {
 public:
  Result<Receipt> send(const Rendered&, bool) override {
    if (broken) return Error{ErrorCode::unavailable, "test", "nobody answers"};
    return Receipt();
  }
  Result<Standing> look(const Rendered&) override { return Standing::doubled; }
  bool recognises_repeats() const override { return true; }
  bool broken = false;
};

class Record : public Gatherer {
 public:
  std::vector<Query> queries() const override { return {{"patient", "Patient/{patient}"}}; }
  Result<Gathered> gather(const GatherRequest&) override { return Gathered(); }
  Result<std::string> doubt(const GatherRequest&) override { return std::string("several"); }
};

class PulseTest : public testing::Test {
 protected:
  PulseTest() {
    auto peer = std::make_unique<flow::Peer>();
    peer->id = "willow";
    auto sender = std::make_unique<Line>();
    line = sender.get();
    peer->sender = std::move(sender);
    peer->gatherer = std::make_unique<Record>();
    peers.list.push_back(std::move(peer));
    pulse.listen_to(peers);
  }
  void send() { static_cast<void>(peers.list[0]->sender->send({}, false)); }
  PeerState state() {
    SiteView view;
    view.at = now;
    view.peers.resize(1);
    view.peers[0].id = "willow";
    pulse.show(view);
    return view.peers[0];
  }

  Instant now = *parse_instant("2026-11-20T10:30:00Z");
  Pulse pulse{[this] { return now; }};
  flow::Peers peers;
  Line* line = nullptr;
};

TEST_F(PulseTest, CountsByTheHourForADay) {
  send();
  send();
  pulse.worked("willow", Pulse::Way::heard);
  EXPECT_EQ(state().traffic.out.back(), 2);
  EXPECT_EQ(state().traffic.out_now, 2);
  EXPECT_EQ(state().traffic.in.back(), 1);
  now += std::chrono::minutes(31);
  EXPECT_EQ(state().traffic.out.back(), 0) << "another hour of the clock";
  EXPECT_EQ(state().traffic.out[Traffic::hours - 2], 2);
  EXPECT_EQ(state().traffic.out_now, 0);
  now += std::chrono::hours(22);
  EXPECT_EQ(state().traffic.out.front(), 2);
  now += std::chrono::hours(1);
  for (const auto count : state().traffic.out) EXPECT_EQ(count, 0);
}

TEST_F(PulseTest, SaysHowItEndedLast) {
  EXPECT_FALSE(state().sent.worked);
  send();
  const auto worked = now;
  now += std::chrono::minutes(1);
  line->broken = true;
  send();
  EXPECT_EQ(state().sent.worked, worked);
  EXPECT_EQ(state().sent.failed, now);
  EXPECT_EQ(state().sent.error, "unavailable");
  EXPECT_EQ(state().sent.words, "nobody answers");
  EXPECT_EQ(state().traffic.out.back(), 1) << "what failed did not go out";
}

TEST_F(PulseTest, APollThatFailsIsShownUntilOneSucceedsAndIsNoTraffic) {
  const Error refused{ErrorCode::misconfigured, "test", "egress: not allowed"};
  pulse.polled("willow", std::nullopt);
  EXPECT_FALSE(state().heard.failed);
  pulse.polled("willow", refused);
  EXPECT_EQ(state().heard.failed, now);
  EXPECT_EQ(state().heard.error, "misconfigured");
  EXPECT_EQ(state().heard.words, "egress: not allowed");
  pulse.polled("willow", std::nullopt);
  EXPECT_FALSE(state().heard.failed);
  EXPECT_EQ(state().heard.error, "");
  EXPECT_FALSE(state().heard.worked) << "nothing came";
  EXPECT_EQ(state().traffic.in.back(), 0);
  // What a message said is no poll's to take back.
  pulse.failed("willow", Pulse::Way::heard, refused);
  pulse.polled("willow", std::nullopt);
  EXPECT_TRUE(state().heard.failed);
}

TEST_F(PulseTest, StandsInNobodysWay) {
  ASSERT_EQ(peers.list[0]->gatherer->queries().size(), 1u) << "what a card prefetches";
  EXPECT_EQ(*peers.list[0]->gatherer->doubt({}), "several");
  EXPECT_TRUE(peers.list[0]->sender->recognises_repeats());
  EXPECT_EQ(*peers.list[0]->sender->look({}), Standing::doubled);
}

}  // namespace
}  // namespace meridian::host
