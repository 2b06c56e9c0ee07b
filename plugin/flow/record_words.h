// SPDX-License-Identifier: Apache-2.0
// A record in a few words, for a person who may see it.
#pragma once

#include <string>

#include "model/record_set.h"

namespace meridian::flow {

/// "2026-11-10, Wedge compression fracture": date and words of the record that a ref names; "" when
/// it is not there or says neither. Patient data.
std::string record_words(const RecordSet& records, const std::string& ref);

}  // namespace meridian::flow
