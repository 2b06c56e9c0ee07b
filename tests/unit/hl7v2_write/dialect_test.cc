// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/write/dialect.h"

#include <gtest/gtest.h>

#include "hl7v2/write/referral_status.h"
#include "unit/hl7v2_read/read_v2.h"

namespace meridian::hl7v2 {
namespace {

TEST(WriteDialect, EveryFileIsRead) {
  for (const auto& id : write_dialect_ids()) {
    const auto dialect = find_write_dialect(id);
    ASSERT_TRUE(dialect) << id << ": " << dialect.error().what.view();
    EXPECT_EQ(dialect->id, id);
    for (const auto* message : {"referral", "referral_update", "referral_cancel",
                                "answer_to_referral", "answer_to_order", "appointment", "note"}) {
      EXPECT_TRUE(dialect->messages.contains(message)) << id << ' ' << message;
    }
    for (const auto* named : {"page", "note", "narrative", "impression", "observations"}) {
      EXPECT_TRUE(dialect->concepts.contains(named)) << id << ' ' << named;
    }
  }
}

TEST(ReferralStatus, OfAnRriIsOneLetterAndWhatIsReadOfItIsOneOfFour) {
  const std::pair<const char*, const char*> statuses[] = {
      {"draft", "requested"},           {"requested", "requested"}, {"received", "requested"},
      {"on-hold", "requested"},         {"accepted", "accepted"},   {"in-progress", "accepted"},
      {"completed", "accepted"},        {"rejected", "rejected"},   {"cancelled", "rejected"},
      {"entered-in-error", "rejected"}, {"failed", "failed"},
  };
  for (const auto& id : write_dialect_ids()) {
    const auto dialect = find_write_dialect(id);
    for (const auto& [status, read] : statuses) {
      const auto said = referral_status(*dialect, knowledge().terminology, status);
      EXPECT_EQ(said.code.size(), 1U) << id << ' ' << status;
      EXPECT_EQ(said.read_as, read) << id << ' ' << status;
    }
    EXPECT_TRUE(dialect->lost.contains("Task.businessStatus")) << id << " says what is lost";
  }
}

TEST(WriteDialect, ADialectHasWhatItDoesNotSayFromTheOneItIsLike) {
  const auto dialect = find_write_dialect("v2-2.3");
  ASSERT_TRUE(dialect);
  EXPECT_EQ(dialect->version, "2.3");
  EXPECT_EQ(dialect->messages.at("referral"), "REF^I12");
  EXPECT_EQ(dialect->fields.at("MSH-18"), "UNICODE UTF-8");
}

TEST(WriteDialect, AMemberThatIsNotKnownIsAnError) {
  const auto read = [](const std::string& members) {
    return read_write_dialect(R"({"format":"meridian.v2_dialect/1","id":"x","like":"v2")" +
                              members + "}");
  };
  EXPECT_TRUE(read(R"(,"add":["ZRF|{referral}"])"));
  EXPECT_FALSE(read(R"(,"ad":["ZRF|{referral}"])"));
  EXPECT_FALSE(read(R"(,"fields":{"PV1-2":2})"));
  EXPECT_FALSE(read_write_dialect(R"({"format":"meridian.dialect/1","id":"x","version":"2.5"})"));
  EXPECT_EQ(read_write_dialect("{").error().code, ErrorCode::malformed);
}

TEST(WriteDialect, VersionsCompareByNumber) {
  WriteDialect dialect;
  dialect.version = "2.10";
  EXPECT_TRUE(dialect.since("2.7"));
  dialect.version = "2.5.1";
  EXPECT_TRUE(dialect.since("2.5"));
  EXPECT_FALSE(dialect.since("2.6"));
}

}  // namespace
}  // namespace meridian::hl7v2
