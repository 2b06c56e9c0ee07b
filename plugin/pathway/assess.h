// SPDX-License-Identifier: Apache-2.0
// The stage assess: what is on record about one referral or episode, and what must happen with it.
#pragma once

#include <optional>
#include <vector>

#include "model/assessment.h"
#include "model/rulebook.h"
#include "model/terminology.h"

namespace meridian {

/// Refers to values that must outlive the call.
struct AssessInput {
  const Chart& chart;
  const std::vector<Episode>& episodes;      ///< of the chart, oldest first
  const ServiceRequest* referral = nullptr;  ///< null: what an acupuncture referral would meet
  const Episode* episode = nullptr;  ///< null: the one that lists the referral, else the last
  const History& history;
  const std::vector<Answer>& answers;  ///< read_answers() and others; the newest counts
  const Terminology& terminology;
  const RuleBook& rules;
  Instant at;
  /// For a referral that was sent: when. Answers that were young enough then stay good, since the
  /// first send is the release and the clinic screens again (DESIGN section 7); an answer that was
  /// taken back since is missing. Nothing: they must be young enough at `at`.
  std::optional<Instant> screened_at = std::nullopt;
  std::vector<SignOff> sign_offs = {};  ///< of this referral, in the order in which they came
};

/// Pure; any thread. The disposition follows the binding order of clinical/routing_rules.json:
///
/// 1. emergency: a red flag of that severity, whatever was ordered.
/// 2. An order for a spine surgeon is never held for what is missing: urgent_surgeon when an urgent
///    flag asks for spine surgery or the order says urgent, asap or stat, else route_surgeon. What
///    is missing is stated.
/// 3. Everything else is judged as bound for acupuncture: urgent_surgeon when an urgent flag asks
///    for spine surgery; hold for any other urgent flag, for a flag of severity hold, for a missing
///    item that blocks (an unanswered or too old screening question, a history that was not read
///    completely, a pain type that nothing codes, a guideline of the site that does not offer it
///    and wants that confirmed), and for a contraindication that is absolute or
///    relative where it applies, that of current only when the order asks for current.
///    What a sign-off covers (sign_off.h) holds no longer; it is stated, with who signed and why.
/// 4. Otherwise route_acupuncture; without an order, route_surgeon when only a surgical lane is
///    open, and hold when none is.
///
/// Lanes stand beside each other: an acupuncture lane never closes a surgical, medical or imaging
/// one. Its modality is "manual" when current is barred, "electro" when it was ordered and is not,
/// else empty. It is left out while something blocks acupuncture altogether.
/// The guideline that the site follows decides whether a pain type opens it without an order
/// (guideline.h); it touches no flag, no contraindication, no question and no coverage.
/// Coverage and cautions never change the lane of a surgeon. An image alone changes nothing, save
/// coded conclusions of the serious tier where a rule lists imaging. A finding of that tier that
/// was read out of a narrative holds for a person to read it, and no more.
Assessment assess(const AssessInput& input);

/// One assessment per open order for acupuncture or spine surgery, in the order of the chart; when
/// there is none, one per episode. `referral` and `episode` of the input are not looked at.
std::vector<Assessment> assess_chart(const AssessInput& input);

}  // namespace meridian
