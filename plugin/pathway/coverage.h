// SPDX-License-Identifier: Apache-2.0
// Whether a programme covers acupuncture for this episode. Never blocks care.
#pragma once

#include <vector>

#include "model/assessment.h"
#include "pathway/rule_match.h"

namespace meridian {

/// What coverage is judged on.
struct CoverageCase {
  const RuleContext& context;
  const Episode* episode = nullptr;          ///< may be null
  const ServiceRequest* referral = nullptr;  ///< may be null
  const History& history;
  const VisitLedger* ledger = nullptr;  ///< null: visits are not judged
};

struct CoverageAnswers {
  std::vector<CoverageAnswer> answers;
  std::vector<Missing> missing;  ///< what would settle an open clause; never blocks
};

/// For each programme of the patient's current coverages: one answer for the whole (rule = id of
/// the programme: not_covered when a clause fails, else uncertain when one is open, else covered;
/// unknown when the programme has no clauses), then one per clause with its own status. No coverage
/// on record, or none that is known: one answer `unknown` with an empty programme.
///
/// Tests a clause may name: `diagnosis_among` (a code of the episode or order is in the value sets;
/// words alone, or low back pain coded otherwise, leave it open), `duration_at_least` (days from
/// the stated onset to `at`; without one it is open and asked), `no_diagnosis_among` (no active
/// record in the sets, or none in `days`; sequelae and ended ones leave it open) and
/// `uncertain_with` (a current condition or any procedure in the sets leaves it open). Absence
/// counts only from complete conditions and procedures. `question` decides a clause when it has an
/// answer. What the ledger says of the next visit is the answer "visits". Source: CMS NCD 30.3.3.
CoverageAnswers coverage_answers(const CoverageCase& coverage_case);

/// The programmes that the current coverages of the patient belong to, in the order of the book.
std::vector<const CoverageProgram*> programs_of(const RuleContext& context);

}  // namespace meridian
