// SPDX-License-Identifier: Apache-2.0
// Versions of one record: which is the later one, and keeping only that.
#pragma once

#include <string>

#include "model/record_set.h"

namespace meridian {

/// A text that sorts a record's versions: numeric version padded, else the time of last change.
std::string version_sequence(const Record& record);

/// True when `a` is surely a later version than `b` of the same record: by numeric versions when
/// both have them, else by the times of last change. Versions that are no numbers are opaque.
/// Source: http://hl7.org/fhir/R4/resource-definitions.html#Meta.versionId
bool is_later(const Record& a, const Record& b);

/// Of several versions of one record only the latest stays, in the place of the first; of those
/// that cannot be told apart the first. The spans of the others go too. Records without a ref stay.
void keep_latest(RecordSet& records);

}  // namespace meridian
