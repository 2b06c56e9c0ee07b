// SPDX-License-Identifier: Apache-2.0
#include "unit/pathway/builders.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "knowledge/knowledge.h"
#include "pathway/assess.h"
#include "pathway/episodes.h"

namespace meridian::test {
namespace {

Concept coded(const char* system, std::string_view code) {
  return Concept{{Coding{system, std::string(code), {}}}, {}};
}

template <typename T>
T& add(std::vector<T>& list, const char* type, Reference T::*subject) {
  auto& record = list.emplace_back();
  record.ref = std::string(type) + "/" + std::to_string(list.size());
  record.provenance.path = "Bundle.entry[" + std::to_string(list.size()) + "].resource";
  record.*subject = to("Patient/1");
  return record;
}

const Knowledge& knowledge() {
  static const Knowledge loaded = [] {
    Issues issues;
    auto result = load_knowledge(issues);
    if (!result) {
      for (const auto& issue : issues) ADD_FAILURE() << issue.path << ": " << issue.text;
      return Knowledge{};
    }
    return std::move(*result);
  }();
  return loaded;
}

template <typename T>
const T* with_rule(const std::vector<T>& entries, std::string_view rule) {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const T& entry) { return entry.rule == rule; });
  return found == entries.end() ? nullptr : &*found;
}

}  // namespace

Instant now() {
  return *parse_instant("2026-11-20T10:00:00Z");
}

PartialDate date(std::string_view text) {
  return text.empty() ? PartialDate{} : parse_partial_date(text).value();
}

Concept icd(std::string_view code) {
  return coded("http://hl7.org/fhir/sid/icd-10-cm", code);
}
Concept snomed(std::string_view code) {
  return coded("http://snomed.info/sct", code);
}
Concept loinc(std::string_view code) {
  return coded("http://loinc.org", code);
}
Concept rxnorm(std::string_view code) {
  return coded("http://www.nlm.nih.gov/research/umls/rxnorm", code);
}
Concept cpt(std::string_view code) {
  return coded("http://www.ama-assn.org/go/cpt", code);
}
Concept words(std::string_view text) {
  return Concept{{}, std::string(text)};
}

Reference to(std::string_view target) {
  Reference reference;
  reference.written = target;
  reference.target = target;
  return reference;
}

ChartBuilder::ChartBuilder() {
  chart_.patient.ref = "Patient/1";
  chart_.patient.gender = "female";
  chart_.patient.birth_date = Sensitive(date("1964-03-02"));
}

Condition& ChartBuilder::condition(const Concept& code, std::string_view onset) {
  auto& record = add(chart_.records.conditions, "Condition", &Condition::subject);
  record.clinical_status = "active";
  record.verification_status = "confirmed";
  record.code = code;
  record.onset = date(onset);
  return record;
}

Encounter& ChartBuilder::encounter(std::string_view start, std::string_view end) {
  auto& record = add(chart_.records.encounters, "Encounter", &Encounter::subject);
  record.status = "finished";
  record.period = {date(start), date(end)};
  return record;
}

Procedure& ChartBuilder::procedure(const Concept& code, std::string_view performed) {
  auto& record = add(chart_.records.procedures, "Procedure", &Procedure::subject);
  record.status = "completed";
  record.code = code;
  record.performed = {date(performed), date(performed)};
  return record;
}

Medication& ChartBuilder::medication(const Concept& code, std::string_view authored) {
  auto& record = add(chart_.records.medications, "MedicationRequest", &Medication::subject);
  record.status = "active";
  record.intent = "order";
  record.code = code;
  record.authored = date(authored);
  return record;
}

AllergyIntolerance& ChartBuilder::allergy(const Concept& code) {
  auto& record = add(chart_.records.allergies, "AllergyIntolerance", &AllergyIntolerance::patient);
  record.clinical_status = "active";
  record.code = code;
  return record;
}

ImagingReport& ChartBuilder::imaging(const Concept& code, std::string_view effective) {
  auto& record = add(chart_.records.imaging, "DiagnosticReport", &ImagingReport::subject);
  record.status = "final";
  record.code = code;
  record.effective = date(effective);
  return record;
}

Observation& ChartBuilder::observation(const Concept& code, std::string_view effective) {
  auto& record = add(chart_.records.observations, "Observation", &Observation::subject);
  record.status = "final";
  record.code = code;
  record.effective = date(effective);
  return record;
}

