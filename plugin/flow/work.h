// SPDX-License-Identifier: Apache-2.0
// The path WORK: claim -> gather -> assess -> route -> render -> commit.
#pragma once

#include "flow/core.h"

namespace meridian::flow {

/// Claims one due item and does it. The value is false when nothing was due. Thread-safe; blocks
/// for as long as the gather takes.
Result<bool> work_once(const Core& core);

}  // namespace meridian::flow
