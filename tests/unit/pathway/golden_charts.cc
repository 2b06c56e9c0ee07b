// SPDX-License-Identifier: Apache-2.0
#include "unit/pathway/golden_charts.h"

#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "pathway/charts.h"
#include "pathway/imaging/imaging.h"
#include "places.h"

namespace meridian::test {
namespace {

using Json = rapidjson::Value;

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
  if (json.HasMember("of")) record.*subject = to(text_of(json, "of"));
}

void add_condition(ChartBuilder& builder, const Json& json) {
  auto& condition = builder.condition(concept_of(text_of(json, "condition")), text_of(json, "on"));
  if (json.HasMember("status")) condition.clinical_status = text_of(json, "status");
  if (json.HasMember("verification")) {
    condition.verification_status = text_of(json, "verification");
  }
  set_subject(condition, &Condition::subject, json);
}

void add_procedure(ChartBuilder& builder, const Json& json) {
  auto& procedure = builder.procedure(concept_of(text_of(json, "procedure")), text_of(json, "on"));
  if (json.HasMember("status")) procedure.status = text_of(json, "status");
  set_subject(procedure, &Procedure::subject, json);
}

void add_medication(ChartBuilder& builder, const Json& json) {
  auto& medication =
      builder.medication(concept_of(text_of(json, "medication")), text_of(json, "on"));
  if (json.HasMember("status")) medication.status = text_of(json, "status");
  if (json.HasMember("days")) medication.days_supply = json["days"].GetInt();
  set_subject(medication, &Medication::subject, json);
}

void add_allergy(ChartBuilder& builder, const Json& json) {
  auto& allergy = builder.allergy(concept_of(text_of(json, "allergy")));
  if (json.HasMember("verification")) allergy.verification_status = text_of(json, "verification");
  set_subject(allergy, &AllergyIntolerance::patient, json);
}

void add_measure(ChartBuilder& builder, const Json& json) {
  auto& measured = builder.measure(concept_of(text_of(json, "measure")), text_of(json, "value"),
                                   text_of(json, "unit"), text_of(json, "on"));
  if (json.HasMember("status")) measured.status = text_of(json, "status");
  set_subject(measured, &Observation::subject, json);
}

/// An observation whose value is a day.
void add_due(ChartBuilder& builder, const Json& json) {
  auto& observation = builder.observation(concept_of(text_of(json, "due")), text_of(json, "on"));
  observation.text.reveal() = text_of(json, "value");
  if (json.HasMember("status")) observation.status = text_of(json, "status");
  set_subject(observation, &Observation::subject, json);
}

void add_report(ChartBuilder& builder, const Json& json) {
  auto& report = builder.imaging(loinc("24968-0"), text_of(json, "on"));
  report.narrative.reveal() = text_of(json, "report");
  if (json.HasMember("status")) report.status = text_of(json, "status");
  set_subject(report, &ImagingReport::subject, json);
}

void add_visit(ChartBuilder& builder, const Json& json) {
  auto& visit = builder.encounter(text_of(json, "on"), text_of(json, "on"));
  visit.reason_codes = {concept_of(text_of(json, "visit"))};
  set_subject(visit, &Encounter::subject, json);
}

void add_document(ChartBuilder& builder, const Json& json) {
  Document document;
  document.ref = "DocumentReference/1";
  document.status = json.HasMember("status") ? text_of(json, "status") : "current";
  document.subject = to("Patient/1");
  document.content = {{"text/plain", {}, {}, text_of(json, "document")}};
  builder.records().documents.push_back(std::move(document));
}

void add_record(ChartBuilder& builder, const Json& json) {
  if (json.HasMember("condition")) return add_condition(builder, json);
  if (json.HasMember("procedure")) return add_procedure(builder, json);
  if (json.HasMember("medication")) return add_medication(builder, json);
  if (json.HasMember("allergy")) return add_allergy(builder, json);
  if (json.HasMember("measure")) return add_measure(builder, json);
  if (json.HasMember("due")) return add_due(builder, json);
  if (json.HasMember("report")) return add_report(builder, json);
  if (json.HasMember("visit")) return add_visit(builder, json);
  if (json.HasMember("document")) return add_document(builder, json);
  if (json.HasMember("coverage")) {
    builder.coverage(text_of(json, "coverage"));
    return;
  }
  ADD_FAILURE() << "a record of no known kind";
}

/// The patient by telephone, and who ordered.
void set_reached(ChartBuilder& builder, const Json& reached) {
  for (const auto& who : reached.GetArray()) {
    if (who == "patient") {
      builder.patient().telecom = {{"phone", Sensitive<std::string>("+1 555 0100"), "home"}};
    } else {
      for (auto& order : builder.records().service_requests) {
        order.requester = to("Practitioner/1");
      }
    }
  }
}

void set_order(ServiceRequest& order, const Json& example) {
  if (example.HasMember("reason")) order.reason_codes = {concept_of(text_of(example, "reason"))};
  if (example.HasMember("note")) order.notes.reveal() = {text_of(example, "note")};
  if (example.HasMember("priority")) order.priority = text_of(example, "priority");
}

}  // namespace

