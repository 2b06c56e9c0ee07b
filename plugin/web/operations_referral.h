// SPDX-License-Identifier: Apache-2.0
// One referral: its story as a picture and in words, candidates, deliveries.
#pragma once

#include <string>

#include "port/site_view.h"
#include "web/operations_look.h"

namespace meridian::web {

/// HTML below the heading. `may_act`: with links to what a person can do.
std::string story_html(const OperationsPage& page, const ReferralStory& story, Instant now,
                       bool may_act);

}  // namespace meridian::web
