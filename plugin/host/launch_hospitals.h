// SPDX-License-Identifier: Apache-2.0
// Hospitals whose EHR opens the surgeon's view, as the SMART launch knows them.
#pragma once

#include <vector>

#include "fhir/launch/hospital.h"
#include "host/config.h"
#include "model/issue.h"

namespace meridian::host {

/// One for each [[hospital]] with smart_client_id. A key is read now; its faults are issues.
std::vector<fhir::LaunchHospital> launch_hospitals(const Config& config, Issues& issues);

/// For `meridian check`: what would have a launch refused. Asks each EHR how it signs people in.
void check_launches(const Config& config, Issues& issues);

}  // namespace meridian::host
