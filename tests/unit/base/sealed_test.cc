// SPDX-License-Identifier: Apache-2.0
#include "base/sealed.h"

#include <gtest/gtest.h>

namespace meridian {
namespace {

TEST(Sealed, OpensOnlyWithTheSameSecretForTheSamePurpose) {
  for (const std::string plain : {"", "Patient/17", "\xc3\xa9 and more"}) {
    const auto text = sealed("secret", "view|a", plain);
    EXPECT_EQ(unsealed("secret", "view|a", text), plain);
    EXPECT_FALSE(unsealed("another", "view|a", text));
    EXPECT_FALSE(unsealed("secret", "view|b", text));
  }
}

TEST(Sealed, HidesWhatItHoldsAndIsNeverTheSameTwice) {
  const auto text = sealed("secret", "", "Patient/17");
  EXPECT_EQ(text.find("Patient"), std::string::npos);
  EXPECT_NE(text, sealed("secret", "", "Patient/17"));
}

TEST(Sealed, NoDigitOfItCanBeChangedOrLeftOut) {
  const auto text = sealed("secret", "", "Patient/17");
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto other = text;
    other[i] = other[i] == '0' ? '1' : '0';
    EXPECT_FALSE(unsealed("secret", "", other)) << i;
    EXPECT_FALSE(unsealed("secret", "", text.substr(0, i))) << i;
  }
  EXPECT_FALSE(unsealed("secret", "", std::string(100'000, 'a')));
  EXPECT_FALSE(
      unsealed("secret", "", "no digits at all, but long enough to hold a nonce and tag.."));
}

}  // namespace
}  // namespace meridian
