// SPDX-License-Identifier: Apache-2.0
// The log of a referral and its deliveries in words.
#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "flow/core.h"
#include "flow/happening.h"
#include "store/rows.h"

namespace meridian::flow {

/// What people, clinics and the engine did. `patient_data`: also what they typed. Errors: store
/// errors.
Result<std::vector<Happening>> told_events(const Core& core,
                                           const std::vector<store::EventRow>& events,
                                           bool patient_data);

/// What was sent to whom, and how that ended; what waits has the last place. `patient_data`: also
/// the receiver's own id for it.
std::vector<Happening> told_deliveries(const Core& core,
                                       const std::vector<store::DeliveryRow>& deliveries,
                                       bool patient_data);

/// The numbers of the events that were illegal where the clinic stood, and changed nothing.
std::set<std::int64_t> without_effect(const std::vector<store::EventRow>& events);

/// "Willow Acupuncture (willow)": the name of a configured system.
std::string name_of_peer(const Core& core, std::string_view id);

}  // namespace meridian::flow
