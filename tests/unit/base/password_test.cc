// SPDX-License-Identifier: Apache-2.0
#include "base/password.h"

#include <gtest/gtest.h>

namespace meridian {
namespace {

constexpr ScryptCost cheap{16, 1, 1};

TEST(Password, IsRecognisedAndNoOtherIs) {
  const auto hash = hash_password("correct horse battery", cheap);
  EXPECT_TRUE(is_password("correct horse battery", hash));
  for (const char* other :
       {"", "correct horse batter", "correct horse battery ", "Correct horse battery"}) {
    EXPECT_FALSE(is_password(other, hash)) << other;
  }
  EXPECT_NE(hash_password("correct horse battery", cheap), hash) << "each has its own salt";
}

TEST(Password, IsKeptAsTheFormatSays) {
  const auto hash = hash_password("x", cheap);
  EXPECT_TRUE(hash.starts_with("scrypt$16$1$1$")) << hash;
  EXPECT_EQ(hash.size(), std::string("scrypt$16$1$1$").size() + 32 + 1 + 64);
  // Made with another program: hashlib.scrypt(b"pass", salt=bytes(range(16)), n=16, r=1, p=1).
  EXPECT_TRUE(is_password("pass",
                          "scrypt$16$1$1$000102030405060708090a0b0c0d0e0f$"
                          "04410886db9c6ff9dd802244d88363c9c5d5442dc72c25b35f5640106a0954f1"));
}

TEST(Password, OfACostThatIsNoLongerOursStillCounts) {
  EXPECT_TRUE(is_password("old", hash_password("old", {32, 2, 2})));
}

TEST(Password, AHashThatIsNoneFitsNothing) {
  for (const char* broken :
       {"", "scrypt", "scrypt$16$1$1$00$00", "bcrypt$16$1$1$000102030405060708090a0b0c0d0e0f$00",
        "scrypt$0$1$1$000102030405060708090a0b0c0d0e0f$"
        "0000000000000000000000000000000000000000000000000000000000000000",
        "scrypt$15$1$1$000102030405060708090a0b0c0d0e0f$"
        "0000000000000000000000000000000000000000000000000000000000000000",
        "scrypt$99999999999$8$1$000102030405060708090a0b0c0d0e0f$"
        "0000000000000000000000000000000000000000000000000000000000000000"}) {
    EXPECT_FALSE(is_password("", broken)) << broken;
    EXPECT_FALSE(is_password("x", broken)) << broken;
  }
  EXPECT_FALSE(is_password("", hash_of_nothing(cheap)));
  EXPECT_EQ(hash_of_nothing(cheap).size(), hash_password("x", cheap).size());
  EXPECT_TRUE(hash_of_nothing({32, 2, 2}).starts_with("scrypt$32$2$2$")) << "for the same time";
}

TEST(Password, MustBeLongAndNothingElse) {
  EXPECT_EQ(password_fault("elevenchars", {}), "short");
  EXPECT_EQ(password_fault("twelve chars", {}), "");
  EXPECT_EQ(password_fault("żółwżółwabc", {}), "short") << "characters, not bytes";
  EXPECT_EQ(password_fault("żółw mówi tak", {}), "");
  EXPECT_EQ(password_fault(std::string(64, 'a') + std::string(64, 'b'), {}), "");
  EXPECT_EQ(password_fault(std::string(64, 'a') + std::string(65, 'b'), {}), "long");
}

TEST(Password, MustNotBeAmongTheFirstThatAreTried) {
  for (const char* bad : {"password1234", "Password123!", "passwordpassword", "123456789012",
                          "aaaaaaaaaaaa", "abababababab", "abcdefghijkl", "qwertyuiopas",
                          "1qaz2wsx3edc", "Meridian2026!", "iloveyouiloveyou", "contraseña1234"}) {
    EXPECT_EQ(password_fault(bad, {}), "common") << bad;
  }
  for (const char* good :
       {"my hospital has a blue door", "passwords are for fish", "tqbfjotld 1984"}) {
    EXPECT_EQ(password_fault(good, {}), "") << good;
  }
}

TEST(Password, MustNotHaveTheOwnNameInIt) {
  EXPECT_EQ(password_fault("mariposas rUIZ azules", {"Ana", "Ruiz"}), "personal");
  EXPECT_EQ(password_fault("banana split now", {"Ana", "Ruiz"}), "")
      << "three letters are in too much";
}

}  // namespace
}  // namespace meridian
