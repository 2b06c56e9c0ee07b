// SPDX-License-Identifier: Apache-2.0
// A process that is killed in the middle: what it had acknowledged is there afterwards.
#include <array>
#include <csignal>
#include <random>
#include <set>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "unit/store/sqlite_database.h"

namespace meridian::store {
namespace {

/// The child: accepts for ever with several threads, and writes each acknowledged id to the pipe.
[[noreturn]] void accept_until_killed(const SqliteSettings& settings, int pipe) {
  auto opened = open_sqlite(settings);
  if (!opened) ::_exit(3);
  Store& store = **opened;
  const auto work = [&] {
    for (;;) {
      const auto message = a_message(new_ulid(), std::string(1500, 'm'));
      const auto row = a_referral();
      auto changes = new_referral(row);
      changes.events.push_back({row.id, "engine", "1", "received", {}, message.id, "{}"});
      changes.deliveries.push_back(a_delivery(row.id, "clinic", message.received_at));
      changes.audits.push_back({"PatientRead", "engine", row.id.str(), "success"});
      if (!store.accept(message, changes)) ::_exit(4);
      const std::string line = message.id.str() + row.id.str();
      if (::write(pipe, line.data(), line.size()) != static_cast<ssize_t>(line.size())) ::_exit(5);
    }
  };
  std::thread second(work);
  std::thread third(work);
  work();
  std::abort();
}

/// One acknowledged message: its id and its referral's, as the child wrote them.
using Line = std::array<char, 52>;

bool read_line(int pipe, Line& line) {
  std::size_t have = 0;
  while (have < line.size()) {
    const auto got = ::read(pipe, line.data() + have, line.size() - have);
    if (got <= 0) return false;
    have += static_cast<std::size_t>(got);
  }
  return true;
}

/// Lets a child run until it has acknowledged `count`, kills it and adds what it acknowledged.
void run_and_kill(const SqliteSettings& settings, unsigned count, std::set<std::string>& lines) {
  int pipe[2];
  ASSERT_EQ(::pipe(pipe), 0);
  const auto child = ::fork();
  if (child == 0) {
    ::close(pipe[0]);
    accept_until_killed(settings, pipe[1]);
  }
  ::close(pipe[1]);
  Line line;
  for (unsigned i = 0; i < count && read_line(pipe[0], line); ++i) {
    lines.insert(std::string(line.data(), line.size()));
  }
  ::kill(child, SIGKILL);
  while (read_line(pipe[0], line)) lines.insert(std::string(line.data(), line.size()));
  ::close(pipe[0]);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself: " << WEXITSTATUS(status);
}

TEST(Killing, LosesNothingThatWasAcknowledged) {
  SqliteDatabase database;
  database.settings.log_pages = 100;
  database.settings.clock = &system_now;
  std::mt19937 random(20261120);
  std::set<std::string> lines;
  constexpr int rounds = 12;
  for (int round = 0; round < rounds; ++round) {
    run_and_kill(database.settings, static_cast<unsigned>(random() % 120), lines);
    if (HasFatalFailure()) return;
  }
  database.settings.quick_check = true;
  auto store = database.open();
  EXPECT_GT(lines.size(), std::size_t{rounds});
  for (const auto& line : lines) {
    const MessageId message(line.substr(0, 26));
    const ReferralId referral(line.substr(26));
    EXPECT_TRUE(*store->message(message));
    EXPECT_TRUE(*store->referral(referral));
    EXPECT_EQ(store->messages_of(referral)->size(), 1u);
    EXPECT_EQ(store->deliveries(referral)->size(), 1u);
  }
  const auto counts = *store->counts();
  EXPECT_GE(counts.messages, static_cast<std::int64_t>(lines.size()));
  EXPECT_EQ(counts.referrals, counts.messages);
  EXPECT_EQ(counts.queued, counts.messages);
  EXPECT_EQ(*store->verify_audit(), counts.messages);
}

}  // namespace
}  // namespace meridian::store
