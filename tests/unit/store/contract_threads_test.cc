// SPDX-License-Identifier: Apache-2.0
// Many threads on one store.
#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "unit/store/contract.h"

namespace meridian::store {
namespace {

using std::chrono::minutes;

constexpr int thread_count = 8;

class StoreThreads : public Contract {
 protected:
  template <typename Work>
  void on_all_threads(const Work& work) {
    std::vector<std::thread> threads;
    threads.reserve(thread_count);
    for (int i = 0; i < thread_count; ++i) threads.emplace_back([&, i] { work(i); });
    for (auto& thread : threads) thread.join();
  }
};
INSTANTIATE_TEST_SUITE_P(All, StoreThreads, testing::ValuesIn(openers()), opener_name);

TEST_P(StoreThreads, NeverGivesOneWorkItemToTwo) {
  constexpr int items = 200;
  Changes changes;
  for (int i = 0; i < items; ++i) changes.works.push_back(some_work({}, clock().now()));
  apply(store(), changes);
  std::mutex mutex;
  std::multiset<std::int64_t> claimed;
  on_all_threads([&](int thread) {
    for (;;) {
      const auto got = *store().claim_work("worker", 1 + thread % 3, minutes(10));
      if (got.empty()) return;
      const std::lock_guard lock(mutex);
      for (const auto& item : got) claimed.insert(item.number);
    }
  });
  EXPECT_EQ(claimed.size(), std::size_t{items});
  EXPECT_EQ(std::set<std::int64_t>(claimed.begin(), claimed.end()).size(), std::size_t{items});
}

TEST_P(StoreThreads, DeliversEachLineInOrderAndEachRowOnce) {
  constexpr int per_line = 12;
  Changes changes;
  for (int i = 0; i < per_line; ++i) {
    for (const auto* referral : {"R1", "R2", "R3"}) {
      auto delivery = a_delivery(ReferralId(referral), "clinic", clock().now());
      delivery.key = std::to_string(i);
      changes.deliveries.push_back(delivery);
    }
  }
  apply(store(), changes);
  std::mutex mutex;
  std::map<std::string, std::vector<int>> sent;
  on_all_threads([&](int) {
    while (store().next_due()->has_value()) {
      const auto claimed = *store().claim_delivery(DestinationId("clinic"), "sender", minutes(10));
      if (!claimed) continue;
      {
        const std::lock_guard lock(mutex);
        sent[claimed->referral.str()].push_back(std::stoi(claimed->key));
      }
      EXPECT_TRUE(store().settle_delivery(*claimed, {}, {}));
    }
  });
  ASSERT_EQ(sent.size(), 3u);
  for (const auto& [referral, order] : sent) {
    ASSERT_EQ(order.size(), std::size_t{per_line});
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
  }
}

TEST_P(StoreThreads, TakesOneOfManyThatChangeTheSameVersion) {
  const auto row = a_referral();
  apply(store(), new_referral(row));
  std::atomic<int> won{0};
  on_all_threads([&](int) {
    Changes changes;
    changes.referrals.push_back({row, 1});
    const auto accepted = store().accept(a_message(new_ulid()), changes);
    if (accepted) {
      ++won;
    } else {
      EXPECT_EQ(accepted.error().code, ErrorCode::stale);
    }
  });
  EXPECT_EQ(won, 1);
  EXPECT_EQ((*store().referral(row.id))->version, 2);
}

TEST_P(StoreThreads, TakesOneOfManyThatSendTheSameMessage) {
  std::atomic<int> first{0};
  on_all_threads([&](int) {
    const auto accepted = store().accept(a_message("the same"), new_referral(a_referral()));
    ASSERT_TRUE(accepted);
    if (!accepted->repeat) ++first;
  });
  EXPECT_EQ(first, 1);
  EXPECT_EQ(store().referrals(100)->size(), 1u);
}

TEST_P(StoreThreads, ReadsWhileItWrites) {
  on_all_threads([&](int thread) {
    for (int i = 0; i < 20; ++i) {
      if (thread % 2 == 0) {
        auto changes = new_referral(a_referral());
        changes.audits.push_back({"PatientRead", "engine", "x", "success"});
        EXPECT_TRUE(store().accept(a_message(new_ulid()), changes));
      } else {
        EXPECT_TRUE(store().referrals(5));
        EXPECT_TRUE(store().counts());
        EXPECT_TRUE(store().verify_audit());
      }
    }
  });
  EXPECT_EQ(*store().verify_audit(), thread_count / 2 * 20);
}

TEST_P(StoreThreads, AnswersEveryMessageThatIsInFlightWhenItCloses) {
  constexpr int messages = 100;
  std::atomic<int> answered{0};
  std::atomic<int> durable{0};
  for (int i = 0; i < messages; ++i) {
    store().accept_async(a_message(std::to_string(i)), {}, [&](const Result<Accepted>& accepted) {
      ++answered;
      if (accepted) ++durable;
    });
  }
  store().close();
  EXPECT_EQ(answered, messages);
  reopen();
  EXPECT_EQ(store().counts()->messages, durable);
}

}  // namespace
}  // namespace meridian::store
