// SPDX-License-Identifier: Apache-2.0
// Log lines are one JSON object each, whatever an id or a literal holds.
#include "base/log.h"

#include <gtest/gtest.h>

namespace meridian {
namespace {

/// What log() wrote, with the time taken out.
std::string logged(LogLevel level, Literal event, std::initializer_list<LogField> fields) {
  testing::internal::CaptureStderr();
  log(level, event, fields);
  std::string line = testing::internal::GetCapturedStderr();
  const auto at = line.find("\"at\":\"");
  return at == std::string::npos ? line : line.erase(at, 32);
}

class Log : public testing::Test {
 protected:
  void TearDown() override { set_log_level(LogLevel::info); }
};

TEST_F(Log, WritesOneLineOfLevelEventAndFields) {
  EXPECT_EQ(logged(LogLevel::info, "received",
                   {{"bytes", 17}, {"stage", "parse"}, {"message", MessageId("01J")}}),
            "{\"level\":\"info\",\"event\":\"received\",\"bytes\":17,\"stage\":\"parse\","
            "\"message\":\"01J\"}\n");
}

TEST_F(Log, StartsWithTheTime) {
  testing::internal::CaptureStderr();
  log(LogLevel::error, "x");
  const std::string line = testing::internal::GetCapturedStderr();
  EXPECT_EQ(line.substr(0, 9), "{\"at\":\"20");
  EXPECT_EQ(line[6 + 24 + 1], '"') << line;
}

TEST_F(Log, WritesAnErrorWithItsNameAndDetail) {
  EXPECT_EQ(logged(LogLevel::error, "failed",
                   {{"error", Error{ErrorCode::timed_out, "send", "no answer", 30}}}),
            "{\"level\":\"error\",\"event\":\"failed\",\"error\":{\"code\":\"timed_out\",\"where\":"
            "\"send\","
            "\"what\":\"no answer\",\"detail\":30}}\n");
}

TEST_F(Log, AnIdCannotBreakOutOfItsLine) {
  const SourceId odd(std::string("a\"b\\c\nd\x01\x7f"));
  EXPECT_EQ(logged(LogLevel::info, "x", {{"source", odd}}),
            "{\"level\":\"info\",\"event\":\"x\",\"source\":\"a?b?c?d??\"}\n");
}

TEST_F(Log, DropsWhatIsBelowTheLevel) {
  EXPECT_EQ(logged(LogLevel::debug, "quiet", {}), "");
  set_log_level(LogLevel::debug);
  EXPECT_NE(logged(LogLevel::debug, "quiet", {}), "");
  set_log_level(LogLevel::error);
  EXPECT_EQ(logged(LogLevel::warning, "quiet", {}), "");
}

}  // namespace
}  // namespace meridian
