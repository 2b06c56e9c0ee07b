// SPDX-License-Identifier: Apache-2.0
// A message that kills the process is set aside the second time.
#include "host/poison_guard.h"

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "unit/flow/bench.h"

namespace meridian::host {
namespace {

std::string table_path() {
  return (std::filesystem::temp_directory_path() / ("meridian-guard-" + new_ulid())).string();
}

/// Reads a message in a process of its own, which is killed in the middle of it.
void die_reading(const std::string& path, const Sha256& digest) {
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto guard = PoisonGuard::open(path);
    const PoisonGuard::Mark mark(**guard, digest);
    raise(SIGKILL);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
}

TEST(PoisonGuard, OneDeathIsAnAccidentTwoAreAPoison) {
  const auto path = table_path();
  const auto digest = sha256("poison");
  die_reading(path, digest);
  EXPECT_FALSE((*PoisonGuard::open(path))->is_poison(digest));
  die_reading(path, digest);
  EXPECT_TRUE((*PoisonGuard::open(path))->is_poison(digest));
  EXPECT_FALSE((*PoisonGuard::open(path))->is_poison(sha256("another")));
  unlink(path.c_str());
}

TEST(PoisonGuard, AMessageThatWasReadAfterAllIsForgiven) {
  const auto path = table_path();
  const auto digest = sha256("unlucky");
  die_reading(path, digest);
  {
    auto guard = PoisonGuard::open(path);
    const PoisonGuard::Mark mark(**guard, digest);
  }
  die_reading(path, digest);
  EXPECT_FALSE((*PoisonGuard::open(path))->is_poison(digest));
  unlink(path.c_str());
}

TEST(GuardedInlet, KeepsAPoisonUnreadAndSaysSo) {
  const auto path = table_path();
  flow::Bench bench;
  const auto bytes = flow::bundle({flow::patient(), flow::order()});
  die_reading(path, sha256(bytes));
  die_reading(path, sha256(bytes));
  auto guard = PoisonGuard::open(path);
  GuardedInlet inlet(*bench.in, **guard);
  const auto answer =
      inlet.submit({SourceId("ehr"), "1", "application/fhir+json", bytes, bench.now});
  ASSERT_TRUE(answer);
  EXPECT_NE(answer->find("died twice"), std::string::npos);
  EXPECT_EQ(bench.store->counts()->quarantined, 1);
  EXPECT_EQ(bench.store->counts()->referrals, 0);
  ASSERT_TRUE(inlet.submit({SourceId("ehr"), "2", "application/fhir+json",
                            flow::bundle({flow::patient(), flow::order("active", 2)}), bench.now}));
  EXPECT_EQ(bench.store->counts()->referrals, 1);
  unlink(path.c_str());
}

}  // namespace
}  // namespace meridian::host
