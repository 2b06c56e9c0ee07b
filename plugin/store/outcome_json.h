// SPDX-License-Identifier: Apache-2.0
// The issues of a message as they are kept.
#pragma once

#include <string>

#include "model/issue.h"

namespace meridian::store {

/// OperationOutcome; nothing when there are no issues.
std::string outcome_json(const Issues& issues);

}  // namespace meridian::store
