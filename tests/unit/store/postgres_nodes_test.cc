// SPDX-License-Identifier: Apache-2.0
// Several nodes on one database.
#include <atomic>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "unit/store/postgres_database.h"

namespace meridian::store {
namespace {

using std::chrono::minutes;

class Nodes : public testing::Test {
 protected:
  /// Runs `work(node number)` for all nodes at the same time.
  template <typename Work>
  void at_once(const Work& work) {
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < nodes_.size(); ++i) threads.emplace_back([&, i] { work(i); });
    for (auto& thread : threads) thread.join();
  }

  PostgresDatabase database_;
  std::vector<std::unique_ptr<Store>> nodes_ = open_three();

 private:
  std::vector<std::unique_ptr<Store>> open_three() {
    std::vector<std::unique_ptr<Store>> nodes;
    for (const char* name : {"a", "b", "c"}) nodes.push_back(database_.open_node(name));
    return nodes;
  }
};

TEST_F(Nodes, RefuseASecondRuntimeOfTheSameName) {
  database_.settings.node = "a";
  const auto second = database_.try_open();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::store_busy);
  nodes_[0].reset();
  EXPECT_TRUE(database_.try_open());
}

TEST_F(Nodes, ShareTheWorkAndGiveNothingToTwo) {
  constexpr int items = 90;
  Changes changes;
  for (int i = 0; i < items; ++i) changes.works.push_back(some_work({}, database_.clock.now()));
  apply(*nodes_[0], changes);
  std::mutex mutex;
  std::multiset<std::int64_t> claimed;
  at_once([&](std::size_t node) {
    for (;;) {
      const auto got = *nodes_[node]->claim_work("w", 2, minutes(10));
      if (got.empty()) return;
      const std::lock_guard lock(mutex);
      for (const auto& item : got) claimed.insert(item.number);
    }
  });
  EXPECT_EQ(claimed.size(), std::size_t{items});
  EXPECT_EQ(std::set<std::int64_t>(claimed.begin(), claimed.end()).size(), std::size_t{items});
}

TEST_F(Nodes, TakeOneOfMessagesThatArriveAtAllOfThem) {
  std::atomic<int> first{0};
  for (int round = 0; round < 20; ++round) {
    at_once([&](std::size_t node) {
      const auto accepted = nodes_[node]->accept(a_message("message " + std::to_string(round)),
                                                 new_referral(a_referral()));
      ASSERT_TRUE(accepted) << accepted.error().what.view();
      if (!accepted->repeat) ++first;
    });
  }
  EXPECT_EQ(first, 20);
  EXPECT_EQ(nodes_[1]->referrals(100)->size(), 20u);
  EXPECT_EQ(nodes_[2]->counts()->referrals, 20);
}

TEST_F(Nodes, GiveOneNameToOneReferral) {
  for (int round = 0; round < 20; ++round) {
    const auto name = "hospital|ServiceRequest/" + std::to_string(round);
    std::atomic<int> won{0};
    at_once([&](std::size_t node) {
      const auto row = a_referral();
      auto changes = new_referral(row);
      changes.aliases.push_back({"order", name, row.id, false});
      const auto accepted = nodes_[node]->accept(a_message(""), changes);
      if (accepted) {
        ++won;
      } else {
        EXPECT_EQ(accepted.error().code, ErrorCode::conflict) << accepted.error().what.view();
      }
    });
    EXPECT_EQ(won, 1);
  }
}

TEST_F(Nodes, NumberTheEventsOfOneReferralWithoutAClash) {
  const auto row = a_referral();
  apply(*nodes_[0], new_referral(row));
  at_once([&](std::size_t node) {
    for (int i = 0; i < 15; ++i) {
      Changes changes;
      changes.events.push_back({row.id, "engine", "", "noted", {}, {}, ""});
      const auto accepted = nodes_[node]->accept(a_message(""), changes);
      EXPECT_TRUE(accepted) << accepted.error().what.view();
    }
  });
  EXPECT_EQ(nodes_[0]->events(row.id)->size(), 45u);
}

