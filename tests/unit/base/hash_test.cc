// SPDX-License-Identifier: Apache-2.0
// Hashes against published vectors.
#include "base/hash.h"

#include <gtest/gtest.h>

namespace meridian {
namespace {

TEST(Sha256, GivesTheVectorsOfFips180) {
  EXPECT_EQ(hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(hex(sha256(std::string(1'000'000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, CountsBytesAfterAZero) {
  EXPECT_NE(sha256(std::string_view("a\0b", 3)), sha256("a"));
}

TEST(HmacSha256, GivesTheVectorsOfRfc4231) {
  EXPECT_EQ(hex(hmac_sha256(std::string(20, '\x0b'), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex(hmac_sha256(std::string(131, '\xaa'),
                            "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(HmacSha256, TakesAnEmptyKeyAndAnEmptyText) {
  EXPECT_EQ(hex(hmac_sha256("", "")),
            "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(Hex, IsLowerCaseAndKeepsLeadingZeros) {
  const std::array<std::uint8_t, 3> bytes = {0x00, 0x0f, 0xAB};
  EXPECT_EQ(hex(bytes), "000fab");
  EXPECT_EQ(hex({}), "");
}

TEST(RandomBytes, FillsAllOfTheSpanAndNothingElse) {
  std::array<std::uint8_t, 40> bytes{};
  std::array<bool, 40> touched{};
  for (int i = 0; i < 20; ++i) {
    random_bytes(std::span(bytes).subspan(4, 32));
    for (std::size_t at = 0; at < bytes.size(); ++at) touched[at] |= bytes[at] != 0;
  }
  for (std::size_t at = 0; at < touched.size(); ++at) {
    EXPECT_EQ(touched[at], at >= 4 && at < 36) << "byte " << at;
  }
}

}  // namespace
}  // namespace meridian
