// SPDX-License-Identifier: Apache-2.0
// Which of several appointments of one referral says where it stands.
#pragma once

#include <vector>

#include "model/referral.h"

namespace meridian {

/// True for one that is to take place, or is about to: booked, arrived, checked-in.
/// Source: http://hl7.org/fhir/R4/valueset-appointmentstatus.html
bool stands(const Appointment& appointment);

/// True for a visit that is over, and the patient was there: fulfilled, whose encounter exists; in
/// HL7 table 0278 Complete, "completed normally (was not discontinued, cancelled, or deleted)".
/// Source: the same value set; HL7 v2-to-FHIR, ConceptMap table HL70278.
bool took_place(const Appointment& appointment);

/// The latest of those that stand, else the latest of all, one that was a mistake last; nullptr
/// when there is none.
const Appointment* leading(const std::vector<Appointment>& appointments);

}  // namespace meridian
