// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "unit/hl7v2_syntax/messages.h"

namespace meridian::hl7v2 {
namespace {

const std::string one = "MSH|^~\\&|A\rPID|1\r";
const std::string two = "MSH|^~\\&|B\rPID|2\r";

std::vector<std::string> messages_of(const std::string& bytes) {
  std::vector<std::string> found;
  for (const auto& message : split_batch(bytes).messages) found.emplace_back(message.bytes);
  return found;
}

TEST(Batch, OneMessageIsItself) {
  EXPECT_EQ(messages_of(one), std::vector{one});
}

TEST(Batch, FindsMessagesInsideEnvelopes) {
  const auto file = "FHS|^~\\&|A\rBHS|^~\\&|A\r" + one + two + "BTS|2\rFTS|1\r";
  const auto batch = split_batch(file);
  EXPECT_EQ(messages_of(file), (std::vector{one, two}));
  EXPECT_EQ(batch.envelope.size(), 4U);
  EXPECT_TRUE(batch.issues.empty()) << text_of(batch.issues);
  EXPECT_EQ(batch.messages[1].offset, file.find(two));
}

TEST(Batch, SaysWhenACountDoesNotHold) {
  const auto batch = split_batch("BHS|^~\\&|A\r" + one + "BTS|3\r");
  ASSERT_EQ(batch.issues.size(), 1U);
  EXPECT_EQ(batch.issues[0].path, "BTS-1");
}

TEST(Batch, TakesBlankLinesAndFramesBetweenMessages) {
  EXPECT_EQ(messages_of("\xEF\xBB\xBF" + one + "\n\n" + two), (std::vector{one + "\n\n", two}));
  EXPECT_EQ(messages_of("\x0B" + one + "\x1C\r\x0B" + two + "\x1C\r"), (std::vector{one, two}));
}

TEST(Batch, SaysWhatBelongsToNoMessage) {
  const auto batch = split_batch("PID|1\r" + one);
  EXPECT_EQ(batch.messages.size(), 1U);
  ASSERT_EQ(batch.issues.size(), 1U);
  EXPECT_EQ(batch.issues[0].path, "byte 0");
}

TEST(Batch, KnowsWhatLooksLikeHl7) {
  EXPECT_TRUE(looks_like_hl7v2(one));
  EXPECT_TRUE(looks_like_hl7v2("\xEF\xBB\xBF\n\x0B" + one));
  EXPECT_TRUE(looks_like_hl7v2("FHS|^~\\&|A"));
  EXPECT_FALSE(looks_like_hl7v2("{\"resourceType\": \"Bundle\"}"));
  EXPECT_FALSE(looks_like_hl7v2("MSHA"));
  EXPECT_FALSE(looks_like_hl7v2(""));
}

}  // namespace
}  // namespace meridian::hl7v2
