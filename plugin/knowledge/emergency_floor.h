// SPDX-License-Identifier: Apache-2.0
// A site may add to the emergency rules and make them stricter, never loosen them (DESIGN 7).
#pragma once

#include "knowledge/knowledge.h"

namespace meridian {

/// What the site's content catches less of than the standard content does, each an error with the
/// rule's place. Looked at: the red-flag rules that can end in an emergency, the rules and
/// screening questions these rest on, serious adverse events, their code lists, and how answers are
/// read. Empty when nothing is lost.
Issues below_emergency_floor(const Knowledge& site, const Knowledge& standard);

}  // namespace meridian
