// SPDX-License-Identifier: Apache-2.0
// The cases of each rule: tests/golden/rules/RULE.json. A case is a few records beside a plain
// order for acupuncture with everything answered no, and what the rule must say of them.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "pathway/charts.h"
#include "pathway/imaging/imaging.h"
#include "unit/pathway/builders.h"

namespace meridian::test {
namespace {

using Json = rapidjson::Value;

std::string text(const Json& json, const char* key) {
  const auto found = json.FindMember(key);
  return found == json.MemberEnd() ? "" : found->value.GetString();
}

/// "icd:G83.4", "snomed:...", "rxnorm:...", "loinc:...", or the words themselves.
Concept concept_of(const std::string& written) {
  const auto colon = written.find(':');
  const auto system = written.substr(0, colon);
  const auto code = colon == std::string::npos ? written : written.substr(colon + 1);
  if (system == "icd") return icd(code);
  if (system == "snomed") return snomed(code);
  if (system == "rxnorm") return rxnorm(code);
  if (system == "loinc") return loinc(code);
  return words(written);
}

template <typename T>
void set_subject(T& record, Reference T::*subject, const Json& json) {
  if (json.HasMember("of")) record.*subject = to(text(json, "of"));
}

void add_record(ChartBuilder& builder, const Json& json) {
  const auto when = text(json, "on");
  const auto status = text(json, "status");
  if (json.HasMember("condition")) {
    auto& condition = builder.condition(concept_of(text(json, "condition")), when);
    if (!status.empty()) condition.clinical_status = status;
    if (json.HasMember("verification")) condition.verification_status = text(json, "verification");
    set_subject(condition, &Condition::subject, json);
  } else if (json.HasMember("procedure")) {
    auto& procedure = builder.procedure(concept_of(text(json, "procedure")), when);
    if (!status.empty()) procedure.status = status;
    set_subject(procedure, &Procedure::subject, json);
  } else if (json.HasMember("medication")) {
    auto& medication = builder.medication(concept_of(text(json, "medication")), when);
    if (!status.empty()) medication.status = status;
    if (json.HasMember("days")) medication.days_supply = json["days"].GetInt();
    set_subject(medication, &Medication::subject, json);
  } else if (json.HasMember("allergy")) {
    auto& allergy = builder.allergy(concept_of(text(json, "allergy")));
    if (json.HasMember("verification")) allergy.verification_status = text(json, "verification");
    set_subject(allergy, &AllergyIntolerance::patient, json);
  } else if (json.HasMember("measure")) {
    auto& measured = builder.measure(concept_of(text(json, "measure")), text(json, "value"),
                                     text(json, "unit"), when);
    if (!status.empty()) measured.status = status;
    set_subject(measured, &Observation::subject, json);
  } else if (json.HasMember("report")) {
    auto& report = builder.imaging(loinc("24968-0"), when);
    report.narrative.reveal() = text(json, "report");
    if (!status.empty()) report.status = status;
    set_subject(report, &ImagingReport::subject, json);
  } else {
    ADD_FAILURE() << "a record of no known kind";
  }
}

Chart chart_of(const Json& example) {
  auto builder = plain_acupuncture_order();
  if (example.HasMember("born")) {
    builder.patient().birth_date.reveal() = date(text(example, "born"));
  }
  if (example.HasMember("gender")) builder.patient().gender = text(example, "gender");
  if (example.HasMember("records")) {
    for (const auto& record : example["records"].GetArray()) add_record(builder, record);
  }
  RecordSet records = builder.records();
  records.patients = {builder.patient()};
  Chart chart = std::move(split_charts(std::move(records)).charts.front());
  read_imaging(chart, rules(), terminology());
  return chart;
}

std::vector<Answer> answers_of(const Json& example) {
  auto answers = all_no(rules());
  const auto change = [&](const char* key, const char* value) {
    if (!example.HasMember(key)) return;
    for (const auto& question : example[key].GetArray()) {
      std::erase_if(answers,
                    [&](const Answer& each) { return each.question == question.GetString(); });
      if (*value != 0) answers.push_back(answer(question.GetString(), value));
    }
  };
  change("yes", "yes");
  change("unanswered", "");
  return answers;
}

/// "emergency" for a red flag, "absolute/absolute" for a contraindication, "nothing" without one.
std::string said(const Assessment& assessment, const std::string& rule) {
  if (const auto* raised = flag(assessment, rule)) return raised->severity;
  if (const auto* raised = caution(assessment, rule)) return raised->manual + "/" + raised->electro;
  return "nothing";
}

/// Some file of the folder has a case for each of them, or says why one cannot be.
const std::set<std::string> needed = {"fires",         "just short", "unknown",
                                      "out of window", "negated",    "other code"};

class RuleCases : public ::testing::TestWithParam<std::string> {};

TEST_P(RuleCases, SayWhatTheyMust) {
  std::ifstream file(std::string(MERIDIAN_SOURCE_DIR) + "/tests/golden/rules/" + GetParam() +
                     ".json");
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  rapidjson::Document json;
  json.Parse(content.c_str(), content.size());
  ASSERT_FALSE(json.HasParseError()) << GetParam();
  std::set<std::string> shown;
  for (const auto& example : json["cases"].GetArray()) {
    shown.insert(text(example, "shows"));
    const auto assessment =
        assess_one(chart_of(example), complete_history(), answers_of(example), now());
    const auto about = GetParam() + ", " + text(example, "shows") + ": " + text(example, "about");
    EXPECT_EQ(said(assessment, GetParam()), text(example, "gives")) << about;
    if (example.HasMember("disposition")) {
      EXPECT_EQ(disposition_name(assessment.disposition), text(example, "disposition")) << about;
    }
    if (example.HasMember("missing")) {
      EXPECT_NE(missing(assessment, text(example, "missing")), nullptr) << about;
    }
  }
  for (const auto& absent : json["without"].GetArray()) shown.insert(text(absent, "shows"));
  for (const auto& kind : needed) EXPECT_TRUE(shown.contains(kind)) << "no case: " << kind;
}

std::vector<std::string> all_rules() {
  std::vector<std::string> ids;
  for (const char* prefix : {"RF", "AC"}) {
    for (int number = 1; number <= 20; ++number) {
      ids.push_back(std::string(prefix) + (number < 10 ? "0" : "") + std::to_string(number));
    }
  }
  return ids;
}

INSTANTIATE_TEST_SUITE_P(Rules, RuleCases, ::testing::ValuesIn(all_rules()),
                         [](const auto& each) { return each.param; });

}  // namespace
}  // namespace meridian::test