std::string text_of(const Json& json, const char* key) {
  const auto found = json.FindMember(key);
  return found == json.MemberEnd() ? "" : found->value.GetString();
}

rapidjson::Document golden_file(const std::string& path) {
  std::ifstream file(std::string(test::source_folder) + "/tests/golden/" + path);
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  rapidjson::Document json;
  json.Parse(content.c_str(), content.size());
  EXPECT_FALSE(json.HasParseError()) << path;
  return json;
}

Chart golden_chart(ChartBuilder builder, const Json& example) {
  if (example.HasMember("born")) {
    builder.patient().birth_date.reveal() = date(text_of(example, "born"));
  }
  if (example.HasMember("gender")) builder.patient().gender = text_of(example, "gender");
  if (example.HasMember("records")) {
    for (const auto& record : example["records"].GetArray()) add_record(builder, record);
  }
  for (auto& order : builder.records().service_requests) set_order(order, example);
  if (example.HasMember("reached")) set_reached(builder, example["reached"]);
  RecordSet records = builder.records();
  records.patients = {builder.patient()};
  Chart chart = std::move(split_charts(std::move(records)).charts.front());
  read_imaging(chart, rules(), terminology());
  return chart;
}

std::vector<Answer> golden_answers(const Json& example) {
  auto answers = all_no(rules());
  const auto forget = [&](const std::string& question) {
    std::erase_if(answers, [&](const Answer& each) {
      return question == "all" || each.question == question;
    });
  };
  if (example.HasMember("unanswered")) {
    for (const auto& question : example["unanswered"].GetArray()) forget(question.GetString());
  }
  for (const char* value : {"yes", "no"}) {
    if (!example.HasMember(value)) continue;
    for (const auto& question : example[value].GetArray()) {
      forget(question.GetString());
      answers.push_back(answer(question.GetString(), value));
    }
  }
  if (example.HasMember("answered")) {
    for (const auto& given : example["answered"].GetArray()) {
      forget(text_of(given, "question"));
      answers.push_back(
          answer(text_of(given, "question"), text_of(given, "value"), text_of(given, "at")));
    }
  }
  return answers;
}

History golden_history(const Json& example) {
  auto history = complete_history();
  if (example.HasMember("not_read")) {
    for (const auto& kind : example["not_read"].GetArray()) {
      for (auto& query : history) {
        if (query.kind == kind.GetString()) query.completeness = Completeness::failed;
      }
    }
  }
  if (example.HasMember("read")) {
    for (const auto& kind : example["read"].GetArray()) {
      history.push_back({kind.GetString(), Completeness::complete, now(), {}});
    }
  }
  return history;
}

}  // namespace meridian::test
