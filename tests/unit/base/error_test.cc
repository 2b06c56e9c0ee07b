// SPDX-License-Identifier: Apache-2.0
// The error table: unique, complete, and in words that its readers know.
#include "base/error.h"

#include <set>

#include <gtest/gtest.h>

namespace meridian {
namespace {

constexpr ErrorCode codes[] = {
#define MERIDIAN_ERROR(name, abi, issue, http, msa, retry, fix) ErrorCode::name,
#include "base/error_table.def"
#undef MERIDIAN_ERROR
};

/// http://hl7.org/fhir/R4/valueset-issue-type.html
const std::set<std::string_view> issue_types = {
    "invalid",       "structure", "required",         "value",         "invariant",  "security",
    "login",         "unknown",   "expired",          "forbidden",     "suppressed", "processing",
    "not-supported", "duplicate", "multiple-matches", "not-found",     "deleted",    "too-long",
    "code-invalid",  "extension", "too-costly",       "business-rule", "conflict",   "transient",
    "lock-error",    "no-store",  "exception",        "timeout",       "incomplete", "throttled",
    "informational"};

TEST(ErrorTable, EachCodeAndEachNameIsThereOnce) {
  std::set<std::int32_t> numbers;
  std::set<std::string_view> names;
  for (const auto code : codes) {
    EXPECT_TRUE(numbers.insert(static_cast<std::int32_t>(code)).second) << error_row(code).name;
    EXPECT_TRUE(names.insert(error_row(code).name).second) << error_row(code).name;
    EXPECT_EQ(error_row(code).code, code);
  }
}

TEST(ErrorTable, NoErrorHasTheNumberOfSuccess) {
  for (const auto code : codes) EXPECT_GT(static_cast<std::int32_t>(code), 0);
}

TEST(ErrorTable, SpeaksTheWordsOfFhirHttpAndHl7) {
  for (const auto code : codes) {
    const auto& row = error_row(code);
    EXPECT_TRUE(issue_types.contains(row.fhir_issue)) << row.name << ": " << row.fhir_issue;
    EXPECT_TRUE(row.http_status >= 400 && row.http_status < 600) << row.name;
    EXPECT_TRUE(row.msa1 == "AE" || row.msa1 == "AR") << row.name;
  }
}

TEST(ErrorTable, WhatASenderMayTryAgainIsNotRefusedForGood) {
  for (const auto code : codes) {
    const auto& row = error_row(code);
    if (row.retry == RetryClass::permanent) continue;
    EXPECT_EQ(row.msa1, "AE") << row.name << ": AR tells a v2 sender never to send it again";
    EXPECT_TRUE(row.http_status >= 500 || row.http_status == 429) << row.name;
  }
}

TEST(ErrorTable, ATimeoutMayHaveArrivedButABusyStoreHasNot) {
  EXPECT_EQ(error_row(ErrorCode::timed_out).retry, RetryClass::ambiguous);
  EXPECT_EQ(error_row(ErrorCode::interrupted).retry, RetryClass::ambiguous);
  EXPECT_EQ(error_row(ErrorCode::store_busy).retry, RetryClass::transient);
  EXPECT_EQ(error_row(ErrorCode::malformed).retry, RetryClass::permanent);
}

TEST(ErrorTable, SaysInWordsWhatCanBeDone) {
  for (const auto code : codes) {
    const auto& row = error_row(code);
    EXPECT_GT(row.fix.size(), 20u) << row.name;
    EXPECT_EQ(find_error(row.name), &row);
  }
  EXPECT_EQ(find_error("none of them"), nullptr);
  EXPECT_EQ(retry_class_name(RetryClass::ambiguous), "ambiguous");
}

TEST(ErrorTable, ACodeFromElsewhereGetsTheRowOfInternal) {
  EXPECT_EQ(error_row(static_cast<ErrorCode>(9999)).code, ErrorCode::internal);
}

}  // namespace
}  // namespace meridian
