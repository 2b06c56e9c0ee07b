// SPDX-License-Identifier: Apache-2.0
// The receivers of one service as columns, in blocks of neighbours: a search reads the boxes around
// the blocks, then of the blocks near by those that hold somebody early enough.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "routing/receiver.h"
#include "routing/traits.h"

namespace meridian::routing {

/// A point on the unit sphere. Chords between such points order like distances, and in float they
/// are good to two metres.
struct Point {
  float x = 0;
  float y = 0;
  float z = 0;
};
Point point_of(const Position& position);
float squared_chord(const Point& a, const Point& b);
float squared_chord_of(double km);
double km_of(float squared_chord);

constexpr int block_size = 64;
constexpr std::int32_t no_rank = 0x7fffffff;

/// Eight receivers, a column for each of their traits. Side by side in memory, and those that are
/// looked at first in the first cache lines: what a search costs is mostly the reading of them.
struct alignas(64) Eight {
  template <typename T>
  using Column = std::array<T, 8>;

  Column<float> x, y;  ///< far out of this world for one without a position
  Column<float> z;
  Column<std::int32_t> rank;  ///< index in Directory::receivers(); no_rank: an empty place
  Column<std::uint32_t> bits, held;
  Column<std::uint32_t> networks_low, networks_high;
};
static_assert(sizeof(Eight) == 256);

/// Asks for the cache lines of eight receivers ahead of reading them.
inline void prefetch(const Eight& eight) {
  __builtin_prefetch(&eight.x);
  __builtin_prefetch(&eight.z);
  __builtin_prefetch(&eight.bits);
  __builtin_prefetch(&eight.networks_low);
}

/// Up to 64 receivers that are neighbours, by rank: a scan ends at the first that comes too late.
struct Block {
  std::array<Eight, block_size / 8> eights;
  alignas(32) std::array<std::uint32_t, block_size> homes;  ///< read for those without a position

  std::uint64_t networks(unsigned i) const {
    const auto& eight = eights[i / 8];
    return std::uint64_t{eight.networks_high[i % 8]} << 32 | eight.networks_low[i % 8];
  }
  std::uint32_t bits(unsigned i) const { return eights[i / 8].bits[i % 8]; }
  std::int32_t rank(unsigned i) const { return eights[i / 8].rank[i % 8]; }
};

/// What is known of a block without a look into it.
struct Summary {
  std::int32_t first_rank = no_rank;  ///< the smallest
  std::uint64_t networks = 0;         ///< of anybody in it
  std::uint64_t homes = 0;            ///< home_bits of anybody in it
};
/// A bit for a state and one for a postal area, of Traits::home or a part of it; others may have
/// the same.
std::uint64_t home_bits(std::uint32_t home);

/// Eight boxes around blocks.
struct alignas(32) Boxes {
  std::array<std::array<float, 8>, 3> low;
  std::array<std::array<float, 8>, 3> high;
};

/// Blocks of those with a position, then blocks of those without; each by its first rank.
struct Partition {
  std::vector<Boxes> boxes;  ///< of blocks 0 to 7, 8 to 15 ... as far as they are placed
  std::vector<Block> blocks;
  std::vector<Summary> summaries;  ///< of each block
  std::size_t placed = 0;          ///< blocks
  std::size_t size = 0;            ///< receivers

  std::size_t bytes() const;
};

/// `ranks` are indices in `receivers`, `traits` are theirs.
Partition make_partition(const std::vector<Receiver>& receivers, const std::vector<Traits>& traits,
                         const std::vector<std::uint32_t>& ranks);

}  // namespace meridian::routing
