// SPDX-License-Identifier: Apache-2.0
#include "base/loopback.h"

#include <gtest/gtest.h>

namespace meridian {
namespace {

TEST(Loopback, IsThisMachineByNameAndByAddress) {
  for (const auto* host : {"localhost", "127.0.0.1", "127.255.0.9", "::1", "[::1]"}) {
    EXPECT_TRUE(is_loopback(host)) << host;
  }
}

TEST(Loopback, IsNoNameThatOnlyLooksLikeIt) {
  for (const auto* host : {"", "127.", "127.0.0.1.example.org", "127.evil.example",
                           "localhost.example.org", "128.0.0.1", "0.0.0.0", "::", "10.0.0.1"}) {
    EXPECT_FALSE(is_loopback(host)) << host;
  }
}

}  // namespace
}  // namespace meridian
