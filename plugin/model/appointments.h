// SPDX-License-Identifier: Apache-2.0
// Which of several appointments of one referral says where it stands.
#pragma once

#include <vector>

#include "model/referral.h"

namespace meridian {

/// True for one that is to take place, or is about to: booked, arrived, checked-in.
/// Source: http://hl7.org/fhir/R4/valueset-appointmentstatus.html
bool stands(const Appointment& appointment);

/// The latest of those that stand, else the latest of all; nullptr when there is none.
const Appointment* leading(const std::vector<Appointment>& appointments);

}  // namespace meridian
