// SPDX-License-Identifier: Apache-2.0
#include "routing/partition.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

namespace meridian::routing {
namespace {

constexpr double earth_km = 6371.0088;  // mean radius, IUGG

struct Placed {
  Point at;
  std::uint32_t rank;
};

float along(const Point& point, int axis) {
  return axis == 0 ? point.x : axis == 1 ? point.y : point.z;
}

int widest_axis(std::span<const Placed> some) {
  int widest = 0;
  float most = -1;
  for (int axis = 0; axis < 3; ++axis) {
    const auto [low, high] = std::minmax_element(
        some.begin(), some.end(),
        [&](const Placed& a, const Placed& b) { return along(a.at, axis) < along(b.at, axis); });
    const float width = along(high->at, axis) - along(low->at, axis);
    if (width > most) {
      most = width;
      widest = axis;
    }
  }
  return widest;
}

/// Halves along the widest axis until one block is left; all blocks but one come out full.
void gather_neighbours(std::span<Placed> some) {
  if (some.size() <= block_size) return;
  const std::size_t half = (some.size() / 2 + block_size - 1) / block_size * block_size;
  const int axis = widest_axis(some);
  std::nth_element(some.begin(), some.begin() + static_cast<std::ptrdiff_t>(half), some.end(),
                   [&](const Placed& a, const Placed& b) {
                     if (along(a.at, axis) != along(b.at, axis)) {
                       return along(a.at, axis) < along(b.at, axis);
                     }
                     return a.rank < b.rank;
                   });
  gather_neighbours(some.first(half));
  gather_neighbours(some.subspan(half));
}

constexpr float nowhere = 8;  // farther than any limit from every point of the sphere

Block make_block(std::span<const Placed> some, const std::vector<Traits>& all_traits) {
  Block block{};
  for (auto& eight : block.eights) {
    eight.x.fill(nowhere);
    eight.y.fill(nowhere);
    eight.z.fill(nowhere);
    eight.rank.fill(no_rank);
  }
  for (std::size_t i = 0; i < some.size(); ++i) {
    const auto& traits = all_traits[some[i].rank];
    auto& eight = block.eights[i / 8];
    eight.x[i % 8] = some[i].at.x;
    eight.y[i % 8] = some[i].at.y;
    eight.z[i % 8] = some[i].at.z;
    eight.rank[i % 8] = static_cast<std::int32_t>(some[i].rank);
    eight.bits[i % 8] = traits.bits;
    eight.held[i % 8] = traits.held;
    block.homes[i] = traits.home;
    eight.networks_low[i % 8] = static_cast<std::uint32_t>(traits.networks);
    eight.networks_high[i % 8] = static_cast<std::uint32_t>(traits.networks >> 32);
  }
  return block;
}

Summary summary_of(std::span<const Placed> some, const std::vector<Traits>& all_traits) {
  Summary summary;
  summary.first_rank = static_cast<std::int32_t>(some.front().rank);
  for (const auto& one : some) {
    summary.networks |= all_traits[one.rank].networks;
    summary.homes |= home_bits(all_traits[one.rank].home);
  }
  return summary;
}

void add_box(Partition& partition, std::span<const Placed> some) {
  const auto number = partition.placed++;
  if (number % 8 == 0) {
    auto& boxes = partition.boxes.emplace_back();
    for (auto* side : {&boxes.low, &boxes.high}) {
      for (auto& axis : *side) axis.fill(nowhere);
    }
  }
  auto& boxes = partition.boxes.back();
  for (unsigned axis = 0; axis < 3; ++axis) {
    float low = nowhere;
    float high = -nowhere;
    for (const auto& one : some) {
      low = std::min(low, along(one.at, static_cast<int>(axis)));
      high = std::max(high, along(one.at, static_cast<int>(axis)));
    }
    boxes.low[axis][number % 8] = low;
    boxes.high[axis][number % 8] = high;
  }
}

/// Cuts neighbours into blocks, and puts those with small ranks first.
std::vector<std::span<Placed>> cut(std::span<Placed> all) {
  std::vector<std::span<Placed>> blocks;
  for (std::size_t at = 0; at < all.size(); at += block_size) {
    const auto some = all.subspan(at, std::min<std::size_t>(block_size, all.size() - at));
    std::ranges::sort(some, {}, &Placed::rank);
    blocks.push_back(some);
  }
  std::ranges::sort(blocks, {}, [](const auto& some) { return some.front().rank; });
  return blocks;
}

void add_block(Partition& partition, std::span<const Placed> some,
               const std::vector<Traits>& traits) {
  partition.blocks.push_back(make_block(some, traits));
  partition.summaries.push_back(summary_of(some, traits));
}

}  // namespace

Point point_of(const Position& position) {
  constexpr double degree = std::numbers::pi / 180;
  const auto latitude = static_cast<float>(position.latitude * degree);
  const auto longitude = static_cast<float>(position.longitude * degree);
  return {std::cos(latitude) * std::cos(longitude), std::cos(latitude) * std::sin(longitude),
          std::sin(latitude)};
}

float squared_chord(const Point& a, const Point& b) {
  const float x = a.x - b.x;
  const float y = a.y - b.y;
  const float z = a.z - b.z;
  return x * x + y * y + z * z;
}

float squared_chord_of(double km) {
  const double half = std::sin(std::min(km / earth_km, std::numbers::pi) / 2);
  return static_cast<float>(4 * half * half);
}

double km_of(float chord) {
  return 2 * std::asin(std::min(1.0, std::sqrt(static_cast<double>(chord)) / 2)) * earth_km;
}

std::uint64_t home_bits(std::uint32_t home) {
  constexpr std::uint32_t spread = 2654435769;  // 2^32 over the golden ratio: Knuth, TAOCP 6.4
  const auto bit = [](std::uint32_t number, unsigned from) {
    return number == 0 ? 0 : std::uint64_t{1} << (from + (number * spread >> 27));
  };
  return bit(home >> Traits::home_state_at, 0) | bit(home >> Traits::home_area_at & 0xffff, 32);
}

std::size_t Partition::bytes() const {
  return boxes.size() * sizeof(Boxes) + blocks.size() * sizeof(Block) +
         summaries.size() * sizeof(Summary);
}

Partition make_partition(const std::vector<Receiver>& receivers, const std::vector<Traits>& traits,
                         const std::vector<std::uint32_t>& ranks) {
  Partition partition;
  partition.size = ranks.size();
  std::vector<Placed> placed;
  std::vector<Placed> unplaced;
  for (const auto rank : ranks) {
    const auto& position = receivers[rank].position;
    if (position) placed.push_back({point_of(*position), rank});
    if (!position) unplaced.push_back({{nowhere, nowhere, nowhere}, rank});
  }
  gather_neighbours(placed);
  for (const auto some : cut(placed)) {
    add_box(partition, some);
    add_block(partition, some, traits);
  }
  // Whoever has no position is a neighbour by state and postal area.
  std::ranges::stable_sort(unplaced, {}, [&](const Placed& one) { return traits[one.rank].home; });
  for (const auto some : cut(unplaced)) add_block(partition, some, traits);
  return partition;
}

}  // namespace meridian::routing
