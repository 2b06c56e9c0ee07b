// SPDX-License-Identifier: Apache-2.0
// Small charts for the pathway's tests.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/assessment.h"
#include "model/episode.h"
#include "model/rulebook.h"
#include "model/terminology.h"

namespace meridian::test {

/// 2026-11-20T10:00:00Z: the instant every case is judged at unless it says otherwise.
Instant now();
PartialDate date(std::string_view text);

Concept icd(std::string_view code);
Concept snomed(std::string_view code);
Concept loinc(std::string_view code);
Concept rxnorm(std::string_view code);
Concept cpt(std::string_view code);
Concept words(std::string_view text);

Reference to(std::string_view target);

/// Builds the chart of Patient/1; refs are Type/1, Type/2 ... in the order of the calls.
class ChartBuilder {
 public:
  /// A woman of 62, so that pregnancy is not asked about unless a case wants it.
  ChartBuilder();

  Condition& condition(const Concept& code, std::string_view onset = {});
  Encounter& encounter(std::string_view start, std::string_view end = {});
  Procedure& procedure(const Concept& code, std::string_view performed = {});
  Medication& medication(const Concept& code, std::string_view authored = {});
  AllergyIntolerance& allergy(const Concept& code);
  ImagingReport& imaging(const Concept& code, std::string_view effective = {});
  Observation& observation(const Concept& code, std::string_view effective = {});
  Observation& measure(const Concept& code, std::string_view value, std::string_view unit,
                       std::string_view effective);
  ServiceRequest& order(const Concept& code, std::string_view authored = "2026-11-20T09:00:00Z");
  Coverage& coverage(std::string_view payor_name);
  /// A completed response with one item.
  QuestionnaireResponse& response(std::string_view link_id, std::string_view value,
                                  std::string_view authored);

  Patient& patient() { return chart_.patient; }
  RecordSet& records() { return chart_.records; }
  const Chart& chart() const { return chart_; }

 private:
  Chart chart_;
};

/// An acupuncture order for low back pain with an active problem of a year: nothing else.
ChartBuilder plain_acupuncture_order();
/// The same for a spine surgeon.
ChartBuilder plain_surgeon_order();

/// conditions, procedures, medications, imaging, encounters and coverage complete.
History complete_history();
/// The same with one kind changed.
History history_with(std::string_view kind, Completeness completeness);

Answer answer(std::string_view question, std::string_view value,
              std::string_view at = "2026-11-20T08:00:00Z");
/// A no of two hours ago to every question of the book.
std::vector<Answer> all_no(const RuleBook& rules);
/// The same with one answer replaced.
std::vector<Answer> all_no_but(const RuleBook& rules, const Answer& other);

/// The content the program is built with.
const Terminology& terminology();
const RuleBook& rules();

/// Episodes of the chart, then assess for its only order, or for its last episode without one.
Assessment assess_one(const Chart& chart, const History& history,
                      const std::vector<Answer>& answers, Instant at);
/// With a complete history, every question answered no, now.
Assessment assess_cleared(const Chart& chart);

const Flag* flag(const Assessment& assessment, std::string_view rule);
const Caution* caution(const Assessment& assessment, std::string_view rule);
const Missing* missing(const Assessment& assessment, std::string_view question);
const Lane* lane(const Assessment& assessment, std::string_view service);
/// The coverage answer of that rule ("CMS_NCD_30_3_3", "C1" ...), or null.
const CoverageAnswer* coverage(const Assessment& assessment, std::string_view rule);

}  // namespace meridian::test
