// SPDX-License-Identifier: Apache-2.0
// Tells the hospital where its referral stands, brings the clinic's note into its record, and tells
// the clinic that an order ended.
#pragma once

#include "flow/core.h"

namespace meridian::flow {

/// Renders the state for the source of the order. With a message in the item's detail, the clinic's
/// news of that message goes along: appointment, consult note. Errors: of renderer and store.
Result<store::Changes> reflect_referral(const Core& core, const store::WorkItem& item);

/// Tells the clinic that has the referral that the order was revoked or a mistake.
Result<store::Changes> tell_clinic(const Core& core, const store::WorkItem& item);

/// The FHIR Task.status that a state shows.
const char* task_status_of(std::string_view state);

}  // namespace meridian::flow
