// SPDX-License-Identifier: Apache-2.0
// How a course of acupuncture is watched: what fhir-profiles/rules/course.json says. Plain values;
// pathway/course applies them.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace meridian {

/// A measure of pain or function, and which change of it means something to a patient.
struct OutcomeInstrument {
  std::string id;  ///< word of the concept map outcome-instrument: NRS, ODI ...
  std::string source;
  double lowest = 0;  ///< a value outside lowest to highest is no score
  double highest = 0;
  bool lower_is_better = true;
  std::optional<double> points;        ///< smallest change that counts; empty: by percent alone
  std::optional<double> percent;       ///< of the baseline; empty: by points alone
  std::optional<double> low_baseline;  ///< below it improvement is judged by percent alone
  bool primary = false;                ///< only primary measures decide
};

/// When the course is looked at, and what each finding leads to: continue, reopen_diagnosis, hold,
/// decision_table or end. What was not measured leads to "measure".
struct CheckPointRule {
  std::string id;  ///< K1 ...
  std::string source;
  std::string text;
  int visit = 0;  ///< reached with this visit ...
  int day = 0;    ///< ... or so many days after the first one, whichever comes first
  std::string improved;
  std::string unchanged;
  std::string worse;
};

/// What holds a running course for a person.
struct CourseHoldRule {
  std::string id;
  std::string source;
  std::string text;
  std::string test;  ///< surgery_scheduled, medication_changed or new_flag
  std::vector<std::string> value_sets;
};

/// Records that are adverse events of needling, and how bad they are.
struct AdverseEventRule {
  std::string grade;  ///< mild, moderate, serious
  std::string source;
  std::string text;
  std::vector<std::string> value_sets;
  /// Recorded so many days after a visit at the latest; empty: the code itself says that needling
  /// was the cause.
  std::optional<int> within_days;
};

/// One question that a row of the decision table asks.
struct CourseQuestion {
  std::string id;
  std::string text;
  std::string source;
  int max_age_days = 0;
};

/// One row of the decision table after a course that does not help. Everything it names must hold.
struct AfterFailureRule {
  std::string id;
  std::string source;
  std::string text;
  std::string to;               ///< emergency, urgent_surgeon, surgeon, pain_or_physical_therapy,
                                ///< conservative_other or hold
  std::vector<std::string> at;  ///< check points; empty: any
  std::vector<std::string> responses;  ///< improved, unchanged, worse; empty: any
  std::string new_flag;                ///< a red flag since the course began, at least so severe
  std::vector<std::string> flags;      ///< one of these rules; with new_flag: a new one of these
  std::vector<std::string> pain_types;
  std::vector<std::string> without_pain_types;
  int care_days = 0;  ///< conservative care of the episode, from its first session on
  std::vector<std::string> answered_yes;  ///< ids of CourseQuestion
};

struct CourseRules {
  int gap_days = 90;            ///< a longer time without a visit ends a course
  int baseline_days = 30;       ///< a score is a baseline at most so long before the first visit
  int score_max_age_days = 14;  ///< ... and an answer to a check point at most so long before it
  std::vector<OutcomeInstrument> instruments;
  std::vector<CheckPointRule> check_points;  ///< by visit
  std::vector<CourseHoldRule> holds;
  std::vector<AdverseEventRule> adverse_events;
  int serious_days = 14;       ///< a serious one is an emergency for so long
  std::string serious_action;  ///< who must do what with a serious adverse event
  std::vector<CourseQuestion> questions;
  std::vector<AfterFailureRule> after_failure;  ///< in the order in which they are asked
};

}  // namespace meridian
