// SPDX-License-Identifier: Apache-2.0
#include "base/one_time_code.h"

#include <gtest/gtest.h>

namespace meridian {
namespace {

const std::string key = "12345678901234567890";

Instant second(std::int64_t number) {
  return Instant(std::chrono::seconds(number));
}

// RFC 6238 appendix B, the rows of SHA1.
TEST(OneTimeCode, IsThatOfTheStandard) {
  const std::pair<std::int64_t, const char*> rows[] = {
      {59, "94287082"},         {1111111109, "07081804"}, {1111111111, "14050471"},
      {1234567890, "89005924"}, {2000000000, "69279037"}, {20000000000, "65353130"},
  };
  for (const auto& [at, code] : rows) {
    EXPECT_EQ(one_time_code(key, code_step(second(at)), 8), code) << at;
    EXPECT_EQ(one_time_code(key, code_step(second(at))), std::string(code).substr(2));
  }
}

// RFC 4226 appendix D.
TEST(OneTimeCode, CountsAsTheStandardDoes) {
  const char* codes[] = {"755224", "287082", "359152", "969429", "338314",
                         "254676", "287922", "162583", "399871", "520489"};
  for (std::int64_t i = 0; i < 10; ++i) EXPECT_EQ(one_time_code(key, i), codes[i]);
}

TEST(OneTimeCode, IsTakenAStepEarlyOrLate) {
  const auto code = one_time_code(key, 37'037'036);
  const auto begins = 37'037'036 * 30;
  EXPECT_EQ(step_of_code(key, code, second(begins)), 37'037'036);
  EXPECT_EQ(step_of_code(key, code, second(begins - 30)), 37'037'036);
  EXPECT_EQ(step_of_code(key, code, second(begins + 59)), 37'037'036);
  EXPECT_FALSE(step_of_code(key, code, second(begins - 31)));
  EXPECT_FALSE(step_of_code(key, code, second(begins + 60)));
  EXPECT_EQ(step_of_code(key, " " + code.substr(0, 3) + " " + code.substr(3), second(begins)),
            37'037'036)
      << "as apps show it";
  for (const std::string& wrong :
       {std::string(), std::string("0"), code + "0", code.substr(1), std::string("000000")}) {
    EXPECT_FALSE(step_of_code(key, wrong, second(begins))) << wrong;
  }
  EXPECT_FALSE(step_of_code("another key", code, second(begins)));
}

// RFC 4648 section 10.
TEST(OneTimeCode, ItsSecretIsWrittenAsAppsTakeIt) {
  EXPECT_EQ(encode_base32(""), "");
  EXPECT_EQ(encode_base32("f"), "MY");
  EXPECT_EQ(encode_base32("fo"), "MZXQ");
  EXPECT_EQ(encode_base32("foo"), "MZXW6");
  EXPECT_EQ(encode_base32("foob"), "MZXW6YQ");
  EXPECT_EQ(encode_base32("foobar"), "MZXW6YTBOI");
  EXPECT_EQ(encode_base32("\xff\xff"), "777Q");
  EXPECT_EQ(encode_base32(key), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
  EXPECT_EQ(new_code_key().size(), 20u);
  EXPECT_NE(new_code_key(), new_code_key());
}

}  // namespace
}  // namespace meridian
