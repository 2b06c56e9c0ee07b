// SPDX-License-Identifier: Apache-2.0
// The work list of a server that is polled patient by patient.
#pragma once

#include <string>
#include <vector>

#include "base/ids.h"
#include "store/store.h"

namespace meridian::host {

/// "Patient/17" of everyone with a referral from the source that is not over, each once. Empty, and
/// a line in the log, when the store cannot be read.
std::vector<std::string> open_patients(store::Store& store, const SourceId& source);

}  // namespace meridian::host
