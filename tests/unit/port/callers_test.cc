// SPDX-License-Identifier: Apache-2.0
#include "port/callers.h"

#include <gtest/gtest.h>

namespace meridian {
namespace {

TEST(Callers, AreFoundByTheirTokenOnly) {
  Callers callers;
  callers.add_token({"a", Role::viewer}, "token-of-a");
  callers.add_token({"b", Role::staff}, "token-of-b");
  ASSERT_TRUE(callers.by_token("token-of-b"));
  EXPECT_EQ(callers.by_token("token-of-b")->name, "b");
  EXPECT_FALSE(callers.by_token(""));
  EXPECT_FALSE(callers.by_token("token-of-"));
  EXPECT_FALSE(callers.by_token("token-of-bb"));
  EXPECT_EQ(callers.named("a")->role, Role::viewer);
  EXPECT_FALSE(callers.named(""));
}

TEST(Callers, OfACertificateEverythingThatIsExpectedMustFit) {
  Callers callers;
  callers.add_certificate({"both", Role::source}, {"CN=a", "11"});
  callers.add_certificate({"key", Role::source}, {"", "22"});
  callers.add_certificate({"nothing", Role::source}, {"", ""});
  EXPECT_EQ(callers.by_certificate({"CN=a", "11"})->name, "both");
  EXPECT_FALSE(callers.by_certificate({"CN=a", "12"}));
  EXPECT_FALSE(callers.by_certificate({"CN=b", "11"}));
  EXPECT_EQ(callers.by_certificate({"CN=b", "22"})->name, "key");
  EXPECT_FALSE(callers.by_certificate({"", ""})) << "no certificate was shown";
}

}  // namespace
}  // namespace meridian
