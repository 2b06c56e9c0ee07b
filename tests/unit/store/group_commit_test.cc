// SPDX-License-Identifier: Apache-2.0
// Many operations, one sync; and a log that starts over.
#include <condition_variable>
#include <fstream>
#include <future>
#include <map>
#include <mutex>

#include <gtest/gtest.h>

#include "unit/store/fault_vfs.h"
#include "unit/store/sqlite_database.h"

namespace meridian::store {
namespace {

/// Answers of messages that were sent without waiting.
class Answers {
 public:
  std::function<void(Result<Accepted>)> next(const std::string& name) {
    ++expected_;
    return [this, name](const Result<Accepted>& accepted) {
      const std::lock_guard lock(mutex_);
      codes_[name] = accepted ? ErrorCode{} : accepted.error().code;
      ++answered_;
      wake_.notify_one();
    };
  }
  std::map<std::string, ErrorCode> wait() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return answered_ == expected_; });
    return codes_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  int expected_ = 0;
  int answered_ = 0;
  std::map<std::string, ErrorCode> codes_;
};

class GroupCommit : public testing::Test {
 protected:
  GroupCommit() {
    faults_.reset();
    database_.settings.vfs = FaultVfs::name;
    store_ = database_.open();
    apply(*store_, {});  // the log's header is written and synced with the first commit
  }
  ~GroupCommit() override {
    store_.reset();
    faults_.reset();
  }

  /// Holds the writer inside the sync of a first message while `send` queues others behind it.
  /// The value is how many syncs those others took together.
  template <typename Send>
  std::int64_t syncs_of(Answers& answers, const Send& send) {
    std::promise<void> syncing;
    std::promise<void> go_on;
    auto released = go_on.get_future().share();
    first_ = true;
    faults_.before_sync([&] {
      if (!first_.exchange(false)) return;
      syncing.set_value();
      released.wait();
    });
    store_->accept_async(a_message("in front"), {}, answers.next("in front"));
    syncing.get_future().wait();
    send();
    const auto before = faults_.syncs.load();
    go_on.set_value();
    answers.wait();
    faults_.before_sync(nullptr);
    return faults_.syncs - before;
  }
  void send(Answers& answers, const std::string& name, const Changes& changes = {}) {
    store_->accept_async(a_message(name), changes, answers.next(name));
  }

  FaultVfs& faults_ = FaultVfs::get();
  SqliteDatabase database_;
  std::unique_ptr<Store> store_;
  std::atomic<bool> first_{true};
};

TEST_F(GroupCommit, MakesManyMessagesDurableByOneSync) {
  Answers answers;
  const auto syncs = syncs_of(answers, [&] {
    for (int i = 0; i < 64; ++i) {
      send(answers, std::to_string(i), new_referral(a_referral()));
    }
  });
  EXPECT_EQ(syncs, 1);
  for (const auto& [name, code] : answers.wait()) EXPECT_EQ(code, ErrorCode{}) << name;
  EXPECT_EQ(store_->counts()->referrals, 64);
}

TEST_F(GroupCommit, AnswersNobodyBeforeTheSync) {
  Answers answers;
  std::promise<void> syncing;
  std::promise<void> go_on;
  auto released = go_on.get_future().share();
  faults_.before_sync([&] {
    if (!first_.exchange(false)) return;
    syncing.set_value();
    released.wait();
  });
  std::atomic<bool> answered{false};
  std::promise<void> done;
  store_->accept_async(a_message("1"), {}, [&](const Result<Accepted>&) {
    answered = true;
    done.set_value();
  });
  syncing.get_future().wait();
  EXPECT_FALSE(answered);
  go_on.set_value();
  done.get_future().wait();
}

TEST_F(GroupCommit, LetsAMemberFailAlone) {
  const auto row = a_referral();
  apply(*store_, new_referral(row));
  Changes stale = new_referral(a_referral());
  stale.audits.push_back({"PatientRead", "engine", "undone", "success"});
  stale.events.push_back({row.id, "engine", "", "undone", {}, {}, ""});
  stale.referrals.push_back({row, 7});
  Changes good = new_referral(a_referral());
  good.audits.push_back({"PatientRead", "engine", "kept", "success"});
  Answers answers;
  const auto syncs = syncs_of(answers, [&] {
    for (int i = 0; i < 10; ++i) {
      auto mine = good;
      mine.referrals[0].row.id = ReferralId(new_ulid());
      send(answers, "good " + std::to_string(i), mine);
      send(answers, "stale " + std::to_string(i), stale);
    }
    send(answers, "good 0");  // the same message again: a repeat, and no failure
  });
  EXPECT_EQ(syncs, 1);
  for (const auto& [name, code] : answers.wait()) {
    EXPECT_EQ(code, name.rfind("stale", 0) == 0 ? ErrorCode::stale : ErrorCode{}) << name;
  }
  const auto counts = *store_->counts();
  EXPECT_EQ(counts.referrals, 11);
  EXPECT_EQ(static_cast<std::int64_t>(store_->referrals(100)->size()), counts.referrals);
  EXPECT_EQ(counts.messages, 13);
  EXPECT_EQ(*store_->verify_audit(), 10);
  EXPECT_TRUE(store_->events(row.id)->empty());
}

TEST_F(GroupCommit, FailsTogetherWhenTheSyncFails) {
  Answers answers;
  syncs_of(answers, [&] {
    for (int i = 0; i < 5; ++i) send(answers, std::to_string(i));
    faults_.fail_sync = 1;
  });
  auto codes = answers.wait();
  EXPECT_EQ(codes.erase("in front"), 1u);
  for (const auto& [name, code] : codes) EXPECT_EQ(code, ErrorCode::store_failed) << name;
}

/// The number at offset 12 of the log counts how often it has started over.
std::string lap_of(const std::string& path) {
  std::ifstream file(path + "-wal", std::ios::binary);
  std::string header(16, '\0');
  file.read(header.data(), 16);
  return header.substr(12);
}

TEST_F(GroupCommit, StartsTheLogOverWhileItKeepsWriting) {
  store_.reset();
  database_.settings.log_pages = 200;
  store_ = database_.open();
  apply(*store_, {});
  const auto first = lap_of(database_.settings.path);
  int laps = 0;
  auto lap = first;
  for (int i = 0; i < 20'000 && laps < 3; ++i) {
    apply(*store_, new_referral(a_referral()));
    const auto now = lap_of(database_.settings.path);
    if (now != lap) ++laps;
    lap = now;
  }
  EXPECT_EQ(laps, 3);
}

}  // namespace
}  // namespace meridian::store
