// SPDX-License-Identifier: Apache-2.0
// Names of the enumerations, as FHIR and our formats write them.
#include "model/issue.h"

#include <gtest/gtest.h>

#include "model/assessment.h"

namespace meridian {
namespace {

TEST(Issue, SeveritiesHaveTheirFhirNames) {
  EXPECT_STREQ(severity_name(Severity::information), "information");
  EXPECT_STREQ(severity_name(Severity::warning), "warning");
  EXPECT_STREQ(severity_name(Severity::error), "error");
  EXPECT_STREQ(severity_name(Severity::fatal), "fatal");
}

TEST(Issue, WarningsAreNoErrors) {
  Issues issues = {{Severity::information, "informational", "", ""},
                   {Severity::warning, "value", "", ""}};
  EXPECT_FALSE(has_errors(issues));
  issues.push_back({Severity::error, "structure", "", ""});
  EXPECT_TRUE(has_errors(issues));
  EXPECT_TRUE(has_errors({{Severity::fatal, "structure", "", ""}}));
}

TEST(Completeness, OfAKindThatWasNotAskedIsNeverComplete) {
  const History history = {{"conditions", Completeness::complete, std::nullopt, ""},
                           {"medications", Completeness::partial, std::nullopt, "paging"}};
  EXPECT_EQ(completeness_of(history, "conditions"), Completeness::complete);
  EXPECT_EQ(completeness_of(history, "medications"), Completeness::partial);
  EXPECT_EQ(completeness_of(history, "procedures"), Completeness::not_asked);
  EXPECT_EQ(completeness_of({}, "conditions"), Completeness::not_asked);
}

TEST(Completeness, HasANameForEachValue) {
  EXPECT_STREQ(completeness_name(Completeness::complete), "complete");
  EXPECT_STREQ(completeness_name(Completeness::withheld), "withheld");
  EXPECT_STREQ(completeness_name(Completeness::not_asked), "not-asked");
}

TEST(Disposition, HasTheNamesOfTheAssessmentFormat) {
  EXPECT_STREQ(disposition_name(Disposition::route_acupuncture), "route_acupuncture");
  EXPECT_STREQ(disposition_name(Disposition::route_surgeon), "route_surgeon");
  EXPECT_STREQ(disposition_name(Disposition::hold), "hold");
  EXPECT_STREQ(disposition_name(Disposition::urgent_surgeon), "urgent_surgeon");
  EXPECT_STREQ(disposition_name(Disposition::emergency), "emergency");
}

}  // namespace
}  // namespace meridian
