// SPDX-License-Identifier: Apache-2.0
// What a receiver must meet, one requirement after the other, each with its words. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "routing/ask.h"
#include "routing/directory.h"

namespace meridian::routing {

/// Bands of distance, nearest first. Without two positions the postal code and the state count.
enum class Band : std::uint32_t { km_10, km_25, km_50, radius, unknown, too_far };

struct Distance {
  Band band = Band::unknown;
  bool measured = false;  ///< both positions are known
};

/// A virtual visit is near for everybody.
Distance distance_of(const Receiver& receiver, const Ask& ask, const Directory& directory);
/// The band of a squared chord.
inline Band band_of(float squared_chord, const Directory& directory) {
  unsigned band = 0;
  for (const float end : directory.bands()) band += squared_chord <= end ? 0 : 1;
  return band < directory.bands().size() ? static_cast<Band>(band) : Band::too_far;
}

/// "6.4 km", "80 km".
std::string km_text(double km);

/// One receiver looked at for one referral.
struct Look {
  const Receiver& receiver;
  const Ask& ask;
  const Directory& directory;
  Distance distance;
};
Look look_at(const Receiver& receiver, const Ask& ask, const Directory& directory);

/// True when every requirement is met. What is not stated is met, unless the site requires it.
bool fits(const Look& look);
/// The same for a receiver that declined nothing and whose Traits say that it may fit: asks only
/// what they can leave open.
bool fits_in_the_rest(const Look& look);

/// Why it does not fit, each with what the receiver states: "licence expired 2026-03-31". Nothing
/// of the patient but the state: whoever runs the site may read it.
std::vector<std::string> refusals(const Look& look);

enum class Known : std::uint8_t { yes, not_stated, no };

/// In a network of the patient; yes when the patient's is not known. Coverage never blocks care,
/// it sorts (DESIGN section 7), unless the site requires it.
Known in_network(const Receiver& receiver, const Ask& ask);
/// Speaks the language that was asked for; yes when none was.
Known speaks(const Receiver& receiver, const Ask& ask);

enum class LicenceState : std::uint8_t { in_force, not_stated, lapsed, elsewhere, not_valid };
struct LicenceFinding {
  LicenceState state = LicenceState::not_stated;
  const Licence* licence = nullptr;  ///< the one that decided, when one did
};
LicenceFinding licence_of(const Look& look);
/// Where a licence is needed: the patient's state, or the receiver's; empty when it is unknown.
const std::string& licence_needed_in(const Look& look);
/// False for a status that says the licence must not be relied on. Source: Plan-Net
/// QualificationStatusCS; "unknown" is as good as not stated.
bool may_be_valid(const Licence& licence);

}  // namespace meridian::routing
