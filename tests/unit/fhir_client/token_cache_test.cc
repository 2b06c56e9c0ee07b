// SPDX-License-Identifier: Apache-2.0
#include "fhir/client/token_cache.h"

#include <latch>
#include <thread>

#include <gtest/gtest.h>

#include "unit/fhir_client/client_fixture.h"

namespace meridian::fhir {
namespace {

using namespace std::chrono_literals;
using test::fixed_now;

Token token_of(std::string value, Instant at, std::chrono::seconds life = 300s) {
  Token token;
  token.value = Sensitive(std::move(value));
  token.expires_at = at + life;
  token.refresh_at = at + life - 30s;
  return token;
}

struct Bench {
  TokenCache cache;
  Instant now = fixed_now;
  int fetches = 0;

  Result<Token> get(const std::string& key = "k") {
    return cache.get(
        key, [this] { return now; }, 60s,
        [this]() -> Result<Token> { return token_of(std::to_string(++fetches), now); });
  }
  Result<Token> fail(ErrorCode code) {
    return cache.get(
        "k", [this] { return now; }, 60s,
        [this, code]() -> Result<Token> {
          ++fetches;
          return Error{code, "test", "test"};
        });
  }
};

TEST(TokenCache, FetchesOnceUntilTheTokenIsNearItsEnd) {
  Bench bench;
  EXPECT_EQ(bench.get()->value.reveal(), "1");
  bench.now += 269s;
  EXPECT_EQ(bench.get()->value.reveal(), "1");
  bench.now += 2s;
  EXPECT_EQ(bench.get()->value.reveal(), "2");
}

TEST(TokenCache, KeepsEachKeyApart) {
  Bench bench;
  EXPECT_EQ(bench.get("a")->value.reveal(), "1");
  EXPECT_EQ(bench.get("b")->value.reveal(), "2");
  EXPECT_EQ(bench.get("a")->value.reveal(), "1");
}

TEST(TokenCache, ARefusedTokenIsFetchedAnewButNotANewerOne) {
  Bench bench;
  const auto first = *bench.get();
  bench.cache.discard("k", first);
  EXPECT_EQ(bench.get()->value.reveal(), "2");
  bench.cache.discard("k", first);  // a slower thread comes with the old one
  EXPECT_EQ(bench.get()->value.reveal(), "2");
}

TEST(TokenCache, ARefusedClientAsksAgainOnlyAfterTheGap) {
  Bench bench;
  EXPECT_EQ(bench.fail(ErrorCode::unauthorized).error().code, ErrorCode::unauthorized);
  EXPECT_EQ(bench.get().error().code, ErrorCode::unauthorized);
  EXPECT_EQ(bench.fetches, 1);
  bench.now += 61s;
  EXPECT_TRUE(bench.get());
}

TEST(TokenCache, AServerThatIsDownIsAskedAgainAtOnce) {
  Bench bench;
  EXPECT_FALSE(bench.fail(ErrorCode::unavailable));
  EXPECT_TRUE(bench.get());
}

TEST(TokenCache, TheOldTokenServesWhileEarlyRefreshFails) {
  Bench bench;
  ASSERT_TRUE(bench.get());
  bench.now += 280s;
  EXPECT_EQ(bench.fail(ErrorCode::unauthorized)->value.reveal(), "1");
  EXPECT_EQ(bench.get()->value.reveal(), "1") << "and within the gap no one asks";
  EXPECT_EQ(bench.fetches, 2);
  bench.now += 21s;
  EXPECT_FALSE(bench.get()) << "but not beyond its end";
}

TEST(TokenCache, ManyCallersMakeOneFetch) {
  TokenCache cache;
  std::atomic<int> fetches = 0;
  std::atomic<int> waiting = 0;
  constexpr int callers = 8;
  const auto fetch = [&]() -> Result<Token> {
    ++fetches;
    while (waiting < callers) std::this_thread::yield();
    return token_of("shared", fixed_now);
  };
  std::vector<std::thread> threads;
  std::atomic<int> good = 0;
  for (int i = 0; i < callers; ++i) {
    threads.emplace_back([&] {
      ++waiting;
      const auto token = cache.get(
          "k", [] { return fixed_now; }, 60s, fetch);
      if (token && token->value.reveal() == "shared") ++good;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, callers);
  EXPECT_EQ(fetches, 1);
}

TEST(TokenCache, CallersThatWaitShareTheFailureToo) {
  TokenCache cache;
  std::atomic<int> fetches = 0;
  std::latch fetching(1);
  std::latch go_on(1);
  const auto clock = [] { return fixed_now; };
  std::thread first([&] {
    const auto token = cache.get("k", clock, 60s, [&]() -> Result<Token> {
      ++fetches;
      fetching.count_down();
      go_on.wait();
      return Error{ErrorCode::forbidden, "test", "test"};
    });
    EXPECT_EQ(token.error().code, ErrorCode::forbidden);
  });
  fetching.wait();
  std::thread second([&] {
    const auto token = cache.get("k", clock, 60s, [&]() -> Result<Token> {
      ++fetches;
      return token_of("x", fixed_now);
    });
    EXPECT_EQ(token.error().code, ErrorCode::forbidden);
  });
  go_on.count_down();
  first.join();
  second.join();
  EXPECT_EQ(fetches, 1);
}

}  // namespace
}  // namespace meridian::fhir
