// SPDX-License-Identifier: Apache-2.0
// The whole site for the operations page, out of the store.
#pragma once

#include "flow/core.h"
#include "port/site_view.h"

namespace meridian::flow {

/// Queues, what needs a person, worklists, the funnel of 90 days and the last reconciliation.
/// Without patient data. Errors: store errors.
Result<SiteView> view_of_site(const Core& core);

}  // namespace meridian::flow
