// SPDX-License-Identifier: Apache-2.0
// Where a site lets Meridian connect to: what its tables name, and [egress].
#pragma once

#include <memory>

#include "base/egress.h"
#include "host/config.h"

namespace meridian::host {

/// Each host and port that a table names is allowed by that, and what a peer may name is in
/// [egress] hosts.
EgressRules egress_rules(const Config& config);
std::shared_ptr<const Egress> egress_of(const Config& config);

/// Of a URL that a peer names: what to say of it when the site does not name its host and port;
/// empty when it does.
std::string unnamed(const Egress& egress, const std::string& url);

/// Looks up each host that the configuration names; of each address to which nothing would connect
/// there is an issue with the fix.
void check_egress(const Config& config, const Egress& egress, Issues& issues);

}  // namespace meridian::host
