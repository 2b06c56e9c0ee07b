// SPDX-License-Identifier: Apache-2.0
#include "pathway/facts.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace meridian {
namespace {

constexpr std::string_view icd10cm = "http://hl7.org/fhir/sid/icd-10-cm";
constexpr int recent_visit_days = 14;
constexpr int days_after_supply = 7;

template <std::size_t n>
bool one_of(std::string_view value, const std::array<std::string_view, n>& list) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

char seventh_of(const Concept& coded) {
  for (const auto& coding : coded.codings) {
    if (coding.system != icd10cm) continue;
    const auto dots = std::count(coding.code.begin(), coding.code.end(), '.');
    if (coding.code.size() - dots == 7) return coding.code.back();
  }
  return 0;
}

std::string distinct_code(const Concept& coded) {
  for (const auto& coding : coded.codings) {
    if (!coding.code.empty()) return coding.system + '|' + coding.code;
  }
  return normalized_term(coded.text);
}

/// Whether a condition holds at `at`: dates say more than a status that is of today.
bool active_at(const Condition& condition, Instant at) {
  constexpr std::array<std::string_view, 3> ended = {"inactive", "remission", "resolved"};
  constexpr std::array<std::string_view, 3> current = {"active", "recurrence", "relapse"};
  if (one_of(condition.clinical_status, current)) return true;
  if (const auto abated = latest(condition.abatement)) return *abated > at;
  return !condition.abated && !one_of(condition.clinical_status, ended);
}

bool active_at(const Medication& medication, const std::optional<Instant>& until, Instant at) {
  constexpr std::array<std::string_view, 3> ended = {"completed", "stopped", "ended"};
  if (!one_of(medication.status, ended)) return true;
  return until && *until >= at;
}

std::optional<Instant> supply_end(const Medication& medication) {
  auto end = latest(medication.effective.end);
  const auto start =
      latest(medication.authored.empty() ? medication.effective.start : medication.authored);
  if (start && medication.days_supply) {
    const auto used_up = *start + Days(*medication.days_supply);
    if (!end || used_up > *end) end = used_up;
  }
  return end ? std::optional(*end + Days(days_after_supply)) : std::nullopt;
}

class FactReader {
 public:
  FactReader(const Terminology& terminology, Instant at) : terminology_(terminology), at_(at) {}

  void read(const Condition& condition) {
    constexpr std::array<std::string_view, 2> wrong = {"refuted", "entered-in-error"};
    if (one_of(condition.verification_status, wrong) || is_future(condition.recorded, at_)) return;
    const bool onset_tells = !condition.onset.empty() && !is_future(condition.onset, at_);
    const auto& from =
        onset_tells || condition.recorded.empty() ? condition.onset : condition.recorded;
    auto& fact = add(FactKind::condition, condition.ref, condition.code, from);
    fact.active = active_at(condition, at_);
  }

  void read(const Encounter& encounter) {
    constexpr std::array<std::string_view, 2> wrong = {"cancelled", "entered-in-error"};
    if (one_of(encounter.status, wrong) || is_future(encounter.period.start, at_)) return;
    for (const auto& reason : encounter.reason_codes) {
      auto& fact = add(FactKind::condition, encounter.ref, reason, encounter.period.start);
      fact.active = encounter.status == "in-progress" ||
                    may_be_within(encounter.period.start, recent_visit_days, at_);
    }
  }

  void read(const ServiceRequest& request) {
    constexpr std::array<std::string_view, 3> open = {"active", "draft", "on-hold"};
    if (!one_of(request.status, open) || request.do_not_perform) return;
    if (is_future(request.authored, at_)) return;
    for (const auto& reason : request.reason_codes) {
      add(FactKind::condition, request.ref, reason, request.authored).active = true;
    }
  }

  void read(const Procedure& procedure) {
    constexpr std::array<std::string_view, 3> wrong = {"not-done", "entered-in-error",
                                                       "preparation"};
    if (one_of(procedure.status, wrong) || is_future(procedure.performed.start, at_)) return;
    const auto& performed = procedure.performed;
    const auto& from = performed.start.empty() ? performed.end : performed.start;
    auto& fact = add(FactKind::procedure, procedure.ref, procedure.code, from);
    fact.meaning = procedure_meaning(procedure.code, terminology_);
    fact.active = true;
  }

  void read(const Medication& medication) {
    constexpr std::array<std::string_view, 4> wrong = {"entered-in-error", "cancelled", "draft",
                                                       "not-taken"};
    constexpr std::array<std::string_view, 2> ideas = {"proposal", "option"};
    if (one_of(medication.status, wrong) || one_of(medication.intent, ideas)) return;
    const auto& from =
        medication.authored.empty() ? medication.effective.start : medication.authored;
    if (is_future(from, at_)) return;
    auto& fact = add(FactKind::medication, medication.ref, medication.code, from);
    fact.meaning = medication_meaning(medication.code, terminology_);
    const auto until = supply_end(medication);
    fact.active = active_at(medication, until, at_);
    if (medication.status == "completed" || medication.status == "stopped") fact.until = until;
  }

  void read(const AllergyIntolerance& allergy) {
    constexpr std::array<std::string_view, 2> wrong = {"refuted", "entered-in-error"};
    constexpr std::array<std::string_view, 2> ended = {"inactive", "resolved"};
    if (one_of(allergy.verification_status, wrong)) return;
    auto& fact = add(FactKind::allergy, allergy.ref, allergy.code, allergy.onset);
    fact.active = !one_of(allergy.clinical_status, ended);
  }

  void read(const ImagingReport& report) {
    constexpr std::array<std::string_view, 2> wrong = {"entered-in-error", "cancelled"};
    const auto& from = report.effective.empty() ? report.issued : report.effective;
    if (one_of(report.status, wrong) || is_future(from, at_)) return;
    for (const auto& conclusion : report.conclusion_codes) {
      add(FactKind::imaging, report.ref, conclusion, from).active = true;
    }
  }

  std::vector<Fact> take() { return std::move(facts_); }

 private:
  Fact& add(FactKind kind, const std::string& ref, const Concept& coded, const PartialDate& from) {
    Fact fact;
    fact.kind = kind;
    fact.ref = ref;
    fact.meaning = meaning_of(coded, terminology_);
    fact.code = distinct_code(coded);
    if (!is_future(from, at_)) fact.from = from;
    fact.seventh_character = seventh_of(coded);
    facts_.push_back(std::move(fact));
    return facts_.back();
  }

  const Terminology& terminology_;
  const Instant at_;
  std::vector<Fact> facts_;
};

}  // namespace

std::vector<Fact> facts_at(const Chart& chart, const Terminology& terminology, Instant at) {
  FactReader reader(terminology, at);
  const auto& records = chart.records;
  for (const auto& record : records.conditions) reader.read(record);
  for (const auto& record : records.encounters) reader.read(record);
  for (const auto& record : records.service_requests) reader.read(record);
  for (const auto& record : records.procedures) reader.read(record);
  for (const auto& record : records.medications) reader.read(record);
  for (const auto& record : records.allergies) reader.read(record);
  for (const auto& record : records.imaging) reader.read(record);
  return reader.take();
}

bool back_pain_at(const std::vector<Fact>& facts, int days, Instant at) {
  return std::any_of(facts.begin(), facts.end(), [&](const Fact& fact) {
    return fact.meaning.back_pain() && (fact.active || may_be_within(fact.from, days, at));
  });
}

}  // namespace meridian
