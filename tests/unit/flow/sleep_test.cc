// SPDX-License-Identifier: Apache-2.0
// Who sleeps is woken once for each thing to do, and nothing is missed that comes before it sleeps.
#include "flow/sleep.h"

#include <gtest/gtest.h>

namespace meridian::flow {
namespace {

class Sleepers : public ::testing::Test {
 protected:
  /// A loop that sleeps long, and counts when it is woken.
  void fall_asleep() {
    auto& nap = asleep_.new_nap();
    nap.expires_after(std::chrono::hours(1));
    nap.async_wait([this](const boost::system::error_code&) { ++awake_; });
  }

  int woken() {
    io_.restart();
    io_.poll();
    return awake_;
  }

  boost::asio::io_context io_;
  Sleep asleep_{io_};
  int awake_ = 0;
};

TEST_F(Sleepers, AreWokenAsManyAsThereAreThings) {
  for (int i = 0; i < 3; ++i) fall_asleep();
  asleep_.end(0);
  EXPECT_EQ(woken(), 0);
  asleep_.end(1);
  EXPECT_EQ(woken(), 1);
  asleep_.end(1);
  EXPECT_EQ(woken(), 2) << "another one than before";
  EXPECT_FALSE(asleep_.is_called());
}

TEST_F(Sleepers, LookOnceMoreForAThingThatFoundNobodyAsleep) {
  asleep_.new_nap();
  asleep_.new_nap();
  asleep_.end(1);
  EXPECT_TRUE(asleep_.is_called());
  EXPECT_FALSE(asleep_.is_called());
  asleep_.end(100);
  EXPECT_TRUE(asleep_.is_called());
  EXPECT_TRUE(asleep_.is_called());
  EXPECT_FALSE(asleep_.is_called())
      << "once for each loop is enough: each looks until nothing is left";
}

TEST_F(Sleepers, AreAllWokenWhenNobodyKnowsWhoseThingItIs) {
  for (int i = 0; i < 3; ++i) fall_asleep();
  asleep_.end_all();
  EXPECT_EQ(woken(), 3);
  EXPECT_FALSE(asleep_.is_called());
}

}  // namespace
}  // namespace meridian::flow
