// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/mllp/batch_ack.h"

#include <gtest/gtest.h>

namespace meridian::hl7v2 {
namespace {

std::string message(const std::string& id, const std::string& accept = "") {
  return "MSH|^~\\&|EPIC|NORTH|MERIDIAN|SITE|20261120||ADT^A04|" + id + "|P|2.5.1|||" + accept +
         "\rPID|1\r";
}

std::string answer(const std::string& content, const Verdict& verdict = {}) {
  int id = 0;
  return answer_to(content, verdict, *parse_instant("2026-11-20T10:15:00Z"),
                   [&] { return "A" + std::to_string(++id); });
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST(BatchAck, ABatchIsAnsweredByABatchWithOneAcknowledgementEach) {
  const auto said = answer("FHS|^~\\&\rBHS|^~\\&|EPIC|NORTH|MERIDIAN|SITE|2026||||B-7\r" +
                           message("M1") + message("M2") + "BTS|2\rFTS|1\r");
  EXPECT_TRUE(said.starts_with("BHS|^~\\&|MERIDIAN|SITE|EPIC|NORTH|||||A3|B-7\rMSH|")) << said;
  EXPECT_NE(said.find("MSA|AA|M1\r"), std::string::npos);
  EXPECT_NE(said.find("MSA|AA|M2\r"), std::string::npos);
  EXPECT_TRUE(said.ends_with("BTS|2\r")) << said;
}

TEST(BatchAck, OneThatWantsNoAnswerGetsNone) {
  const auto said = answer("BHS|^~\\&\r" + message("M1", "NE") + message("M2") + "BTS|2\r");
  EXPECT_EQ(count(said, "MSA|"), 1u) << said;
  EXPECT_TRUE(said.ends_with("BTS|1\r"));
}

TEST(BatchAck, ABatchThatIsRefusedIsRefusedWholeAndEachIsToldItsOwnFault) {
  const Verdict refused{Fate::refused,
                        {{Severity::fatal, "required", "message 2: PID-3", "no identifier"}}};
  const auto said = answer("BHS|^~\\&\r" + message("M1") + message("M2") + "BTS|2\r", refused);
  EXPECT_EQ(count(said, "MSA|AR"), 2u) << said;
  EXPECT_EQ(count(said, "no identifier"), 1u) << said;
  EXPECT_GT(said.find("no identifier"), said.find("MSA|AR|M2"));
}

TEST(BatchAck, MessagesWithoutABatchHeaderAndOtherDelimitersAreNoOtherMatter) {
  EXPECT_EQ(count(answer(message("M1")), "MSA|"), 1u);
  EXPECT_EQ(count(answer(message("M1") + message("M2")), "MSA|"), 1u);
  const auto said = answer("BHS#^~\\&#A#B#C#D#####X\r" + message("M1") + "BTS#1\r");
  EXPECT_TRUE(said.starts_with("BHS#^~\\&#C#D#A#B#####A2#X\r")) << said;
  EXPECT_TRUE(said.ends_with("BTS#1\r"));
  EXPECT_EQ(count(answer("BHS"), "MSA|AA"), 0u) << "nothing to answer but that it is refused";
}

}  // namespace
}  // namespace meridian::hl7v2
