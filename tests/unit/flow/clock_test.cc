// SPDX-License-Identifier: Apache-2.0
// Deadlines: what is done when nobody acts, over a year of the test's own time.
#include "flow/clock.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "flow/ledger.h"
#include "flow/missed.h"
#include "flow/watch.h"
#include "unit/flow/bench.h"

namespace meridian::flow {
namespace {

using std::chrono::days;
using std::chrono::hours;

const Knowledge& content() {
  static const Knowledge loaded = built_in_content();
  return loaded;
}

class Deadline : public testing::Test {
 protected:
  Deadline() : bench(content()) { bench.core->settings.review_every = days(400); }

  /// Ordered on a Friday, delivered the same minute. Every record stays as young as it was.
  void deliver_to_willow(const std::string& priority = "routine") {
    auto json = order();
    json.insert(1, R"("priority":")" + priority + R"(",)");
    bench.history->facts = bundle({patient(), back_pain(), json, answers(bench.now)});
    ASSERT_TRUE(bench.submit("ehr", "order", bundle({patient(), json})));
    bench.run();
    ASSERT_EQ(bench.state(), "delivered") << bench.only_referral().decision;
  }

  /// From one thing that is due to the next, each done when it is.
  void live(hours time) {
    const auto end = bench.now + time;
    while (true) {
      const auto due = *bench.store->next_due();
      if (!due || *due > end) break;
      bench.now = std::max(bench.now, *due);
      bench.run();
      watched();
    }
    bench.now = end;
  }

  /// The invariant holds at each moment.
  void watched() { ASSERT_EQ(*count_unguarded(*bench.store), 0) << bench.state(); }

  Missed missed() { return missed_of(*bench.store->walks(Instant{}, store::Orderers::left_out)); }

  void say(const std::string& status, const std::string& business = "", int version = 0) {
    version_ = version == 0 ? version_ + 1 : version;
    ASSERT_TRUE(
        bench.submit(bench.only_referral().destination.str(), "task/" + std::to_string(version_),
                     bundle({task(bench.only_referral().id.str(), status, version_, business)})));
    bench.run();
  }

  std::string said_to(const Receiver& receiver, std::size_t from_end = 0) {
    const auto& sent = receiver.sent;
    return sent.size() > from_end ? sent[sent.size() - 1 - from_end].bytes : std::string();
  }

  int count(routing::EventKind kind) {
    return Ledger::open(*bench.store, bench.only_referral().id)->count(kind);
  }

