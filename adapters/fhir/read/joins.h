// SPDX-License-Identifier: Apache-2.0
// Records that complete each other, once references are resolved.
#pragma once

#include "fhir/read/context.h"

namespace meridian::fhir_read {

/// Medication.code to the requests and statements that refer to it.
void join_drugs(Context& context);

/// Words of result Observations to the narratives of their reports.
void join_results(Context& context);

/// An ImagingStudy that a report mentions becomes part of the report; others stay, as is_study.
void join_studies(Context& context);

/// The name of who pays, from the payor's display or its Organization.
void join_payors(Context& context);

}  // namespace meridian::fhir_read
