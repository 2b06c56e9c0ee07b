// SPDX-License-Identifier: Apache-2.0
// Issues and errors as OperationOutcome.
#include "report/outcome.h"

#include <gtest/gtest.h>

namespace meridian::report {
namespace {

TEST(Outcome, ListsEveryIssueWithItsPath) {
  const Issues issues = {
      {Severity::error, "structure", "Bundle.entry[3].resource", "expected an object"},
      {Severity::warning, "value", "", ""}};
  EXPECT_EQ(outcome(issues),
            R"({"resourceType":"OperationOutcome","issue":[)"
            R"({"severity":"error","code":"structure","diagnostics":"expected an object",)"
            R"("expression":["Bundle.entry[3].resource"]},)"
            R"({"severity":"warning","code":"value"}]})");
}

TEST(Outcome, OfNothingWrongHasTheOneIssueThatFhirAsksFor) {
  EXPECT_EQ(outcome(Issues{}), R"({"resourceType":"OperationOutcome","issue":[)"
                               R"({"severity":"information","code":"informational"}]})");
}

TEST(Outcome, QuotesWhatWouldBreakTheJson) {
  const Issues issues = {{Severity::error, "value", "", "found \"a\\b\"\n\x01"}};
  EXPECT_NE(outcome(issues).find(R"(found \"a\\b\"\n\u0001)"), std::string::npos)
      << outcome(issues);
}

TEST(Outcome, OfAnErrorSaysWhereWhatAndItsNumber) {
  EXPECT_EQ(outcome(Error{ErrorCode::too_large, "http", "body over the limit", 1048576}),
            R"({"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"too-long",)"
            R"-("diagnostics":"http: body over the limit (1048576)"}]})-");
}

TEST(Outcome, OfAnErrorWithoutANumberShowsNone) {
  EXPECT_EQ(outcome(Error{ErrorCode::not_found, "desk", "no such alert link"}),
            R"({"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"not-found",)"
            R"("diagnostics":"desk: no such alert link"}]})");
}

}  // namespace
}  // namespace meridian::report
