// SPDX-License-Identifier: Apache-2.0
// Result holds a value or an error, never both, and can be moved out of.
#include "base/result.h"

#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace meridian {
namespace {

constexpr Error full{ErrorCode::store_full, "test", "no space", 28};

TEST(Result, HoldsAValue) {
  Result<std::string> result = std::string("done");
  ASSERT_TRUE(result);
  EXPECT_TRUE(result.has_value());
  EXPECT_EQ(*result, "done");
  EXPECT_EQ(result->size(), 4u);
}

TEST(Result, HoldsAnErrorWithItsDetail) {
  const Result<std::string> result = full;
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::store_full);
  EXPECT_EQ(result.error().what.view(), "no space");
  EXPECT_EQ(result.error().detail, 28);
}

TEST(Result, GivesAwayWhatCanOnlyBeMoved) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
  const std::unique_ptr<int> taken = *std::move(result);
  EXPECT_EQ(*taken, 7);
}

TEST(Result, OfNothingIsSuccessUnlessAnErrorIsGiven) {
  const Result<void> good;
  const Result<void> bad = full;
  EXPECT_TRUE(good);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, ErrorCode::store_full);
}

TEST(Result, OfABoolSaysWhetherThereIsOneNotWhatItIs) {
  const Result<bool> result = false;
  EXPECT_TRUE(result.has_value());
  EXPECT_FALSE(*result);
}

}  // namespace
}  // namespace meridian
