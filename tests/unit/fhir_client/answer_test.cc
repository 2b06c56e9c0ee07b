// SPDX-License-Identifier: Apache-2.0
// What is read out of answers: outcomes, pages, locations, capabilities, statuses.
#include <gtest/gtest.h>

#include "fhir/client/capabilities.h"
#include "fhir/client/page_scan.h"
#include "fhir/client/response.h"

namespace meridian::fhir::wire {
namespace {

TEST(Outcome, IsReadInFull) {
  const auto outcome = read_outcome(R"({"resourceType":"OperationOutcome","issue":[
    {"severity":"error","code":"required","expression":["Task.status","Task.intent"],
     "diagnostics":"missing"},
    {"severity":"warning","code":"suppressed","location":["/f:Task"],
     "details":{"coding":[{"system":"urn:oid:1.2","code":"4130","display":"Break-the-Glass"}],
                "text":"access needs a reason"}},
    {"code":"processing"}]})");
  ASSERT_EQ(outcome.size(), 3u);
  EXPECT_EQ(outcome[0].issue.severity, Severity::error);
  EXPECT_EQ(outcome[0].issue.code, "required");
  EXPECT_EQ(outcome[0].issue.path, "Task.status | Task.intent");
  EXPECT_EQ(outcome[0].issue.text, "missing");
  EXPECT_EQ(outcome[1].issue.severity, Severity::warning);
  EXPECT_EQ(outcome[1].issue.code, "suppressed");
  EXPECT_EQ(outcome[1].issue.path, "/f:Task");
  EXPECT_EQ(outcome[1].issue.text, "4130 Break-the-Glass; access needs a reason");
  EXPECT_TRUE(outcome[1].has_detail("4130"));
  EXPECT_EQ(outcome[2].issue.severity, Severity::error) << "a severity that is missing is not mild";
}

TEST(Outcome, SurvivesWhatIsNone) {
  for (const char* text : {"", "<html>", "{", "[]", "null", R"({"resourceType":"Patient"})",
                           R"({"resourceType":"OperationOutcome"})",
                           R"({"resourceType":"OperationOutcome","issue":1})",
                           R"({"resourceType":["OperationOutcome"],"issue":[{}]})"}) {
    EXPECT_TRUE(read_outcome(text).empty()) << text;
  }
  const auto odd = read_outcome(
      R"({"resourceType":"OperationOutcome","issue":[7,{"details":3,"expression":"x","severity":4}]})");
  EXPECT_EQ(odd.size(), 1u);
}

TEST(Outcome, DeepNestingDoesNotEndTheProcess) {
  const std::string deep = R"({"resourceType":"OperationOutcome","issue":)" +
                           std::string(200'000, '[') + std::string(200'000, ']') + "}";
  EXPECT_TRUE(read_outcome(deep).empty());
  EXPECT_TRUE(scan_page(deep).well_formed);
}

TEST(Page, GivesNextTotalMatchesAndOutcomes) {
  const auto page = scan_page(R"({"resourceType":"Bundle","type":"searchset","total":12,
    "link":[{"relation":"self","url":"https://h/a"},{"relation":"next","url":"https://h/b?x=1"},
            {"url":"https://h/c","relation":"previous"}],
    "entry":[
      {"fullUrl":"https://h/Condition/1","resource":{"resourceType":"Condition","id":"1",
        "contained":[{"resourceType":"Patient","id":"inner"}],
        "meta":{"id":"no"},"total":99,"link":[{"relation":"next","url":"https://evil"}]},
       "search":{"mode":"match"}},
      {"resource":{"id":"2","resourceType":"Condition"}},
      {"resource":{"resourceType":"Patient","id":"9"},"search":{"mode":"include"}},
      {"search":{"mode":"outcome"},"resource":{"resourceType":"OperationOutcome","issue":[
        {"severity":"warning","code":"incomplete","details":{"coding":[{"code":"4119"}]}}]}}]})");
  EXPECT_TRUE(page.well_formed);
  EXPECT_EQ(page.resource_type, "Bundle");
  EXPECT_EQ(page.total, 12);
  EXPECT_EQ(page.next, "https://h/b?x=1");
  EXPECT_EQ(page.matches, (std::vector<std::string>{"Condition/1", "Condition/2"}));
  ASSERT_EQ(page.outcome.size(), 1u);
  EXPECT_TRUE(page.outcome[0].has_detail("4119"));
}

TEST(Page, KeysWithDotsDoNotPassForPaths) {
  const auto page = scan_page(
      R"({"link.relation":"next","link":[{"x":{"relation":"next"},"url":"u"}],"entry.resource":{"id":"1"},
          "a.b":{"c":[1,{"d.e":2}]},"":{"":[]},"total":3,"resourceType":"Bundle"})");
  EXPECT_TRUE(page.well_formed);
  EXPECT_EQ(page.next, "");
  EXPECT_EQ(page.total, 3);
  EXPECT_EQ(page.resource_type, "Bundle");
  EXPECT_TRUE(page.matches.empty());
}

