// SPDX-License-Identifier: Apache-2.0
// The path OUT: what becomes of a delivery by the class of its error.
#include <gtest/gtest.h>

#include "flow/retry.h"
#include "unit/flow/bench.h"

namespace meridian::flow {
namespace {

/// A referral that is released and not sent yet.
void release(Bench& bench) {
  ASSERT_TRUE(bench.submit("ehr", "1", bundle({patient(), back_pain(), order()})));
  bench.work();
  ASSERT_EQ(bench.state(), "sending") << bench.only_referral().assessment;
}

TEST(Out, AClinicThatIsDownGetsItLaterAndOnce) {
  Bench bench;
  release(bench);
  for (int i = 0; i < 3; ++i) {
    bench.clinic->failures.push_back({ErrorCode::unavailable, "test", "down"});
  }
  for (int i = 0; i < 4; ++i) {
    bench.deliver();
    bench.pass(std::chrono::minutes(1));
  }
  bench.run();
  ASSERT_EQ(bench.clinic->sent.size(), 1u);
  EXPECT_FALSE(bench.clinic->sent[0].repeat);
  EXPECT_EQ(bench.state(), "delivered");
}

TEST(Out, ATransientFailureWaitsForItsTime) {
  Bench bench;
  release(bench);
  bench.clinic->failures.push_back({ErrorCode::unavailable, "test", "down"});
  bench.deliver();
  bench.deliver();
  EXPECT_TRUE(bench.clinic->sent.empty());
}

TEST(Out, AnAmbiguousSendLooksFirstWhereRepeatsAreRecognised) {
  Bench bench;
  release(bench);
  bench.clinic->failures.push_back({ErrorCode::timed_out, "test", "no answer"});
  bench.deliver();
  bench.pass(std::chrono::minutes(1));
  bench.deliver();
  ASSERT_EQ(bench.clinic->sent.size(), 1u);
  EXPECT_TRUE(bench.clinic->sent[0].repeat);
}

TEST(Out, AnAmbiguousSendIsNeverRepeatedWhereTheyAreNot) {
  Bench bench;
  release(bench);
  bench.clinic->recognises = false;
  bench.clinic->failures.push_back({ErrorCode::interrupted, "test", "cut off"});
  bench.deliver();
  bench.pass(std::chrono::hours(20));
  bench.deliver();
  EXPECT_TRUE(bench.clinic->sent.empty());
  EXPECT_EQ(bench.store->counts()->ambiguous, 1);
}

/// Puts a letter to the hospital in line.
void tell_hospital(Bench& bench, const std::string& key) {
  store::Changes changes;
  changes.deliveries.push_back({bench.only_referral().id, DestinationId("ehr"), "status", key,
                                "text/plain", "a letter", bench.now, 0});
  ASSERT_TRUE(bench.store->apply(changes));
}

TEST(Out, TwoLettersThatSayTheSameGoOutOnce) {
  Bench bench;
  release(bench);
  bench.deliver();
  const auto before = bench.hospital->sent.size();
  for (const char* key : {"1/accepted/4", "1/accepted/4", "1/closed/5", "1/accepted/4"}) {
    tell_hospital(bench, key);
  }
  bench.deliver();
  EXPECT_EQ(bench.hospital->sent.size(), before + 3) << "what was said before may be said again";
  bench.deliver();
  tell_hospital(bench, "1/accepted/4/again/2026-11-20");
  bench.deliver();
  EXPECT_EQ(bench.hospital->sent.size(), before + 4);
}

TEST(Out, APermanentRefusalIsShownAndOthersPass) {
  Bench bench;
  release(bench);
  bench.clinic->failures.push_back({ErrorCode::invalid, "test", "refused"});
  bench.deliver();
  EXPECT_EQ(bench.state(), "undelivered");
  EXPECT_EQ(bench.only_referral().worklist, "undelivered");
  EXPECT_EQ(bench.store->dead_letters(10)->size(), 1u);
}

TEST(Out, ALeaseThatRanOutMeansThatItMayHaveArrived) {
  Bench bench;
  release(bench);
  const auto lost =
      bench.store->claim_delivery(DestinationId("willow"), "dead node", std::chrono::seconds(30));
  ASSERT_TRUE(lost);
  ASSERT_TRUE(*lost);
  bench.deliver();
  EXPECT_TRUE(bench.clinic->sent.empty());
  bench.pass(std::chrono::seconds(31));
  bench.deliver();
  ASSERT_EQ(bench.clinic->sent.size(), 1u);
  EXPECT_TRUE(bench.clinic->sent[0].repeat);
}

TEST(Retry, DoublesUpToItsLimit) {
  Settings settings;
  settings.first_retry = std::chrono::milliseconds(100);
  settings.longest_retry = std::chrono::milliseconds(1'000);
  EXPECT_EQ(retry_delay(settings, 0, 0.0).count(), 50);
  EXPECT_EQ(retry_delay(settings, 0, 0.999).count(), 99);
  EXPECT_EQ(retry_delay(settings, 2, 0.0).count(), 200);
  EXPECT_EQ(retry_delay(settings, 60, 0.0).count(), 500);
}

}  // namespace
}  // namespace meridian::flow
