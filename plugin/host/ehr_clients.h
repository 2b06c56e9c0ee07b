// SPDX-License-Identifier: Apache-2.0
// Hospitals whose EHR asks at signing, as the CDS services know them.
#pragma once

#include <vector>

#include "cds_hooks/service.h"
#include "flow/peers.h"
#include "host/config.h"
#include "model/issue.h"

namespace meridian::host {

/// One for each [[hospital]] with cds_issuer. Keys at a cds_jku are fetched when the first call
/// comes; a cds_jwks_file is read now, and its faults are issues.
std::vector<cds_hooks::Client> ehr_clients(const Config& config, const flow::Peers& peers,
                                           Issues& issues);

/// For `meridian check`: what would have an EHR's calls refused.
void check_ehr_clients(const Config& config, Issues& issues);

}  // namespace meridian::host
