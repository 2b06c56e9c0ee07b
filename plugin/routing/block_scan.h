// SPDX-License-Identifier: Apache-2.0
// The inner loops of a search: boxes, then blocks. With AVX2 where the processor has it.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "routing/partition.h"
#include "routing/requirements.h"

namespace meridian::routing {

/// What a search looks for, as the columns say it.
struct Probe {
  Point at;
  float limit = 0;                           ///< squared chord
  std::array<float, 3> bands{};              ///< squared chords at which the nearer bands end
  std::uint32_t need = 0;                    ///< Traits::Bit, all of them
  std::uint32_t again = Traits::look_again;  ///< Traits::Bit, one of them: ask fits()
  std::uint32_t ages = 0;       ///< years, and 255 minus years, where Traits::bits has the limits
  std::uint32_t on = 0;         ///< day_number
  std::uint32_t licence = 0;    ///< state_number of where it is needed; 0: anywhere
  std::uint32_t home = 0;       ///< what Traits::home must be
  std::uint32_t home_mask = 0;  ///< in these bits
  bool network_known = false;   ///< the patient's
  std::uint64_t networks = 0;   ///< of Names
  /// Only receivers before this rank are of use: in a network of the patient (or it is not known),
  /// not stated, in another one; and of those that do not fit.
  std::array<std::int32_t, 3> fits_below{no_rank, no_rank, no_rank};
  std::int32_t left_below = no_rank;
};

/// Index in fits_below: 0 when it may be in a network of the patient.
inline std::size_t network_class(std::uint64_t networks, const Probe& probe) {
  if (!probe.network_known) return 0;
  if (networks == 0) return 1;
  return (networks & probe.networks) != 0 ? 0 : 2;
}

/// False when nobody in a block can be of use.
inline bool may_hold_one(const Summary& block, const Probe& probe) {
  const bool in_network = !probe.network_known || (block.networks & probe.networks) != 0;
  return block.first_rank < probe.fits_below[in_network ? 0 : 1] ||
         block.first_rank < probe.left_below;
}

/// One bit per receiver of a block, and the band of each one that has a bit.
struct Scanned {
  std::uint64_t fits = 0;   ///< sure, but for the network; before fits_below
  std::uint64_t left = 0;   ///< near and not fitting, before left_below
  std::uint64_t again = 0;  ///< the columns are not the whole truth; before one of both
  alignas(32) std::array<Band, block_size> band;
};

struct NearBlock {
  std::uint32_t block;
  float chord;  ///< squared, to the nearest corner of its box: no receiver in it is nearer
  Band band = Band::too_far;  ///< for the search: of the chord
};

using ScanBlock = void (*)(const Block& block, const Probe& probe, Scanned& into);
using ScanBoxes = void (*)(const std::vector<Boxes>& boxes, const Probe& probe,
                           std::vector<NearBlock>& into);

struct Scans {
  ScanBlock block;
  ScanBoxes boxes;
};

/// Both give the same bits on every processor.
Scans plain_scans();
/// The fastest that this processor can run.
Scans best_scans();

}  // namespace meridian::routing
