// SPDX-License-Identifier: Apache-2.0
// The CBOR of passkeys: vectors of RFC 8949 appendix A that are read, and all that is not.
#include "port/cbor.h"

#include <gtest/gtest.h>

namespace meridian {
namespace {

std::string bytes(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    out += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return out;
}

std::optional<Cbor> read(std::string_view hex) {
  const auto text = bytes(hex);
  std::string_view rest = text;
  auto item = take_cbor(rest);
  return rest.empty() ? item : std::nullopt;
}

TEST(Cbor, ReadsNumbers) {
  const std::pair<const char*, std::int64_t> cases[] = {
      {"00", 0},
      {"17", 23},
      {"1818", 24},
      {"190100", 256},
      {"1a000f4240", 1'000'000},
      {"20", -1},
      {"390100", -257},
      {"3863", -100},
      {"1b000000e8d4a51000", 1'000'000'000'000},
  };
  for (const auto& [hex, number] : cases) {
    const auto item = read(hex);
    ASSERT_TRUE(item) << hex;
    EXPECT_EQ(item->number, number) << hex;
  }
}

TEST(Cbor, ReadsStringsAndMaps) {
  EXPECT_EQ(read("6449455446")->content, "IETF");
  EXPECT_EQ(read("4401020304")->content, bytes("01020304"));
  const auto map = read("a2616101026162");
  ASSERT_TRUE(map);
  EXPECT_EQ(map->find("a")->number, 1);
  EXPECT_EQ(map->find(2)->content, "b");
  EXPECT_EQ(map->find("b"), nullptr);
  EXPECT_EQ(read("a16178f5")->find("x")->number, 1);
}

TEST(Cbor, RefusesWhatIsNotItsOneForm) {
  for (const char* hex : {
           "",
           "18",
           "1817",
           "190017",
           "1a0000ffff",
           "44010203",
           "5f41014102ff",
           "7f6161ff",
           "bf0101ff",
           "9f01ff",
           "a20101010102",
           "a1",
           "a101",
           "a1f401",
           "c074",
           "f93c00",
           "f6",
           "f7",
           "8101",
           "1bffffffffffffffff",
           "a1a0a0a0a0",
           "a101a101a101a101a101a0",
           "bb7fffffffffffffff",
           "5b7fffffffffffffff",
       }) {
    EXPECT_FALSE(read(hex)) << hex;
  }
}

TEST(Cbor, EndsAnywhereWithoutHarm) {
  const auto whole = bytes("a2616143010203026401020304");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    std::string_view rest = std::string_view(whole).substr(0, size);
    EXPECT_FALSE(take_cbor(rest)) << size;
  }
}

}  // namespace
}  // namespace meridian
