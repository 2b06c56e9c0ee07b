// SPDX-License-Identifier: Apache-2.0
// The funnels of a site: of all its referrals, of those of each hospital, of each orderer, and of
// those with each clinic.
#pragma once

#include <map>
#include <string>

#include "routing/funnel.h"
#include "store/store.h"

namespace meridian::flow {

/// "all", "from tamarack-ridge", "by Practitioner/3 at tamarack-ridge", "to quiet-river": a
/// referral is in several groups. "all" is there without any.
using FunnelGroups = std::map<std::string, routing::Funnel>;

/// Of the referrals that came since an instant. Errors: store errors.
Result<FunnelGroups> read_funnels(store::Store& store, Instant since);

}  // namespace meridian::flow