Observation& ChartBuilder::measure(const Concept& code, std::string_view value,
                                   std::string_view unit, std::string_view effective) {
  auto& record = observation(code, effective);
  record.quantity.value = value;
  record.quantity.code = unit;
  return record;
}

ServiceRequest& ChartBuilder::order(const Concept& code, std::string_view authored) {
  auto& record = add(chart_.records.service_requests, "ServiceRequest", &ServiceRequest::subject);
  record.status = "active";
  record.intent = "order";
  record.code = code;
  record.authored = date(authored);
  return record;
}

Coverage& ChartBuilder::coverage(std::string_view payor_name) {
  auto& record = add(chart_.records.coverages, "Coverage", &Coverage::beneficiary);
  record.status = "active";
  record.payor_name = payor_name;
  return record;
}

QuestionnaireResponse& ChartBuilder::response(std::string_view link_id, std::string_view value,
                                              std::string_view authored) {
  auto& record = add(chart_.records.questionnaire_responses, "QuestionnaireResponse",
                     &QuestionnaireResponse::subject);
  record.status = "completed";
  record.authored = date(authored);
  QuestionnaireResponse::Item item;
  item.link_id = link_id;
  item.values = {std::string(value)};
  record.items = {item};
  return record;
}

namespace {

ChartBuilder plain_order(std::string_view service_code) {
  ChartBuilder builder;
  builder.condition(icd("M54.50"), "2025-11-01");
  auto& order = builder.order(snomed(service_code));
  order.reason_codes = {icd("M54.50")};
  order.reason_references = {to("Condition/1")};
  return builder;
}

}  // namespace

ChartBuilder plain_acupuncture_order() {
  return plain_order("183608005");
}

ChartBuilder plain_surgeon_order() {
  return plain_order("770695002");
}

History complete_history() {
  History history;
  for (const char* kind :
       {"conditions", "procedures", "medications", "imaging", "encounters", "coverage"}) {
    history.push_back({kind, Completeness::complete, now(), {}});
  }
  return history;
}

History history_with(std::string_view kind, Completeness completeness) {
  auto history = complete_history();
  for (auto& query : history) {
    if (query.kind == kind) query.completeness = completeness;
  }
  return history;
}

Answer answer(std::string_view question, std::string_view value, std::string_view at) {
  Answer given;
  given.question = question;
  given.value = value;
  given.at = date(at);
  given.via = "questionnaire";
  given.ref = "QuestionnaireResponse/" + std::string(question);
  return given;
}

std::vector<Answer> all_no(const RuleBook& rule_book) {
  std::vector<Answer> answers;
  for (const auto& question : rule_book.screening) answers.push_back(answer(question.id, "no"));
  return answers;
}

std::vector<Answer> all_no_but(const RuleBook& rule_book, const Answer& other) {
  auto answers = all_no(rule_book);
  for (auto& given : answers) {
    if (given.question == other.question) given = other;
  }
  return answers;
}

const Terminology& terminology() {
  return knowledge().terminology;
}

const RuleBook& rules() {
  return knowledge().rules;
}

Assessment assess_one(const Chart& chart, const History& history,
                      const std::vector<Answer>& answers, Instant at) {
  const auto episodes = build_episodes(chart, terminology(), {rules().episode_gap_days});
  const auto& orders = chart.records.service_requests;
  return assess({chart, episodes, orders.empty() ? nullptr : &orders.front(), nullptr, history,
                 answers, terminology(), rules(), at});
}

Assessment assess_cleared(const Chart& chart) {
  return assess_one(chart, complete_history(), all_no(rules()), now());
}

const Flag* flag(const Assessment& assessment, std::string_view rule) {
  return with_rule(assessment.flags, rule);
}

const Caution* caution(const Assessment& assessment, std::string_view rule) {
  return with_rule(assessment.cautions, rule);
}

const CoverageAnswer* coverage(const Assessment& assessment, std::string_view rule) {
  return with_rule(assessment.coverage, rule);
}

const Missing* missing(const Assessment& assessment, std::string_view question) {
  for (const auto& item : assessment.missing) {
    if (item.question == question) return &item;
  }
  return nullptr;
}

const Lane* lane(const Assessment& assessment, std::string_view service) {
  for (const auto& open : assessment.lanes) {
    if (open.service == service) return &open;
  }
  return nullptr;
}

}  // namespace meridian::test
