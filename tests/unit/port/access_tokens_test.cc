// SPDX-License-Identifier: Apache-2.0
#include "port/access_tokens.h"

#include <gtest/gtest.h>

namespace meridian {
namespace {

const auto now = *parse_instant("2026-11-20T10:00:00Z");

TEST(AccessTokens, SayClientAndScopeUntilTheirTimeIsOver) {
  const AccessTokens tokens("secret");
  const auto token = tokens.issue({"willow-ehr", "system/Task.rs system/*.c"}, now);
  EXPECT_EQ(token.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789."), std::string::npos);
  const auto read = tokens.read(token, now - std::chrono::milliseconds(1));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->client, "willow-ehr");
  EXPECT_EQ(read->scope, "system/Task.rs system/*.c");
  EXPECT_FALSE(tokens.read(token, now));
}

TEST(AccessTokens, ThatSomebodyElseMadeOrChangedAreNone) {
  const AccessTokens tokens("secret");
  const auto token = tokens.issue({"willow-ehr", "system/*.rs"}, now);
  EXPECT_FALSE(AccessTokens("another").read(token, Instant{}));
  for (std::size_t i = 0; i < token.size(); ++i) {
    auto changed = token;
    changed[i] = changed[i] == '1' ? '2' : '1';
    EXPECT_FALSE(tokens.read(changed, Instant{})) << i;
  }
  for (const auto* none : {"", ".", "..", "...", "a.b.c.d"}) {
    EXPECT_FALSE(tokens.read(none, Instant{})) << none;
  }
  EXPECT_FALSE(tokens.read(token + "0", Instant{}));
  EXPECT_FALSE(tokens.read(token.substr(1), Instant{}));
}

}  // namespace
}  // namespace meridian
