// SPDX-License-Identifier: Apache-2.0
// The path ASK: parse -> map -> gather -> assess -> answer. Nothing is kept but the audit.
#pragma once

#include <vector>

#include "flow/core.h"
#include "port/ask.h"

namespace meridian::flow {

/// What is to be said of the orders in question that are referrals of ours: for acupuncture or a
/// spine surgeon, about this patient, and not a system's own business; of a chart that is opened,
/// where the patient's open referrals stand. Empty when there is nothing to say. What cannot be
/// read in time is said, and is no error. Thread-safe; blocks until Question::until and a little.
/// Errors: malformed, unsupported, too_large (the orders cannot be read), misconfigured, store
/// errors.
Result<std::vector<Advice>> ask(const Core& core, const Question& question);

/// Keeps in the audit what a clinician did about an advice. Errors: store errors.
Result<void> note_feedback(const Core& core, std::string_view source,
                           const AdviceFeedback& feedback);

}  // namespace meridian::flow
