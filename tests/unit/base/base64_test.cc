// SPDX-License-Identifier: Apache-2.0
#include "base/base64.h"

#include <gtest/gtest.h>

namespace meridian {
namespace {

TEST(Base64, ReadsWhatItWrites) {
  std::string bytes;
  for (int size = 0; size < 100; ++size) {
    const auto text = encode_base64(bytes);
    EXPECT_EQ(decode_base64(text), bytes) << size;
    // As MIME breaks it, at every place.
    for (std::size_t at = 0; at <= text.size(); ++at) {
      auto broken = text;
      broken.insert(at, "\r\n ");
      EXPECT_EQ(decode_base64(broken), bytes) << size << " at " << at;
    }
    bytes.push_back(static_cast<char>(size * 151 + 7));
  }
}

/// RFC 4648 section 4; padding that is left out is forgiven.
TEST(Base64, KnowsTheExamplesOfTheStandard) {
  EXPECT_EQ(decode_base64(""), "");
  EXPECT_EQ(decode_base64("Zg=="), "f");
  EXPECT_EQ(decode_base64("Zm8="), "fo");
  EXPECT_EQ(decode_base64("Zm9vYmFy"), "foobar");
  EXPECT_EQ(decode_base64("Zm9vYg"), "foob");
  EXPECT_EQ(decode_base64("+/+/"), "\xfb\xff\xbf");
}

TEST(Base64, RefusesWhatIsNone) {
  for (const char* text : {"Z", "Zm9vY", "Zm9v!mFy", "Zm9vYmF\xc3", "Zg==Zg==", "-_-_", "Zm9v=x"}) {
    EXPECT_EQ(decode_base64(text), std::nullopt) << text;
  }
  EXPECT_EQ(decode_base64(std::string_view("Zm9v\0mFy", 8)), std::nullopt);
}

}  // namespace
}  // namespace meridian
