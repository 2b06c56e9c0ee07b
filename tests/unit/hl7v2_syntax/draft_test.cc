// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/syntax/draft.h"

#include <gtest/gtest.h>

namespace meridian::hl7v2 {
namespace {

TEST(Draft, WritesANewMessage) {
  Draft draft;
  draft.set(0, 9, {"ACK", "A01", "ACK"});
  draft.set(0, 10, "17");
  const auto msa = draft.add("MSA");
  draft.set(msa, 1, "AA");
  draft.set(msa, 3, "a|b");
  draft.set(msa, 6, {"", "x&y", "", ""});
  EXPECT_EQ(draft.bytes(), "MSH|^~\\&|||||||ACK^A01^ACK|17\rMSA|AA||a\\F\\b|||^x\\T\\y\r");
}

TEST(Draft, ChangesOneFieldAndNothingElse) {
  const std::string bytes = "\n MSH|^~\\&|A\r\nPID|1||17^^^H|||\n\nZZZ|\"\"|a\\Q\\b\r";
  Issues issues;
  const auto message = parse(bytes, issues);
  ASSERT_TRUE(message);
  Draft draft(*message);
  EXPECT_EQ(draft.bytes(), bytes);
  draft.set(1, 3, "18");
  draft.set(0, 1, "no");
  EXPECT_EQ(draft.bytes(), "\n MSH|^~\\&|A\r\nPID|1||18|||\n\nZZZ|\"\"|a\\Q\\b\r");
}

TEST(Draft, KeepsALineBreakThatStandsForTheFirstSeparator) {
  // Found by fuzzing: a segment of its name alone, and a line that belongs to no segment.
  const std::string text = "MSH|^~\\&|A|B\rZZZ\rno segment\rZZZ\r";
  Issues issues;
  const auto message = parse(text, issues);
  ASSERT_TRUE(message);
  EXPECT_EQ(Draft(*message).bytes(), text);
  Draft changed(*message);
  changed.set(1, 1, "text");
  EXPECT_EQ(changed.bytes(), "MSH|^~\\&|A|B\rZZZ|text\rZZZ\r");
}

TEST(Draft, AddsAfterASegmentWithoutALineEnd) {
  const std::string bytes = "MSH|^~\\&|A";
  Issues issues;
  Draft draft(*parse(bytes, issues));
  draft.set(draft.add("NTE"), 1, "1");
  EXPECT_EQ(draft.bytes(), "MSH|^~\\&|A\rNTE|1\r");
}

}  // namespace
}  // namespace meridian::hl7v2
