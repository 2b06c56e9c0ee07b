// SPDX-License-Identifier: Apache-2.0
#include "flow/record_words.h"

#include <algorithm>

#include "port/letter_words.h"

namespace meridian::flow {
namespace {

std::string joined(const PartialDate& date, const std::string& words) {
  if (date.empty()) return words;
  return words.empty() ? date.text : date.text + ", " + words;
}

std::string value_of(const Observation& record) {
  if (!record.quantity.value.empty()) return record.quantity.value + " " + record.quantity.unit;
  if (record.boolean) return *record.boolean ? "yes" : "no";
  const auto words = name_of(record.concept_value);
  return words.empty() ? record.text.reveal() : words;
}

const PartialDate& first_of(const PartialDate& a, const PartialDate& b) {
  return a.empty() ? b : a;
}

std::string said(const Condition& record) {
  return joined(first_of(record.onset, record.recorded), name_of(record.code));
}
std::string said(const Observation& record) {
  const auto value = value_of(record);
  return joined(record.effective, name_of(record.code) + (value.empty() ? "" : ": " + value));
}
std::string said(const Procedure& record) {
  return joined(record.performed.start, name_of(record.code));
}
std::string said(const Medication& record) {
  return joined(first_of(record.authored, record.effective.start), name_of(record.code));
}
std::string said(const AllergyIntolerance& record) {
  return joined(record.onset, name_of(record.code));
}
std::string said(const ImagingReport& record) {
  return joined(first_of(record.effective, record.issued), name_of(record.code));
}
std::string said(const Encounter& record) {
  return joined(record.period.start,
                record.reason_codes.empty() ? "" : name_of(record.reason_codes.front()));
}
std::string said(const QuestionnaireResponse& record) {
  return joined(record.authored, "answers");
}
std::string said(const Coverage& record) {
  return joined(record.period.start, record.payor_name);
}

/// The first of the lists that has it says it.
template <typename... Lists>
std::string find(const std::string& ref, const Lists&... lists) {
  std::string words;
  const auto look = [&](const auto& list) {
    if (!words.empty()) return;
    const auto found = std::find_if(list.begin(), list.end(),
                                    [&](const auto& record) { return record.ref == ref; });
    if (found != list.end()) words = said(*found);
  };
  (look(lists), ...);
  return words;
}

}  // namespace

std::string record_words(const RecordSet& records, const std::string& ref) {
  return find(ref.substr(0, ref.find('#')), records.conditions, records.observations,
              records.procedures, records.medications, records.allergies, records.imaging,
              records.encounters, records.questionnaire_responses, records.coverages);
}

}  // namespace meridian::flow