  Bench bench;
  int version_ = 0;
};

TEST_F(Deadline, ASilentClinicIsRemindedThenItIsTheSurgeonsTurn) {
  deliver_to_willow();
  live(days(5));
  EXPECT_EQ(count(routing::EventKind::reminded), 1) << "two business days: Tuesday";
  EXPECT_NE(said_to(*bench.clinic).find("reminder: accept or decline (delivered since 2026-11-20)"),
            std::string::npos)
      << said_to(*bench.clinic);
  EXPECT_EQ(bench.only_referral().worklist, "awaiting-clinic");
  live(days(3));
  EXPECT_EQ(bench.only_referral().worklist, "overdue") << "five: Friday";
  EXPECT_EQ(bench.only_referral().owner, "surgeon");
  EXPECT_EQ(bench.state(), "delivered") << "what the clinic says still counts";
  EXPECT_NE(said_to(*bench.hospital).find("overdue: accept or decline"), std::string::npos);
  EXPECT_EQ(missed(),
            (Missed{{{"ehr", "reminded", "willow"}, 1}, {{"ehr", "overdue", "willow"}, 1}}));
  say("accepted");
  EXPECT_EQ(bench.only_referral().worklist, "awaiting-booking");
  EXPECT_EQ(bench.only_referral().owner, "clinic");
}

TEST_F(Deadline, AnUrgentOneIsFaster) {
  deliver_to_willow("urgent");
  live(hours(5));
  EXPECT_EQ(count(routing::EventKind::reminded), 1);
}

TEST_F(Deadline, ASilentClinicIsPassedOverForTheNext) {
  bench.add_second_choice();
  deliver_to_willow("urgent");
  live(hours(90));
  bench.history->facts = bundle({patient(), back_pain(), order(), answers(bench.now)});
  live(hours(8));
  EXPECT_EQ(count(routing::EventKind::passed_over), 1);
  EXPECT_EQ(bench.only_referral().destination, DestinationId("birch"));
  EXPECT_EQ(bench.state(), "delivered");
  EXPECT_EQ(bench.only_referral().worklist, "awaiting-clinic") << "birch has its own time";
  EXPECT_EQ(bench.second_clinic->sent.size(), 1u);
  // Between the two the record was too old to offer it to another: the surgeon's side was told.
  EXPECT_EQ(missed(), (Missed{{{"ehr", "reminded", "willow"}, 1},
                              {{"ehr", "overdue", "willow"}, 1},
                              {{"ehr", "passed_over", "willow"}, 1}}))
      << "by whose turn it was, not by who has it now";
  EXPECT_NE(said_to(*bench.clinic).find("redirected"), std::string::npos) << "willow is told";
}

TEST_F(Deadline, WithoutAnotherClinicTheSurgeonIsToldSo) {
  deliver_to_willow("urgent");
  live(days(5));
  EXPECT_EQ(count(routing::EventKind::passed_over), 1);
  EXPECT_EQ(bench.only_referral().destination, DestinationId("willow"));
  EXPECT_EQ(bench.only_referral().worklist, "overdue");
}

TEST_F(Deadline, AClinicThatAnswersInTimeIsNotPassedOver) {
  bench.add_second_choice();
  deliver_to_willow("urgent");
  live(days(3));
  say("accepted");
  live(days(2));
  EXPECT_EQ(bench.only_referral().destination, DestinationId("willow"));
}

TEST_F(Deadline, ABookedVisitIsWaitedForUntilItIsOver) {
  deliver_to_willow();
  const auto id = bench.only_referral().id.str();
  const std::string visit =
      R"({"resourceType":"Appointment","id":"a","status":"booked","start":"2027-01-20T15:00:00Z"})";
  ASSERT_TRUE(bench.submit("willow", "booked", bundle({task(id, "accepted", 1), visit})));
  bench.run();
  ASSERT_EQ(bench.state(), "scheduled");
  live(days(55));
  EXPECT_EQ(count(routing::EventKind::reminded), 0) << "the visit is on 20 January";
  live(days(10));
  EXPECT_EQ(count(routing::EventKind::reminded), 1);
}

TEST_F(Deadline, AVisitBeginsTheWaitForTheNextAnew) {
  deliver_to_willow();
  say("in-progress", "5.1.4");
  for (int visit = 0; visit < 5; ++visit) {
    live(days(13));
    say("in-progress", "5.1.4");
  }
  EXPECT_EQ(count(routing::EventKind::reminded), 0);
  live(days(15));
  EXPECT_EQ(count(routing::EventKind::reminded), 1);
}

TEST_F(Deadline, ASecondNoShowIsTheSurgeonsTurnAtOnce) {
  deliver_to_willow();
  say("in-progress", "5.1.1");
  say("in-progress", "5.1.2");
  EXPECT_EQ(bench.state(), "no_show");
  EXPECT_EQ(bench.only_referral().worklist, "to-rebook");
  say("in-progress", "5.1.1");
  say("in-progress", "5.1.2");
  EXPECT_EQ(bench.only_referral().worklist, "overdue");
}

TEST_F(Deadline, AReferralThatNobodyActsOnLapsesAndBothSidesKnow) {
  deliver_to_willow();
  live(days(90));
  EXPECT_EQ(bench.state(), "lapsed");
  EXPECT_EQ(bench.only_referral().owner, "nobody");
  EXPECT_NE(said_to(*bench.clinic).find("lapsed"), std::string::npos) << said_to(*bench.clinic);
  EXPECT_NE(said_to(*bench.hospital).find("lapsed"), std::string::npos);
  say("completed");
  EXPECT_EQ(bench.state(), "closed") << "an outcome counts whenever it comes";
}

TEST_F(Deadline, AYearOfAHeldReferralNeverEndsInSilence) {
  bench.history->facts = bundle({patient(), back_pain(), order()});
  ASSERT_TRUE(bench.submit("ehr", "order", bundle({patient(), order()})));
  bench.run();
  ASSERT_EQ(bench.state(), "held");
  int before = 0;
  for (int month = 0; month < 12; ++month) {
    live(days(30));
    const int now = count(routing::EventKind::reminded) + count(routing::EventKind::overdue);
    EXPECT_GT(now, before) << "month " << month;
    before = now;
  }
  EXPECT_EQ(bench.only_referral().owner, "surgeon");
}

TEST_F(Deadline, ALateClockMovesTheNextOnesBack) {
  deliver_to_willow();
  bench.pass(days(100));  // nothing ran
  bench.run();
  EXPECT_EQ(bench.state(), "delivered");
  EXPECT_EQ(count(routing::EventKind::reminded), 1);
  EXPECT_EQ(count(routing::EventKind::overdue), 0) << "the surgeon's side had no time yet";
}

TEST_F(Deadline, WhatLostItsClockGetsOneAgain) {
  deliver_to_willow();
  store::Changes lost;
  lost.cancel_works.push_back(clock_key(bench.only_referral().id));
  ASSERT_TRUE(bench.store->apply(lost));
  EXPECT_EQ(*count_unguarded(*bench.store), 1);
  EXPECT_EQ(bench.operations->health().troubles.size(), 1u);
  Watch watch;
  EXPECT_TRUE(watch.look(*bench.core));
  EXPECT_EQ(*count_unguarded(*bench.store), 0);
  EXPECT_TRUE(bench.operations->health().troubles.empty());
  EXPECT_EQ(bench.state(), "delivered");
  // The next look is a minute later.
  ASSERT_TRUE(bench.store->apply(lost));
  EXPECT_TRUE(watch.look(*bench.core));
  EXPECT_EQ(*count_unguarded(*bench.store), 1);
  bench.pass(std::chrono::minutes(1));
  EXPECT_TRUE(watch.look(*bench.core));
  EXPECT_EQ(*count_unguarded(*bench.store), 0);
}

}  // namespace
}  // namespace meridian::flow
