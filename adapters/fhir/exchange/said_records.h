// SPDX-License-Identifier: Apache-2.0
// Records that a message said, as resources beside those that were read.
#pragma once

#include <string>

#include "fhir/exchange/collection.h"
#include "port/ports.h"

namespace meridian::fhir {

/// Adds them. `patient` is whom they are about at the source, "Patient/17": it stands wherever the
/// message names its own patient, whose record is left out then; empty: the message's patient it
/// is. Tasks are left out, for they are states and no records. Errors: malformed, too_large.
Result<void> add_said(const OrderSaid& said, const std::string& patient, Collection& collection);

}  // namespace meridian::fhir
