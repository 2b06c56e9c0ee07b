// SPDX-License-Identifier: Apache-2.0
// Two nodes write letters of one referral at the same moment: the older one never goes last.
#include <functional>
#include <utility>

#include <gtest/gtest.h>

#include "flow/line.h"
#include "flow/out.h"
#include "flow/work.h"
#include "model/appointments.h"
#include "unit/flow/reviewed.h"

namespace meridian::flow {
namespace {

/// What happens elsewhere while a letter of this kind is written, once.
struct Meanwhile {
  Letter::Kind kind = Letter::Kind::status;
  std::function<void()> happens;
};

/// Writes the letter; then something else happens before it is kept.
class SlowRenderer : public LetterRenderer {
 public:
  explicit SlowRenderer(Meanwhile& meanwhile) : meanwhile_(meanwhile) {}
  Result<Rendered> render(const Letter& letter, const FieldProfile& profile) const override {
    auto rendered = LetterRenderer::render(letter, profile);
    if (const auto* booked = leading(letter.records.appointments)) {
      rendered->bytes += " visit " + booked->start.text;
      rendered->key += "/" + booked->start.text;
    }
    if (letter.kind == meanwhile_.kind && meanwhile_.happens) {
      std::exchange(meanwhile_.happens, {})();
    }
    return rendered;
  }

 private:
  Meanwhile& meanwhile_;
};

class TwoNodes : public Reviewed {
 protected:
  TwoNodes() : other_(*bench_.core) {
    other_.settings.node = "node-2";
    for (auto& peer : bench_.peers.list) {
      if (peer->kind != PeerKind::pager)
        peer->renderer = std::make_unique<SlowRenderer>(meanwhile_);
    }
  }

  /// The other node takes a word of the clinic and does all that is due.
  void hears(const std::string& id, const std::vector<std::string>& resources) {
    ASSERT_TRUE(In(other_).submit(
        {SourceId("willow"), id, "application/fhir+json", bundle(resources), bench_.now}));
    for (int i = 0; i < 20; ++i) {
      const auto done = work_once(other_);
      ASSERT_TRUE(done);
      if (!*done) return;
    }
    FAIL() << "the work does not end";
  }

  static std::string booked(const std::string& start) {
    return R"({"resourceType":"Appointment","id":"a1","status":"booked","start":")" + start + "\"}";
  }

  std::string last_to_hospital() { return bench_.hospital->sent.back().bytes; }

  Core other_;
  Meanwhile meanwhile_;
};

TEST_F(TwoNodes, OneSendsToWhoIsSpokenToOverOneLine) {
  record({back_pain()});
  auto& willow = const_cast<Peer&>(*bench_.peers.find("willow"));  // NOLINT: the bench owns it
  Line ours(willow), theirs(willow);
  EXPECT_TRUE(*ours.mine(*bench_.core)) << "whoever comes";
  willow.one_line = true;
  EXPECT_FALSE(*ours.mine(*bench_.core)) << "nothing is due, so nobody holds it";
  ASSERT_TRUE(bench_.submit("ehr", "1", bundle({patient(), back_pain(), order()})));
  bench_.work();
  EXPECT_TRUE(*ours.mine(*bench_.core));
  EXPECT_FALSE(*theirs.mine(other_));
  EXPECT_TRUE(*ours.mine(*bench_.core));
  // Renewed while something is due, and somebody else's when its node is silent.
  bench_.pass(bench_.core->settings.lease * 3 / 4);
  EXPECT_TRUE(*ours.mine(*bench_.core));
  bench_.pass(bench_.core->settings.lease * 3 / 4);
  EXPECT_FALSE(*theirs.mine(other_));
  bench_.pass(bench_.core->settings.lease / 2);
  EXPECT_TRUE(*theirs.mine(other_));
  EXPECT_FALSE(*ours.mine(*bench_.core));
  theirs.give_back(other_);
  EXPECT_TRUE(*ours.mine(*bench_.core)) << "a node that stops leaves it";
}

TEST_F(TwoNodes, TheLetterOfAnEarlierStateIsWrittenAnew) {
  record({back_pain()});
  ASSERT_TRUE(bench_.submit("ehr", "1", bundle({patient(), back_pain(), order()})));
  bench_.work();
  bench_.deliver();
  id_ = bench_.only_referral().id.str();
  // This node writes "delivered" to the hospital while the other hears that it is accepted.
  meanwhile_.happens = [this] { hears("2", {task(id_, "accepted", 2)}); };
  bench_.run();
  ASSERT_FALSE(meanwhile_.happens) << "the letter was written";
  EXPECT_EQ(bench_.state(), "accepted");
  EXPECT_TRUE(has(last_to_hospital(), "status accepted")) << last_to_hospital();
  for (const auto& letter : bench_.hospital->sent) {
    EXPECT_FALSE(has(letter.bytes, "status delivered")) << "nothing of it was kept";
  }
}

TEST_F(TwoNodes, ABookingThatMovedMeanwhileIsNotToldAsItWas) {
  accept();
  meanwhile_.happens = [this] {
    hears("4", {task(id_, "in-progress", 4, "scheduled"), booked("2026-12-15T09:00:00Z")});
  };
  ASSERT_TRUE(bench_.submit(
      "willow", "3",
      bundle({task(id_, "in-progress", 3, "scheduled"), booked("2026-12-01T09:00:00Z")})));
  bench_.run();
  ASSERT_FALSE(meanwhile_.happens);
  const auto news = news_to_hospital();
  ASSERT_EQ(news.size(), 1u);
  EXPECT_TRUE(has(news[0], "visit 2026-12-15")) << news[0];
}

TEST_F(TwoNodes, WhatOnlyTheOvertakenWordBroughtIsToldAllTheSame) {
  accept();
  const std::string asked =
      R"({"resourceType":"Communication","id":"c1","status":"completed",
          "payload":[{"contentString":"Is there an MRI?"}]})";
  meanwhile_.happens = [this] {
    hears("4", {task(id_, "in-progress", 4, "scheduled"), booked("2026-12-15T09:00:00Z")});
  };
  ASSERT_TRUE(bench_.submit("willow", "3", bundle({task(id_, "accepted", 3), asked})));
  bench_.run();
  const auto news = news_to_hospital();
  ASSERT_EQ(news.size(), 2u);
  for (const auto& letter : news) EXPECT_TRUE(has(letter, "status scheduled")) << letter;
}

TEST_F(TwoNodes, AClinicIsNotToldOfAnEarlierStateLast) {
  accept();
  meanwhile_.kind = Letter::Kind::referral_update;
  meanwhile_.happens = [this] { hears("3", {task(id_, "in-progress", 3, "scheduled")}); };
  ASSERT_TRUE(bench_.submit("ehr", "2", bundle({patient(), back_pain(), order("revoked", 2)})));
  bench_.run();
  ASSERT_FALSE(meanwhile_.happens);
  EXPECT_TRUE(has(last_to_clinic(), "abort")) << "the work had begun: " << last_to_clinic();
}

}  // namespace
}  // namespace meridian::flow
