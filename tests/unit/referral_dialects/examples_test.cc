// SPDX-License-Identifier: Apache-2.0
// The standards' own examples and profiles, read in place: our codes are theirs, and what they show
// is read. Skipped where the third-party data is absent.
#include <filesystem>
#include <set>

#include <gtest/gtest.h>

#include "fhir/exchange/json_index.h"
#include "fhir/read/reader.h"
#include "knowledge/knowledge.h"
#include "places.h"
#include "routing/clinic_events.h"
#include "unit/fhir_exchange/letters.h"
#include "unit/referral_dialects/histories.h"

namespace meridian::fhir {
namespace {

namespace fs = std::filesystem;

class Examples : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(folder_)) GTEST_SKIP() << "no third-party data";
    Issues issues;
    auto loaded = load_knowledge(issues);
    ASSERT_TRUE(loaded);
    content_ = std::move(*loaded);
  }

  std::optional<routing::EventKind> event_in(const std::string& file) {
    const auto records = read_fhir(test::read_file(folder_ / file));
    EXPECT_TRUE(records && records->tasks.size() == 1) << file;
    return routing::clinic_event(records->tasks.at(0), {}, content_.terminology);
  }

  /// The codes of a CodeSystem.
  std::set<std::string> codes_in(const std::string& file) {
    const auto text = test::read_file(folder_ / file);
    const auto index = JsonIndex::parse(text);
    std::set<std::string> codes;
    for (const auto& node : index->children(*index->find(&index->root(), "concept"))) {
      codes.insert(index->string(node, "code"));
    }
    return codes;
  }

  /// The codes that a dialect writes.
  static std::set<std::string> codes_of(const ReferralDialect& dialect) {
    std::set<std::string> codes;
    for (const auto& [state, showings] : dialect.shown) {
      for (const auto& showing : showings) codes.insert(showing.form.code);
    }
    codes.erase("");
    return codes;
  }

  fs::path folder_ = test::data_folder();
  Knowledge content_;
};

TEST_F(Examples, OfBserAreReadAndItsCodesAreOurs) {
  // They say requested with 7.0 (task-referraltask.fsh), which no transition leads to: the status
  // counts, and a Task that says requested is not answered yet.
  EXPECT_EQ(event_in("bser/examples/Task-task-bser-referral-task.json"),
            routing::EventKind::clinic_received);
  EXPECT_EQ(event_in("bser/examples/Task-task-referral-task.json"),
            routing::EventKind::clinic_received);
  const auto dialect = find_referral_dialect("bser");
  EXPECT_EQ(codes_of(*dialect), codes_in("bser/profiles/CodeSystem-TaskBusinessStatusCS.json"));
}

TEST_F(Examples, OfCowAreReadAndItsCodesAreOurs) {
  EXPECT_EQ(event_in("cow/Task-cow-coordination-task-example.json"),
            routing::EventKind::clinic_accepted);
  const auto known = codes_in("cow/CodeSystem-temp.json");
  for (const auto& code : codes_of(*find_referral_dialect("cow"))) {
    EXPECT_EQ(known.count(code), 1U) << code;
  }
  // Two that ask to cancel, of an order and of a Task: requests, and no answers to a referral.
  for (const char* name : {"cancellation", "authorization-cancellation"}) {
    const auto file = "cow/Task-cow-" + std::string(name) + "-task-example.json";
    const auto records = read_fhir(test::read_file(folder_ / file));
    ASSERT_EQ(records->tasks.size(), 1U);
    EXPECT_EQ(records->tasks[0].code.codings.at(0).code, "abort");
  }
}

TEST_F(Examples, OfSdohClinicalCareBindNoBusinessStatusAndAskForAReasonInWords) {
  const auto text = test::read_file(
      folder_ / "sdoh-cc/profiles/StructureDefinition-SDOHCC-TaskForReferralManagement.json");
  const auto index = JsonIndex::parse(text);
  bool reason = false;
  for (const auto& node : index->children(*index->at(index->root(), {"differential", "element"}))) {
    const auto path = index->string(node, "path");
    if (path == "Task.businessStatus") {
      EXPECT_EQ(index->find(&node, "binding"), nullptr);
    }
    reason = reason || path == "Task.statusReason.text";
  }
  EXPECT_TRUE(reason);
}

/// No example of SDOH-CC is in the data: Tasks of two shapes as its intro describes them.
TEST(SdohTask, IsReadInTwoShapes) {
  Issues issues;
  const auto content = load_knowledge(issues);
  const auto event = [&](const char* json) {
    return routing::clinic_event(read_fhir(json)->tasks.at(0), {}, content->terminology);
  };
  EXPECT_EQ(event(R"({"resourceType":"Task","id":"a","status":"on-hold","intent":"order",
    "statusReason":{"text":"Held for a visit"},"focus":{"reference":"ServiceRequest/1"}})"),
            routing::EventKind::clinic_on_hold);
  EXPECT_EQ(event(R"({"resourceType":"Task","id":"b","status":"on-hold","intent":"order",
    "statusReason":{"coding":[{"system":"http://hl7.org/fhir/uv/cow/CodeSystem/temp",
      "code":"awaiting-information"}],"text":"Which level?"},
    "partOf":[{"reference":"Task/9"}]})"),
            routing::EventKind::clinic_asked);
}

}  // namespace
}  // namespace meridian::fhir