TEST(Page, CutShortIsNotWellFormed) {
  EXPECT_FALSE(scan_page(R"({"resourceType":"Bundle","entry":[{"resource":{"id":)").well_formed);
  EXPECT_FALSE(scan_page("<html>").well_formed);
  EXPECT_FALSE(scan_page("").well_formed);
}

TEST(Reference, IsReadFromEveryFormOfLocation) {
  EXPECT_EQ(reference_in_location("https://h/fhir/Task/17/_history/3"), "Task/17");
  EXPECT_EQ(reference_in_location("https://h/fhir/Task/17"), "Task/17");
  EXPECT_EQ(reference_in_location("Task/17/_history/1"), "Task/17");
  EXPECT_EQ(reference_in_location("/fhir/Task/17/"), "Task/17");
  EXPECT_EQ(reference_in_location("https://h/ServiceRequest/R-23456?x=1"),
            "ServiceRequest/R-23456");
  EXPECT_EQ(reference_in_location("https://h/fhir/task/17"), "");
  EXPECT_EQ(reference_in_location("17"), "");
  EXPECT_EQ(reference_in_location(""), "");
  EXPECT_EQ(reference_in_location("/_history/1"), "");
}

TEST(Reference, IsReadFromTheOutermostObjectOfABody) {
  EXPECT_EQ(reference_in_body(R"({"contained":[{"resourceType":"Patient","id":"x"}],
                                  "id":"17","resourceType":"Task"})"),
            "Task/17");
  EXPECT_EQ(reference_in_body(R"({"resourceType":"Task"})"), "");
  EXPECT_EQ(reference_in_body("not json"), "");
}

TEST(Status, EachMeansOneError) {
  const auto code = [](int status, Precondition conditional = Precondition::none) {
    const auto failure = failure_of(status, {}, conditional);
    return failure ? failure->code : ErrorCode::internal;
  };
  EXPECT_FALSE(failure_of(200, {}, Precondition::none));
  EXPECT_FALSE(failure_of(204, {}, Precondition::none));
  EXPECT_FALSE(failure_of(304, {}, Precondition::none));
  EXPECT_EQ(code(302), ErrorCode::untrusted);
  EXPECT_EQ(code(401), ErrorCode::unauthorized);
  EXPECT_EQ(code(404), ErrorCode::not_found);
  EXPECT_EQ(code(422), ErrorCode::invalid);
  EXPECT_EQ(code(429), ErrorCode::throttled);
  EXPECT_EQ(code(500), ErrorCode::interrupted) << "a failed server may have done it";
  EXPECT_EQ(code(502), ErrorCode::interrupted);
  EXPECT_EQ(code(503), ErrorCode::unavailable);
  EXPECT_EQ(code(504), ErrorCode::timed_out);
  EXPECT_EQ(failure_of(418, {}, Precondition::none)->detail, 418);
}

TEST(Status, ConflictDependsOnWhatWasAsked) {
  const auto code = [](int status, Precondition conditional) {
    return failure_of(status, {}, conditional)->code;
  };
  EXPECT_EQ(code(409, Precondition::if_match), ErrorCode::stale);
  EXPECT_EQ(code(412, Precondition::if_match), ErrorCode::stale);
  EXPECT_EQ(code(409, Precondition::none), ErrorCode::conflict);
  EXPECT_EQ(code(412, Precondition::if_none_exist), ErrorCode::conflict);
}

TEST(Status, AServerFailureThatBlamesTheRequestIsNotRepeated) {
  const auto outcome = read_outcome(
      R"({"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"required"}]})");
  EXPECT_EQ(failure_of(500, outcome, Precondition::none)->code, ErrorCode::invalid);
  EXPECT_EQ(error_row(ErrorCode::invalid).retry, RetryClass::permanent);
}

TEST(CapabilityStatement, SaysWhatTheServerDoes) {
  const auto found =
      read_capabilities(R"({"resourceType":"CapabilityStatement","fhirVersion":"4.0.1",
    "software":{"name":"Some EHR","version":"7"},
    "rest":[{"mode":"client","resource":[{"type":"Basic"}]},
            {"mode":"server","interaction":[{"code":"transaction"}],"resource":[
              {"type":"Task","interaction":[{"code":"read"},{"code":"update"}],
               "conditionalCreate":true,"searchParam":[{"name":"owner","type":"reference"}]},
              {"type":"Patient","interaction":[{"code":"read"}]}]}]})");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->fhir_version, "4.0.1");
  EXPECT_EQ(found->software, "Some EHR 7");
  EXPECT_TRUE(found->allows("Task", "update"));
  EXPECT_FALSE(found->allows("Task", "create"));
  EXPECT_FALSE(found->allows("Basic", "read"));
  EXPECT_TRUE(found->conditional_create("Task"));
  EXPECT_FALSE(found->conditional_create("Patient"));
  EXPECT_TRUE(found->system_interactions.contains("transaction"));
  EXPECT_TRUE(found->types.at("Task").search_params.contains("owner"));
  EXPECT_FALSE(read_capabilities("<html>"));
  EXPECT_FALSE(read_capabilities(R"({"resourceType":"Bundle"})"));
}

}  // namespace
}  // namespace meridian::fhir::wire
