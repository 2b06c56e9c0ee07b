// SPDX-License-Identifier: Apache-2.0
// Visits authorised, scheduled, used and remaining. Past the limit means not covered, and is said
// before the visit; it never blocks care.
#pragma once

#include <optional>
#include <vector>

#include "model/course.h"
#include "pathway/course/visits.h"

namespace meridian {

/// What the ledger is made of.
struct LedgerCase {
  const RuleContext& context;
  const Visits& visits;
  std::vector<const CoverageProgram*> programs;  ///< of the patient's current coverages
  const Course* course = nullptr;                ///< null when none is running
  const ServiceRequest* referral = nullptr;      ///< whose authorisations count; null: all orders'
};

/// One allowance per programme, then one per authorisation that states a number or an end; without
/// any of them one that is unknown. Then one per order that asks for a number of visits: what was
/// ordered is no promise of a payer, so its status says nothing about cover.
///
/// A visit is judged by the visits of the year before it (CoverageProgram::yearly_reset), else of
/// the running course. Up to `visits` in `within_days` from the first of them, that day counted,
/// are covered; then `extension_visits` while the patient improves; never more than
/// `yearly_visits`. After the first phase an unknown response leaves it uncertain. Where the
/// programme stops for patients who do not improve, no visit is covered once a check point found
/// it. Booked visits are judged one after the other, each on its day, by the response of today.
/// Visits are those known to us: other clinics may have more. Pure. Source: CMS NCD 30.3.3
VisitLedger visit_ledger(const LedgerCase& ledger_case);

}  // namespace meridian
