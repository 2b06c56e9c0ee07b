// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/syntax/escape.h"

#include <random>

#include <gtest/gtest.h>

namespace meridian::hl7v2 {
namespace {

TEST(Escape, SequencesBecomeWhatTheyMean) {
  const Delimiters usual{'|', '^', '~', '\\', '&', '#'};
  const struct {
    const char* raw;
    const char* text;
  } cases[] = {
      {"L4\\T\\L5", "L4&L5"},
      {"a\\F\\b\\S\\c\\R\\d\\E\\e\\P\\f", "a|b^c~d\\e#f"},
      {"one\\.br\\two\\.sp 2\\three\\.sp\\four", "one\ntwo\n\nthree\nfour"},
      {"\\H\\bold\\N\\ \\.in+4\\\\.ti-2\\x\\.fi\\y\\.nf\\z", "bold xyz"},
      {"\\.ce\\TITLE\\.sk 3\\|", "\nTITLE   |"},
      {"\\X0D0A\\x\\X41\\\\XE9\\\\XC3A9\\", "\nxA\xC3\xA9\xC3\xA9"},
      {"\\C2842\\a\\M244228\\b", "ab"},
      {"C:\\temp", "C:\\temp"},
      {"C:\\temp\\file\\T\\", "C:\\temp\\file&"},
      {"\\Xzz\\ \\X4\\ \\Q\\ \\\\", "\\Xzz\\ \\X4\\ \\Q\\ \\\\"},
      {"\\.sp 999999999\\", ""},
      {"a\rb\r\nc\n", "a\nb\nc\n"},
  };
  for (const auto& one : cases) {
    const auto text = unescape(one.raw, usual);
    if (std::string_view(one.raw).starts_with("\\.sp 9")) {
      EXPECT_EQ(text, std::string(100, '\n'));
    } else {
      EXPECT_EQ(text, one.text) << one.raw;
    }
  }
}

TEST(Escape, UsesTheDelimitersOfTheMessage) {
  const Delimiters odd{'$', '*', '+', '!', '@', 0};
  EXPECT_EQ(escape("a$b*c+d!e@f#g|h^", odd), "a!F!b!S!c!R!d!E!e!T!f#g|h^");
  EXPECT_EQ(unescape("a!F!b\\F\\", odd), "a$b\\F\\");
}

TEST(Escape, AnyTextComesBack) {
  std::mt19937 random(7);
  const std::string letters = "|^~\\&#aXEFSTR.br \n\x01\x7F\xC3\xA9";
  const Delimiters usual{'|', '^', '~', '\\', '&', '#'};
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (int n = static_cast<int>(random() % 12); n > 0; --n) {
      const auto at = random() % (letters.size() - 1);
      if (static_cast<unsigned char>(letters[at]) < 0x80) {
        text += letters[at];
      } else {
        text += "\xC3\xA9";
      }
    }
    const auto raw = escape(text, usual);
    EXPECT_EQ(raw.find_first_of("|^~&#\r\n"), std::string::npos) << raw;
    EXPECT_EQ(unescape(raw, usual), text) << raw;
  }
}

}  // namespace
}  // namespace meridian::hl7v2
