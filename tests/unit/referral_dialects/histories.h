// SPDX-License-Identifier: Apache-2.0
// What a peer may be told of a referral, state after state: walks through the state machine.
#pragma once

#include <string>
#include <vector>

#include "fhir/exchange/referral_dialect.h"

namespace meridian::test {

using History = std::vector<std::string>;

/// Some thousand walks by legal events, the same at each call; in a part of them some states were
/// passed so quickly that nobody was told.
const std::vector<History>& histories();

/// The dialects that show states of their own: all but plain.
std::vector<fhir::ReferralDialect> strict_dialects();

}  // namespace meridian::test
