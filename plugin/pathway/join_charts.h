// SPDX-License-Identifier: Apache-2.0
// Charts of one patient from several messages and systems, put together.
#pragma once

#include <vector>

#include "model/episode.h"

namespace meridian {

/// One chart per patient, in the order of first appearance. Two charts are of one patient when
/// their patients have the same ref at the same source, carry the same identifier (system and
/// value) and no contradicting birth date or sex, or one says that the other replaces it. Never by
/// name. A shared identifier with a contradiction is an issue and joins nothing.
///
/// Of a record that came several times from one source (same ref) the newest version is kept; what
/// that leaves out is filled from the older one. Pure; any thread. Source: DESIGN section 4
std::vector<Chart> join_charts(std::vector<Chart> charts, Issues& issues);

}  // namespace meridian
