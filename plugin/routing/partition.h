// SPDX-License-Identifier: Apache-2.0
// The receivers of one service as columns, in blocks of neighbours: a search reads the boxes around
// the blocks, then the blocks near by.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "routing/receiver.h"

namespace meridian::routing {

struct Policy;  // directory.h

/// A point on the unit sphere. Chords between such points order like distances, and in float they
/// are good to a metre.
struct Point {
  float x = 0;
  float y = 0;
  float z = 0;
};
Point point_of(const Position& position);
float squared_chord(const Point& a, const Point& b);
float squared_chord_of(double km);
double km_of(float squared_chord);

/// What of a receiver is the same for all who ask, in a few bits and numbers.
struct Traits {
  enum Bit : std::uint32_t {
    manual = 1,
    electro = 2,
    physical = 4,
    virtually = 8,
    usable = 16,     ///< takes new patients, is not paused, states what the site requires
    look_again = 32  ///< the columns are not the whole truth: ask fits()
  };
  static constexpr std::int32_t no_end = 0x7fffffff;

  std::uint32_t bits = 0;
  std::int32_t until = no_end;  ///< last day since 1970 on which licence and agreement hold
  std::uint32_t state = 0;      ///< of the licence; 0: any
  std::uint32_t networks = 0;   ///< NetworkBits; 0: not stated
};
/// All but the networks.
Traits traits_of(const Receiver& receiver, const Policy& policy);

/// A bit per name of a network: the most frequent have one of their own, the others share the last.
class NetworkBits {
 public:
  static constexpr std::uint32_t shared = std::uint32_t{1} << 31;

  NetworkBits() = default;
  explicit NetworkBits(const std::vector<Receiver>& receivers);
  /// Lists with a name in common have a bit in common; one that is not `shared` proves it. A name
  /// that no receiver states has no bit.
  std::uint32_t of(const std::vector<std::string>& names) const;

 private:
  std::unordered_map<std::string, std::uint32_t> bits_;
};

/// A number for a state's code; never 0, and equal for equal codes only.
std::uint32_t state_number(std::string_view code);

constexpr int block_size = 64;

/// Columns of up to 64 receivers that are neighbours, by rank. Unused places are at the end, and
/// out of this world.
struct Block {
  alignas(32) std::array<float, block_size> x;
  alignas(32) std::array<float, block_size> y;
  alignas(32) std::array<float, block_size> z;
  alignas(32) std::array<std::uint32_t, block_size> bits;
  alignas(32) std::array<std::int32_t, block_size> until;
  alignas(32) std::array<std::uint32_t, block_size> state;
  alignas(32) std::array<std::uint32_t, block_size> networks;
  alignas(32) std::array<std::int32_t, block_size> rank;  ///< index in Directory::receivers()
};

/// Eight boxes around blocks.
struct Boxes {
  alignas(32) std::array<std::array<float, 8>, 3> low;
  alignas(32) std::array<std::array<float, 8>, 3> high;
};

/// Lists of receivers for those who have no position, or ask without one.
struct PlaceOrder {
  std::vector<std::uint32_t> by_area;   ///< by the first three of the postal code, then rank
  std::vector<std::uint32_t> by_state;  ///< by state, then rank
  std::vector<std::uint32_t> all;       ///< by rank
};

struct Partition {
  std::vector<Boxes> boxes;  ///< of blocks 0 to 7, 8 to 15 ...
  std::vector<Block> blocks;
  std::vector<std::int32_t> first_rank;  ///< the smallest rank in each block
  PlaceOrder unplaced;                   ///< have no position
  PlaceOrder everybody;

  std::size_t size() const { return everybody.all.size(); }
  std::size_t bytes() const;
};

/// `ranks` are indices in `receivers`, ascending.
Partition make_partition(const std::vector<Receiver>& receivers, const std::vector<Traits>& traits,
                         std::vector<std::uint32_t> ranks);

/// The first three characters of a postal code; empty when it has fewer.
std::string_view postal_area(std::string_view postal_code);

}  // namespace meridian::routing
