// SPDX-License-Identifier: Apache-2.0
#include "fhir/client/retry.h"

#include <gtest/gtest.h>

#include "unit/fhir_client/client_fixture.h"

namespace meridian::fhir::wire {
namespace {

using namespace std::chrono_literals;
using test::fixed_now;

TEST(RetryAfter, IsReadInSecondsAndAsADate) {
  EXPECT_EQ(parse_retry_after("120", fixed_now), 120s);
  EXPECT_EQ(parse_retry_after(" 5 ", fixed_now), 5s);
  EXPECT_EQ(parse_retry_after("Fri, 20 Nov 2026 10:16:30 GMT", fixed_now), 90s);
  EXPECT_EQ(parse_retry_after("Fri, 20 Nov 2026 09:00:00 GMT", fixed_now), 0s);
  EXPECT_EQ(parse_retry_after("99999999999999", fixed_now), 24h);
  EXPECT_EQ(parse_retry_after("Fri, 20 Nov 2099 09:00:00 GMT", fixed_now), 24h);
  for (const char* text : {"", "soon", "-5", "1.5", "Fri, 20 Nux 2026 10:16:30 GMT",
                           "Fri, 31 Feb 2026 10:16:30 GMT", "2026-11-20T10:16:30Z"}) {
    EXPECT_FALSE(parse_retry_after(text, fixed_now)) << text;
  }
}

TEST(Backoff, GrowsToItsCapAndSpreadsOverTheWholeRange) {
  ClientLimits limits;
  limits.backoff_base = 100ms;
  limits.backoff_cap = 1'000ms;
  for (const auto& [attempt, ceiling] :
       {std::pair{0, 100ms}, {1, 200ms}, {3, 800ms}, {4, 1'000ms}, {60, 1'000ms}}) {
    auto least = 1h / 1ms * 1ms;
    auto most = 0ms;
    for (int i = 0; i < 500; ++i) {
      const auto wait = full_jitter(limits, attempt);
      least = std::min(least, wait);
      most = std::max(most, wait);
      ASSERT_LE(wait, ceiling);
      ASSERT_GE(wait, 0ms);
    }
    EXPECT_LT(least, ceiling / 5) << "half a thousand draws reach the low end";
    EXPECT_GT(most, ceiling / 5 * 4) << "and the high end";
  }
}

struct Run {
  int attempts = 0;
  std::vector<std::chrono::milliseconds> waits;
};

Run run(std::vector<ErrorCode> failures, bool repeatable,
        std::optional<std::chrono::seconds> retry_after = {},
        std::chrono::milliseconds total = 60s) {
  ClientLimits limits;
  limits.attempts = 4;
  Run result;
  with_retries(
      limits, std::chrono::steady_clock::now() + total,
      [&](std::chrono::milliseconds time) {
        result.waits.push_back(time);
        return true;
      },
      [&] { return repeatable; },
      [&]() -> Attempt {
        const auto at = static_cast<std::size_t>(result.attempts++);
        if (at >= failures.size()) return {};
        return {Error{failures[at], "test", "test"}, retry_after};
      });
  return result;
}

TEST(Retry, TransientFailuresAreRepeatedWhateverTheVerb) {
  EXPECT_EQ(run({ErrorCode::unavailable, ErrorCode::throttled}, false).attempts, 3);
}

TEST(Retry, AmbiguousFailuresAreRepeatedOnlyWhereThatIsHarmless) {
  EXPECT_EQ(run({ErrorCode::timed_out, ErrorCode::interrupted}, true).attempts, 3);
  EXPECT_EQ(run({ErrorCode::timed_out}, false).attempts, 1);
  EXPECT_EQ(run({ErrorCode::unavailable, ErrorCode::interrupted}, false).attempts, 2);
}

TEST(Retry, PermanentFailuresAreNot) {
  EXPECT_EQ(run({ErrorCode::invalid}, true).attempts, 1);
  EXPECT_EQ(run({ErrorCode::untrusted}, true).attempts, 1);
  EXPECT_EQ(run({ErrorCode::stopping}, true).attempts, 1);
}

TEST(Retry, EndsWithTheLastAttempt) {
  const std::vector<ErrorCode> all(10, ErrorCode::unavailable);
  const auto result = run(all, true);
  EXPECT_EQ(result.attempts, 4);
  EXPECT_EQ(result.waits.size(), 3u);
}

TEST(Retry, WaitsAtLeastAsLongAsTheServerAsks) {
  const auto result = run({ErrorCode::throttled}, false, 37s);
  ASSERT_EQ(result.waits.size(), 1u);
  EXPECT_GE(result.waits[0], 37s);
}

TEST(Retry, DoesNotBeginAWaitThatWouldOutlastTheDeadline) {
  const auto result = run({ErrorCode::throttled}, false, 37s, 30s);
  EXPECT_EQ(result.attempts, 1);
  EXPECT_TRUE(result.waits.empty());
}

}  // namespace
}  // namespace meridian::fhir::wire