/// Who waits for a line holds no other that the other one waits for.
TEST_F(Nodes, DoNotCrossOverTheLinesOfTwoReferrals) {
  const auto one = a_referral();
  const auto two = a_referral();
  apply(*nodes_[0], new_referral(one));
  apply(*nodes_[0], new_referral(two));
  at_once([&](std::size_t node) {
    for (int i = 0; i < 12; ++i) {
      Changes changes;
      for (const auto& row : {node % 2 == 0 ? one : two, node % 2 == 0 ? two : one}) {
        changes.events.push_back({row.id, "engine", "", "noted", {}, {}, ""});
      }
      const auto accepted = nodes_[node]->accept(a_message(""), changes);
      EXPECT_TRUE(accepted) << accepted.error().what.view();
    }
  });
  EXPECT_EQ(nodes_[0]->events(one.id)->size(), 36u);
}

/// Two nodes lock two rows in opposite orders: the server ends one, and it goes again.
TEST_F(Nodes, GoOnWhenTheyCross) {
  at_once([&](std::size_t node) {
    for (int i = 0; i < 12; ++i) {
      Changes changes;
      for (const char* key : {node % 2 == 0 ? "one" : "two", node % 2 == 0 ? "two" : "one"}) {
        changes.works.push_back(some_work({}, database_.clock.now(), key));
      }
      const auto accepted = nodes_[node]->accept(a_message(""), changes);
      EXPECT_TRUE(accepted) << accepted.error().what.view();
    }
  });
  EXPECT_EQ(nodes_[0]->counts()->messages, 36);
  EXPECT_EQ(nodes_[0]->counts()->work_due, 2);
}

TEST_F(Nodes, KeepTheOrderOfALineThatSeveralWrite) {
  const ReferralId referral("R");
  std::atomic<int> sent{0};
  constexpr int each = 20;
  at_once([&](std::size_t node) {
    if (node != 0) {
      for (int i = 0; i < each; ++i) {
        Changes changes;
        changes.deliveries.push_back(a_delivery(referral, "clinic", database_.clock.now()));
        apply(*nodes_[node], changes);
      }
      return;
    }
    std::int64_t last = 0;
    while (sent < 2 * each) {
      const auto claimed = *nodes_[0]->claim_delivery(DestinationId("clinic"), "s", minutes(10));
      if (!claimed) continue;
      EXPECT_GT(claimed->number, last);
      last = claimed->number;
      EXPECT_TRUE(nodes_[0]->settle_delivery(*claimed, {}, {}));
      ++sent;
    }
  });
}

/// Letters that rest on a version stand in the order of the versions, whoever writes them.
TEST_F(Nodes, WriteNothingOfAnEarlierVersionBehindALaterOne) {
  const auto row = a_referral();
  apply(*nodes_[0], new_referral(row));
  at_once([&](std::size_t node) {
    auto& store = *nodes_[node];
    for (int i = 0; i < 40; ++i) {
      const auto read = store.referral(row.id)->value();
      Changes changes;
      if (node == 0) {
        changes.referrals.push_back({read, read.version});
      } else {
        auto letter = a_delivery(row.id, "hospital", database_.clock.now());
        letter.key = std::to_string(read.version);
        changes.deliveries.push_back(letter);
        changes.rests_on.push_back({row.id, read.version});
      }
      const auto written = store.apply(changes);
      EXPECT_TRUE(written || written.error().code == ErrorCode::stale);
    }
  });
  int before = 0;
  const auto letters = *nodes_[0]->deliveries(row.id);
  EXPECT_GT(letters.size(), 0u);
  for (const auto& letter : letters) {
    const int version = std::stoi(letter.key);
    EXPECT_GE(version, before);
    before = version;
  }
}

TEST_F(Nodes, ChainTheirAuditsApartAndCheckThemTogether) {
  at_once([&](std::size_t node) {
    for (int i = 0; i < 10; ++i) {
      Changes changes;
      changes.audits.push_back({"PatientRead", "engine", "x", "success"});
      apply(*nodes_[node], changes);
    }
  });
  EXPECT_EQ(*nodes_[0]->verify_audit(), 30);
  EXPECT_EQ(nodes_[1]->audit_head()->count, 10);
  database_.sql("UPDATE audit SET object = 'y' WHERE node = 'b' AND number = 4");
  const auto checked = nodes_[2]->verify_audit();
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, ErrorCode::store_damaged);
  EXPECT_EQ(checked.error().detail, 4);
}

}  // namespace
}  // namespace meridian::store
