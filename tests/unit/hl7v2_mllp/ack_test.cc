// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/mllp/ack.h"

#include <gtest/gtest.h>

namespace meridian::hl7v2 {
namespace {

const Instant now = *parse_instant("2026-11-20T10:15:00Z");

/// As lines, for reading.
std::string ack(std::string_view message, const Verdict& verdict) {
  auto bytes = acknowledge(message, verdict, now, "ACK1");
  std::replace(bytes.begin(), bytes.end(), '\r', '\n');
  return bytes;
}

/// A message of `version` with MSH-15 and MSH-16.
std::string message(const std::string& version, const std::string& modes = "") {
  return "MSH|^~\\&|EPIC^1.2^ISO|NORTH|MER|HUB|20261120||REF^I12^REF_I12|M17|T|" + version + "|||" +
         modes + "\rPID|1\r";
}

const Verdict refused{Fate::refused,
                      {{Severity::warning, "value", "PID-7", "only a warning"},
                       {Severity::error, "required", "PID-3[2].4.1", "no assigning | authority"},
                       {Severity::fatal, "structure", "OBX[3]", "unknown \xc3\xa4"}}};

TEST(Ack, AcceptsInOriginalMode) {
  for (const std::string version : {"2.3.1", "2.4", "2.5.1", "2.8"}) {
    EXPECT_EQ(ack(message(version), {}),
              "MSH|^~\\&|MER|HUB|EPIC^1.2^ISO|NORTH|20261120101500+0000||ACK^I12^ACK|ACK1|T|" +
                  version + "\nMSA|AA|M17\n");
  }
}

TEST(Ack, Version23HasNoMessageStructureAndSaysErrorsInErr1AndMsa3) {
  EXPECT_EQ(ack(message("2.3"), refused),
            "MSH|^~\\&|MER|HUB|EPIC^1.2^ISO|NORTH|20261120101500+0000||ACK^I12|ACK1|T|2.3\n"
            "MSA|AR|M17|no assigning \\F\\ authority\n"
            "ERR|PID^1^3^101&Required field missing&HL70357~"
            "OBX^3^^100&Segment sequence error&HL70357\n");
}

TEST(Ack, SinceVersion25EachErrorIsASegment) {
  for (const std::string version : {"2.5.1", "2.8"}) {
    EXPECT_EQ(ack(message(version), refused),
              "MSH|^~\\&|MER|HUB|EPIC^1.2^ISO|NORTH|20261120101500+0000||ACK^I12^ACK|ACK1|T|" +
                  version +
                  "\nMSA|AR|M17\n"
                  "ERR||PID^1^3^2^4^1|101^Required field missing^HL70357|E|||PID-3[2].4.1|"
                  "no assigning \\F\\ authority\n"
                  "ERR||OBX^3|100^Segment sequence error^HL70357|E|||OBX[3]|unknown ??\n");
  }
}

TEST(Ack, AFailureOfOursAsksToSendAgain) {
  const Error full{ErrorCode::store_full, "store", "the disk is full"};
  EXPECT_EQ(ack(message("2.5"), verdict_of(full)),
            "MSH|^~\\&|MER|HUB|EPIC^1.2^ISO|NORTH|20261120101500+0000||ACK^I12^ACK|ACK1|T|2.5\n"
            "MSA|AE|M17\nERR|||207^Application error^HL70357|E||||the disk is full\n");
}

TEST(Ack, TheFateOfAnErrorIsThatOfTheErrorTable) {
  EXPECT_EQ(verdict_of({ErrorCode::store_busy, "w", "w"}).fate, Fate::failed);
  EXPECT_EQ(verdict_of({ErrorCode::stopping, "w", "w"}).fate, Fate::failed);
  EXPECT_EQ(verdict_of({ErrorCode::malformed, "w", "w"}).fate, Fate::refused);
  EXPECT_EQ(verdict_of({ErrorCode::unsupported, "w", "w"}).fate, Fate::refused);
}

/// MSA-1 of the answer, "" when there is none.
std::string code(const std::string& modes, Fate fate) {
  const auto bytes = acknowledge(message("2.5.1", modes), {fate, {}}, now, "A");
  const auto said = read_acknowledgement(bytes);
  return said ? said->code : "";
}

TEST(Ack, EnhancedModeSaysCommittedWhenMsh15AsksForIt) {
  const std::vector<std::tuple<std::string, std::string, std::string, std::string>> cases = {
      {"AL|NE", "CA", "CE", "CR"}, {"AL|AL", "CA", "CE", "CR"}, {"AL|", "CA", "CE", "CR"},
      {"NE|NE", "", "", ""},       {"NE|AL", "AA", "AE", "AR"}, {"|AL", "AA", "AE", "AR"},
      {"ER|NE", "", "CE", "CR"},   {"SU|NE", "CA", "", ""},     {"ER|AL", "AA", "CE", "CR"},
      {"SU|ER", "CA", "AE", "AR"}, {"NE|SU", "AA", "", ""},     {"NE|ER", "", "AE", "AR"},
      {"|", "AA", "AE", "AR"}};
  for (const auto& [modes, accepted, failed, rejected] : cases) {
    EXPECT_EQ(code(modes, Fate::accepted), accepted) << modes;
    EXPECT_EQ(code(modes, Fate::failed), failed) << modes;
    EXPECT_EQ(code(modes, Fate::refused), rejected) << modes;
  }
}

/// What is safe here is committed, whatever the application says of it.
TEST(Ack, AnIllegalWordIsAnApplicationErrorAndNoCommitError) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"|", "AE"},   {"AL|NE", "CA"}, {"AL|AL", "CA"}, {"NE|AL", "AE"},
      {"ER|NE", ""}, {"ER|ER", "AE"}, {"SU|ER", "CA"}, {"NE|SU", ""}};
  for (const auto& [modes, answer] : cases) EXPECT_EQ(code(modes, Fate::denied), answer) << modes;
  const Verdict denied{Fate::denied, {{Severity::error, "business-rule", "", "it is closed"}}};
  EXPECT_NE(ack(message("2.5.1"), denied).find("ERR|||207^Application error^HL70357|E||||it is"),
            std::string::npos);
  EXPECT_EQ(ack(message("2.5.1", "AL|NE"), denied).find("ERR|"), std::string::npos);
}

