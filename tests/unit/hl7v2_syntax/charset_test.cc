// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/syntax/charset.h"

#include <gtest/gtest.h>

namespace meridian::hl7v2 {
namespace {

std::string message(const std::string& msh18, const std::string& name) {
  return "MSH|^~\\&|A|B|C|D|20260101||ADT^A01|1|P|2.5||||||" + msh18 + "\rPID|||1||" + name + "\r";
}

void expect(const std::string& bytes, const std::string& charset, const std::string& contains,
            std::size_t issues, const std::string& site_default = "windows-1252") {
  Decoded decoded;
  decode(bytes, site_default, decoded);
  EXPECT_EQ(decoded.charset, charset);
  EXPECT_NE(decoded.text.find(contains), std::string_view::npos) << decoded.text;
  EXPECT_EQ(decoded.issues.size(), issues)
      << (decoded.issues.empty() ? "" : decoded.issues[0].text);
  for (const auto& issue : decoded.issues) EXPECT_EQ(issue.path, "MSH-18");
}

TEST(Charset, AsciiAndUtf8AreNotCopied) {
  const auto plain = message("", "DOE");
  Decoded decoded;
  decode(plain, "windows-1252", decoded);
  EXPECT_EQ(decoded.text.data(), plain.data());
  expect(message("UNICODE UTF-8", "Jos\xC3\xA9"), "UTF-8", "Jos\xC3\xA9", 0);
}

TEST(Charset, WhatIsDeclaredCounts) {
  expect(message("8859/1", "Jos\xE9"), "windows-1252", "Jos\xC3\xA9", 0);
  expect(message("8859/2", "\xB3"), "ISO-8859-2", "\xC5\x82", 0);
  expect(message("8859/15", "\xA4"), "ISO-8859-15", "\xE2\x82\xAC", 0);
  expect(message("GB 18030-2000", "\xD6\xD0\x81\x30\x81\x30"), "GB18030", "\xE4\xB8\xAD", 0);
  expect(message("~ISO IR87", "\x1B$B;3ED\x1B(B"), "ISO-2022-JP", "\xE5\xB1\xB1\xE7\x94\xB0", 0);
}

TEST(Charset, ASecondByteThatLooksLikeADelimiterIsNone) {
  // U+8A31 in Big5 is B3 5C: its second byte is a backslash.
  expect(message("BIG-5", "\xB3\x5C|X"), "Big5", "\xE8\xA8\xB1|X", 0);
}

TEST(Charset, WhenNothingIsDeclaredUtf8IsTriedThenTheSite) {
  expect(message("", "Jos\xC3\xA9"), "UTF-8", "Jos\xC3\xA9", 0);
  expect(message("", "Jos\xE9"), "windows-1252", "Jos\xC3\xA9", 1);
  expect(message("", "\xB3"), "ISO-8859-2", "\xC5\x82", 1, "ISO-8859-2");
  expect(message("", "\xB3"), "windows-1252", "\xC2\xB3", 1, "no such set");
}

TEST(Charset, WhatIsDeclaredMayLie) {
  expect(message("ASCII", "Jos\xE9"), "windows-1252", "Jos\xC3\xA9", 1);
  expect(message("UNICODE UTF-8", "Jos\xE9"), "windows-1252", "Jos\xC3\xA9", 1);
  expect(message("8859/1", "Jos\xC3\xA9"), "UTF-8", "Jos\xC3\xA9", 1);
  expect(message("KLINGON", "DOE"), "US-ASCII", "DOE", 1);
}

TEST(Charset, WideSetsAreKnownByTheirFirstBytes) {
  const auto plain = message("UNICODE UTF-16", "DOE");
  std::string wide = "\xFF\xFE";
  for (const char c : plain) wide += {c, '\0'};
  expect(wide, "UTF-16", "PID|||1||DOE", 0);
  expect(wide.substr(2), "UTF-16LE", "PID|||1||DOE", 0);
}

}  // namespace
}  // namespace meridian::hl7v2
