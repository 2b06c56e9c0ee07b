// SPDX-License-Identifier: Apache-2.0
// What is tied together after all records are there: references, drugs.
#pragma once

#include "fhir/read/context.h"

namespace meridian::fhir_read {

/// Resolves every reference of the records read, and what depends on it.
void link_records(Context& context);

}  // namespace meridian::fhir_read