TEST(Ack, EnhancedModeGolden) {
  EXPECT_EQ(ack(message("2.5.1", "AL|NE||UNICODE UTF-8"), {}),
            "MSH|^~\\&|MER|HUB|EPIC^1.2^ISO|NORTH|20261120101500+0000||ACK^I12^ACK|ACK1|T|2.5.1|||"
            "|||UNICODE UTF-8\nMSA|CA|M17\n");
}

TEST(Ack, KeepsTheDelimitersOfTheMessage) {
  EXPECT_EQ(ack("MSH$%*!@#$A$B$C$D$$$ADT%A01$7$P$2.7\r", {}),
            "MSH$%*!@#$C$D$A$B$20261120101500+0000$$ACK%A01%ACK$ACK1$P$2.7\nMSA$AA$7\n");
}

TEST(Ack, WhatIsNoHl7IsRefusedAsFarAsThatCanBeSaid) {
  for (const std::string_view text : {"", "NOT HL7", "PID|1\r", "MSH", "MSHxx"}) {
    const auto said = ack(text, {Fate::failed, {}});
    EXPECT_EQ(said,
              "MSH|^~\\&|||||20261120101500+0000||ACK^^ACK|ACK1|P|2.5.1\nMSA|AR|\n"
              "ERR||MSH^1|100^Segment sequence error^HL70357|E|||MSH|"
              "the message has no MSH segment\n")
        << text;
  }
}

TEST(Ack, AMessageWithoutVersionOrControlIdIsAnsweredAllTheSame) {
  EXPECT_EQ(ack("MSH|^~\\&|A|B|C|D||", {}),
            "MSH|^~\\&|C|D|A|B|20261120101500+0000||ACK^^ACK|ACK1||2.5.1\nMSA|AA|\n");
}

TEST(Ack, OfABatchTheFirstMessageIsAnswered) {
  const auto said = ack("FHS|^~\\&\rBHS|^~\\&\r" + message("2.5.1") + "BTS|1\r", {});
  EXPECT_NE(said.find("MSA|AA|M17"), std::string::npos);
}

TEST(Ack, BytesThatWouldEndTheFrameAreNotEchoed) {
  const auto said =
      ack("MSH|^~\\&|A\x1c|B|C|D||x|ADT^A01|4\x1c\x0b"
          "2|P|2.5\r",
          {});
  EXPECT_NE(said.find("MSA|AA|42\n"), std::string::npos) << said;
  EXPECT_EQ(said.find('\x1c'), std::string::npos);
}

TEST(Ack, AtMostTenErrors) {
  Verdict many{Fate::refused, Issues(50, {Severity::error, "value", "PID-7", "no date"})};
  const auto said = ack(message("2.5.1"), many);
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 12);
}

TEST(Acknowledgement, IsReadBack) {
  for (const std::string version : {"2.3", "2.5.1", "2.8"}) {
    const auto said = read_acknowledgement(acknowledge(message(version), refused, now, "A"));
    ASSERT_TRUE(said);
    EXPECT_EQ(said->code, "AR");
    EXPECT_EQ(said->control_id, "M17");
    EXPECT_EQ(said->error, "101");
    EXPECT_EQ(said->text, "no assigning | authority");
  }
}

TEST(Acknowledgement, TakesTheErrorFromMsa6) {
  const auto said = read_acknowledgement("MSH|^~\\&|\rMSA|AE|M1|busy|||206^locked^HL70357\r");
  ASSERT_TRUE(said);
  EXPECT_EQ(said->error, "206");
  EXPECT_EQ(said->text, "busy");
}

TEST(Acknowledgement, IsNothingElse) {
  EXPECT_FALSE(read_acknowledgement("NOT HL7"));
  EXPECT_FALSE(read_acknowledgement(message("2.5.1")));
  EXPECT_FALSE(read_acknowledgement("MSH|^~\\&|\rMSA|ZZ|M1\r"));
}

TEST(ControlId, IsThatOfTheFirstHeader) {
  EXPECT_EQ(control_id_of(message("2.5.1")), "M17");
  EXPECT_EQ(control_id_of("FHS|^~\\&\r" + message("2.5.1")), "M17");
  EXPECT_EQ(control_id_of("nothing"), "");
}

}  // namespace
}  // namespace meridian::hl7v2
