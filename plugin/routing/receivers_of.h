// SPDX-License-Identifier: Apache-2.0
// Clinics and surgeons from a provider directory's records.
#pragma once

#include <string>
#include <vector>

#include "model/record_set.h"
#include "model/terminology.h"
#include "routing/receiver.h"

namespace meridian::routing {

/// A receiver as a directory lists it.
struct Listed {
  Receiver receiver;
  /// What a site may name it by: "HealthcareService/7", its location, organisation, role and
  /// practitioner likewise, "system|value" of their identifiers.
  std::vector<std::string> names;
  std::vector<std::string> addresses;  ///< of its endpoints
};

/// One per active HealthcareService and Location, and one per active PractitionerRole and Location
/// that names no service. Issues name what was passed over: a service that no referral is for, a
/// position that does not exist.
std::vector<Listed> receivers_of(const RecordSet& records, const Terminology& terminology,
                                 Issues& issues);

}  // namespace meridian::routing
