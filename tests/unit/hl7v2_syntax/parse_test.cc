// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "unit/hl7v2_syntax/messages.h"

namespace meridian::hl7v2 {
namespace {

struct Read {
  explicit Read(std::string text) : bytes(std::move(text)), message(parse(bytes, issues)) {}
  std::string bytes;
  Issues issues;
  std::optional<Message> message;
};

std::string with_msh(const std::string& rest) {
  return "MSH|^~\\&|A|B|C|D|20260101||ADT^A01|1|P|2.5\r" + rest;
}

TEST(Parse, CountsFieldsAsTheStandardDoes) {
  const Read read(with_msh("PID|1||17^^^H^MR~18^^^N&1.2.3&ISO^NI||DOE^JANE\r"));
  ASSERT_TRUE(read.message);
  const auto msh = read.message->header();
  EXPECT_EQ(msh.field(1).raw(), "|");
  EXPECT_EQ(msh.field(2).raw(), "^~\\&");
  EXPECT_EQ(msh.field(10).value(), "1");
  EXPECT_EQ(msh.field(12).value(), "2.5");
  EXPECT_TRUE(msh.field(13).empty());
  const auto pid = *read.message->find("PID");
  EXPECT_EQ(pid.field(3).repetitions(), 2U);
  EXPECT_EQ(pid.field(3).value(), "17");
  EXPECT_EQ(pid.field(3).component(4).value(), "H");
  const auto second = pid.field(3).repetition(2);
  EXPECT_EQ(second.component(1).value(), "18");
  EXPECT_EQ(second.component(4).subcomponent(2).value(), "1.2.3");
  EXPECT_TRUE(pid.field(3).repetition(3).empty());
  EXPECT_TRUE(read.issues.empty());
}

TEST(Parse, GoesOverTheRepetitionsInTheirOrder) {
  for (const char* raw : {"", "a", "a~", "~a", "~", "a~b^c~~\"\"", "a~~b"}) {
    const Read read(with_msh(std::string("PID|1||") + raw + "|x\r"));
    const auto field = read.message->find("PID")->field(3);
    std::vector<std::string_view> each;
    for (const auto& one : field.each()) each.push_back(one.raw());
    ASSERT_EQ(each.size(), field.repetitions()) << raw;
    for (std::size_t i = 0; i < each.size(); ++i) {
      EXPECT_EQ(each[i], field.repetition(i + 1).raw()) << raw;
    }
  }
}

TEST(Parse, ComponentsInOneWalkAreThoseFoundOneByOne) {
  for (const char* msh : {"MSH|^~\\&|A|B\r", "MSH|^|A|B\r"}) {  // the second has no repetitions
    for (const char* raw : {"", "a", "^", "a^", "^^b", "a^b~c^d", "~a^b", "a&b^\"\"^c\\S\\d",
                            "1^2^3^4^5^6^7^8^9^10^11^12^13^14", "1^2^3^4^5^6^7^8^9^10^11^12~x"}) {
      const Read read(std::string(msh) + "PID|1||" + raw + "\r");
      ASSERT_TRUE(read.message);
      const auto field = read.message->find("PID")->field(3);
      const auto components = field.components();
      for (std::size_t i = 1; i <= Components::most; ++i) {
        EXPECT_EQ(components[i].raw(), field.component(i).raw()) << msh << raw << ' ' << i;
        EXPECT_EQ(components[i].value(), field.component(i).value()) << msh << raw << ' ' << i;
      }
    }
  }
}

TEST(Parse, AValueIsTheFirstSubcomponentUnescapedWithoutBlanks) {
  const std::pair<const char*, const char*> cases[] = {
      {" a b ", "a b"}, {"a&b", "a"},           {"a~b", "a"},
      {"\\T\\&b", "&"}, {" x\\F\\y ^z", "x|y"}, {"\"\"&a", ""},
      {"&a", ""},       {"a\\.br\\b", "a\nb"},  {"a\\", "a\\"}};
  for (const auto& [raw, value] : cases) {
    const Read read(with_msh(std::string("PID|1||") + raw + "\r"));
    EXPECT_EQ(read.message->find("PID")->field(3).value(), value) << raw;
  }
}

TEST(Parse, WithoutARepetitionSeparatorAFieldIsOne) {
  const Read read("MSH|^\rPID|1||a~b\r");
  if (!read.message) return;
  std::size_t count = 0;
  for (const auto& one : read.message->find("PID")->field(3).each()) count += one.empty() ? 0 : 1;
  EXPECT_EQ(count, 1U);
}

TEST(Parse, TakesItsDelimitersFromTheMessage) {
  const Read read("MSH$*+!@#$A$B$C$D$$$REF*I12$9$P$2.8\rPID$1$$17***H@1.2@ISO*MR+18\r");
  ASSERT_TRUE(read.message) << text_of(read.issues);
  EXPECT_EQ(read.message->delimiters(), (Delimiters{'$', '*', '+', '!', '@', '#'}));
  const auto pid = *read.message->find("PID");
  EXPECT_EQ(pid.field(3).repetitions(), 2U);
  EXPECT_EQ(pid.field(3).component(4).subcomponent(2).value(), "1.2");
}

TEST(Parse, FewerEncodingCharactersDelimitLess) {
  const Read read("MSH|^~|A|B\rPID|1||a^b~c&d\\T\\e\r");
  ASSERT_TRUE(read.message);
  ASSERT_EQ(read.issues.size(), 1U);
  EXPECT_EQ(read.issues[0].path, "MSH-2");
  const auto pid = *read.message->find("PID");
  EXPECT_EQ(pid.field(3).repetition(2).text(), "c&d\\T\\e");
}

TEST(Parse, EmptyIsNotNull) {
  const Read read(with_msh("PID|1||\"\"||^\"\"\r"));
  const auto pid = *read.message->find("PID");
  EXPECT_TRUE(pid.field(3).is_null());
  EXPECT_FALSE(pid.field(3).has_value());
  EXPECT_EQ(pid.field(3).value(), "");
  EXPECT_TRUE(pid.field(4).empty());
  EXPECT_FALSE(pid.field(4).is_null());
  EXPECT_TRUE(pid.field(5).component(2).is_null());
}

TEST(Parse, SegmentsEndWithCrLfOrBothAlsoMixed) {
  for (const std::string end : {"\r", "\n", "\r\n", "\r\r\n", "\n\n"}) {
    const Read read("MSH|^~\\&|A" + end + "PID|1" + end + "PV1|1" + end);
    ASSERT_TRUE(read.message);
    ASSERT_EQ(read.message->size(), 3U) << end.size();
    EXPECT_EQ((*read.message)[1].raw(), "PID|1");
    EXPECT_TRUE(read.issues.empty()) << text_of(read.issues);
  }
  const Read mixed("MSH|^~\\&|A\rPID|1\nPV1|1\r\nZPI|x");
  ASSERT_EQ(mixed.message->size(), 4U);
  EXPECT_EQ((*mixed.message)[3].field(1).raw(), "x");
}

TEST(Parse, ALineThatBeginsNoSegmentIsTextOfTheOneBefore) {
  const Read read(
      with_msh("OBX|1|TX|1^A||first line\nand the second\n\nthe third||||||F\rOBX|2|TX\r"));
  ASSERT_TRUE(read.message);
  ASSERT_EQ(read.message->size(), 3U);
  EXPECT_EQ((*read.message)[1].field(5).text(), "first line\nand the second\n\nthe third");
  EXPECT_EQ((*read.message)[1].field(11).value(), "F");
  ASSERT_EQ(read.issues.size(), 1U);
  EXPECT_EQ(read.issues[0].path, "OBX[1]");
}

TEST(Parse, PathsNameThePositionWhenThereAreSeveral) {
  const Read read(with_msh("PID|1\rOBX|1\rOBX|2\rZAB|1\r"));
  const auto& message = *read.message;
  EXPECT_EQ(message[1].path(7), "PID-7");
  EXPECT_EQ(message[3].path(5, 1, 2), "OBX[2]-5.2");
  EXPECT_EQ(message[1].path(3, 2, 4, 1), "PID-3[2].4.1");
  EXPECT_EQ(message[4].path(), "ZAB");
}

TEST(Parse, RefusesWithSegmentFieldAndWhatWasExpected) {
  const struct {
    std::string bytes, path, text;
  } cases[] = {
      {"", "MSH", "begin with MSH"},
      {"PID|1", "MSH", "begin with MSH"},
      {"MSH", "MSH-2", "encoding characters"},
      {"MSHA^~\\&A", "MSH-1", "field separator"},
      {"MSH|", "MSH-2", "encoding characters"},
      {"MSH||A", "MSH-2", "found 0 encoding characters"},
      {"MSH|^~\\\\&|A", "MSH-2", "'\\' stands twice"},
      {"MSH|^~\\|&|A|B", "MSH-2", ""},
      {"MSH|^~\\&#!|A", "MSH-2", "found 6"},
      {"MSH|^~a&|A", "MSH-2", "'a' cannot delimit"},
  };
  for (const auto& one : cases) {
    const Read read(one.bytes);
    ASSERT_FALSE(read.issues.empty()) << one.bytes;
    if (!one.text.empty()) {
      EXPECT_FALSE(read.message) << one.bytes;
      EXPECT_EQ(read.issues.back().severity, Severity::fatal);
    }
    EXPECT_EQ(read.issues.back().path, one.path);
    EXPECT_NE(read.issues.back().text.find(one.text), std::string::npos) << read.issues[0].text;
  }
}

TEST(Parse, RefusesMoreThanItsLimits) {
  Issues issues;
  const auto bytes = with_msh("PID|1\rPV1|1\r");
  EXPECT_FALSE(parse(bytes, issues, {.max_bytes = 10, .max_segments = 9}));
  EXPECT_FALSE(parse(bytes, issues, {.max_bytes = 1000, .max_segments = 2}));
  EXPECT_EQ(issues[1].path, "PID");
  EXPECT_TRUE(parse(bytes, issues, {.max_bytes = 1000, .max_segments = 3}));
}

}  // namespace
}  // namespace meridian::hl7v2
