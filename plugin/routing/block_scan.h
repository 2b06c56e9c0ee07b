// SPDX-License-Identifier: Apache-2.0
// The inner loops of a search: boxes, then blocks. With AVX2 where the processor has it.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "routing/partition.h"

namespace meridian::routing {

/// What a search looks for, as the columns say it.
struct Probe {
  Point at;
  float limit = 0;             ///< squared chord
  std::uint32_t need = 0;      ///< Traits::Bit, all of them
  std::int32_t on = 0;         ///< day since 1970
  std::uint32_t state = 0;     ///< 0: any
  bool network_known = false;  ///< the patient's
  std::uint32_t networks = 0;  ///< NetworkBits of them
  /// Only receivers before this rank are of use: in a network of the patient (or it is not known),
  /// not stated, in another one; and of those that do not fit.
  std::array<std::int32_t, 3> fits_below{Traits::no_end, Traits::no_end, Traits::no_end};
  std::int32_t left_below = Traits::no_end;
};

/// What the columns say of one receiver.
inline bool may_fit(const Traits& traits, const Probe& probe) {
  return (traits.bits & probe.need) == probe.need && traits.until >= probe.on &&
         (probe.state == 0 || traits.state == 0 || traits.state == probe.state);
}
/// Index in fits_below: 0 when it may be in a network of the patient.
inline std::size_t network_class(std::uint32_t networks, const Probe& probe) {
  if (!probe.network_known) return 0;
  if (networks == 0) return 1;
  return (networks & probe.networks) != 0 ? 0 : 2;
}

/// One bit per receiver of a block, and how far each one is.
struct Scanned {
  std::uint64_t fits = 0;   ///< sure, but for the network; before fits_below
  std::uint64_t left = 0;   ///< near and not fitting, before left_below
  std::uint64_t again = 0;  ///< the columns are not the whole truth; before one of both
  alignas(32) std::array<float, block_size> chord;  ///< squared
};

struct NearBlock {
  std::uint32_t block;
  float chord;  ///< squared, to the nearest corner of its box: no receiver in it is nearer
  std::uint64_t order = 0;  ///< for the search: nearer bands first, then smaller ranks
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
