// SPDX-License-Identifier: Apache-2.0
// How complete each query of a gather was, as it is kept beside the facts.
#pragma once

#include <string>

#include "model/assessment.h"

namespace meridian::flow {

std::string history_json(const History& history);

/// Back; empty when it cannot be read.
History read_history(const std::string& json);

}  // namespace meridian::flow
