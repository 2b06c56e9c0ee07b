// SPDX-License-Identifier: Apache-2.0
// What a runtime had claimed when it died.
#include <gtest/gtest.h>

#include "unit/store/contract.h"

namespace meridian::store {
namespace {

constexpr auto lease = std::chrono::seconds(180);  // the default of [delivery] lease_seconds

class StoreAbandoned : public Contract {
 protected:
  void SetUp() override {
    Contract::SetUp();
    const auto row = a_referral();
    referral_ = row.id;
    auto changes = new_referral(row);
    changes.works.push_back(some_work(referral_, clock().now(), "now"));
    changes.deliveries.push_back(a_delivery(referral_, "clinic", clock().now()));
    apply(store(), changes);
  }
  std::vector<WorkItem> work() { return *store().claim_work("main", 10, lease); }
  std::optional<Delivery> delivery() {
    return *store().claim_delivery(DestinationId("clinic"), "main", lease);
  }

  ReferralId referral_;
};
INSTANTIATE_TEST_SUITE_P(All, StoreAbandoned, testing::ValuesIn(openers()), opener_name);

TEST_P(StoreAbandoned, IsDueAtOnceForTheNextRuntime) {
  ASSERT_EQ(work().size(), 1u);
  ASSERT_TRUE(delivery());
  EXPECT_TRUE(work().empty());
  EXPECT_FALSE(delivery());
  reopen();
  EXPECT_EQ(work().size(), 1u);
  const auto again = delivery();
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->maybe_arrived);
}

TEST_P(StoreAbandoned, WaitsForItsLeaseWhenTwoRuntimesDiedOverIt) {
  for (int death = 0; death < 2; ++death) {
    ASSERT_EQ(work().size(), 1u);
    ASSERT_TRUE(delivery());
    reopen();
  }
  EXPECT_TRUE(work().empty());
  EXPECT_FALSE(delivery());
  clock().advance(lease);
  EXPECT_EQ(work().size(), 1u);
  EXPECT_TRUE(delivery());
}

TEST_P(StoreAbandoned, LeavesATimerWhereItIs) {
  Changes changes;
  changes.works.push_back(some_work(referral_, clock().now() + std::chrono::hours(1), "later"));
  apply(store(), changes);
  ASSERT_EQ(work().size(), 1u);
  reopen();
  EXPECT_EQ(work().size(), 1u);
}

}  // namespace
}  // namespace meridian::store
