// SPDX-License-Identifier: Apache-2.0
// The funnels of a site: of all its referrals, of those of each hospital, of each orderer, and of
// those with each clinic.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "routing/funnel.h"
#include "store/store.h"

namespace meridian::flow {

/// "all", "from tamarack-ridge", "by Practitioner/3 at tamarack-ridge", "to quiet-river": a
/// referral is in several groups. "all" is there without any.
using FunnelGroups = std::map<std::string, routing::Funnel>;

/// What is asked of the store.
struct FunnelQuestion {
  Instant since;  ///< of the referrals that came from then on
  store::Orderers orderers = store::Orderers::left_out;  ///< named: the groups "by ..." too
  /// Sources whose people are seen reading. Of referrals of others nobody knows whether the report
  /// was read.
  std::set<std::string> reading_seen_at{};
};

/// Of these referrals. Pure.
FunnelGroups funnels_of(const std::vector<store::Walk>& walks,
                        const std::set<std::string>& reading_seen_at);

/// Errors: store errors.
Result<FunnelGroups> read_funnels(store::Store& store, const FunnelQuestion& question);

}  // namespace meridian::flow
