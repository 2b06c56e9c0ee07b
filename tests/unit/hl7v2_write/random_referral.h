// SPDX-License-Identifier: Apache-2.0
// Referrals made of a seed: as a FHIR hospital's records would be.
#pragma once

#include <cstdint>

#include "port/ports.h"

namespace meridian::hl7v2::test {

/// A letter with everything that the map says is written, in any amount, with texts that hold
/// delimiters, line ends and letters of several scripts. The same seed gives the same letter.
Letter random_referral(std::uint32_t seed);

/// The first order of the records as a letter that includes all of them.
Letter referral_letter(RecordSet records);

}  // namespace meridian::hl7v2::test
