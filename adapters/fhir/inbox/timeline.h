// SPDX-License-Identifier: Apache-2.0
// A clinic's shelf replayed step by step: what there is in the end, and what happened on the way.
#pragma once

#include <vector>

#include "fhir/endpoint/view.h"
#include "fhir/inbox/standing.h"

namespace meridian::fhir {

struct Replayed {
  View view;
  std::vector<InboxEvent> events;
  TaskState state;
  Instant since;  ///< the latest change of the state
};

/// Errors: malformed, when what was kept cannot be read.
Result<Replayed> replay(const Shelf& shelf);

}  // namespace meridian::fhir
