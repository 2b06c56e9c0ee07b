// SPDX-License-Identifier: Apache-2.0
#include "routing/partition.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

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

Block make_block(std::span<const Placed> some, const std::vector<Traits>& all_traits) {
  constexpr float nowhere = 8;
  Block block{};
  block.x.fill(nowhere);
  block.y.fill(nowhere);
  block.z.fill(nowhere);
  block.rank.fill(Traits::no_end);
  for (std::size_t i = 0; i < some.size(); ++i) {
    const auto& traits = all_traits[some[i].rank];
    block.x[i] = some[i].at.x;
    block.y[i] = some[i].at.y;
    block.z[i] = some[i].at.z;
    block.bits[i] = traits.bits;
    block.until[i] = traits.until;
    block.state[i] = traits.state;
    block.networks[i] = traits.networks;
    block.rank[i] = static_cast<std::int32_t>(some[i].rank);
  }
  return block;
}

Boxes no_boxes() {
  constexpr float nowhere = 8;
  Boxes boxes;
  for (unsigned axis = 0; axis < 3; ++axis) {
    boxes.low[axis].fill(nowhere);
    boxes.high[axis].fill(nowhere);
  }
  return boxes;
}

/// Those of a block stand by rank, so that a scan can end at the first that comes too late.
void add_block(Partition& partition, std::span<Placed> some, const std::vector<Traits>& traits) {
  std::sort(some.begin(), some.end(),
            [](const Placed& a, const Placed& b) { return a.rank < b.rank; });
  const auto number = partition.blocks.size();
  if (number % 8 == 0) partition.boxes.push_back(no_boxes());
  auto& boxes = partition.boxes.back();
  for (unsigned axis = 0; axis < 3; ++axis) {
    float low = 8;
    float high = -8;
    for (const auto& one : some) {
      low = std::min(low, along(one.at, static_cast<int>(axis)));
      high = std::max(high, along(one.at, static_cast<int>(axis)));
    }
    boxes.low[axis][number % 8] = low;
    boxes.high[axis][number % 8] = high;
  }
  partition.blocks.push_back(make_block(some, traits));
  partition.first_rank.push_back(static_cast<std::int32_t>(some.front().rank));
}

PlaceOrder place_order(const std::vector<Receiver>& receivers, std::vector<std::uint32_t> ranks) {
  PlaceOrder order;
  order.all = std::move(ranks);
  order.by_area = order.by_state = order.all;
  std::stable_sort(order.by_area.begin(), order.by_area.end(), [&](auto a, auto b) {
    return postal_area(receivers[a].postal_code) < postal_area(receivers[b].postal_code);
  });
  std::stable_sort(order.by_state.begin(), order.by_state.end(),
                   [&](auto a, auto b) { return receivers[a].state < receivers[b].state; });
  return order;
}

std::size_t bytes_of(const PlaceOrder& order) {
  return (order.by_area.size() + order.by_state.size() + order.all.size()) * sizeof(std::uint32_t);
}

}  // namespace

Point point_of(const Position& position) {
  constexpr double degree = std::numbers::pi / 180;
  const double latitude = position.latitude * degree;
  const double longitude = position.longitude * degree;
  return {static_cast<float>(std::cos(latitude) * std::cos(longitude)),
          static_cast<float>(std::cos(latitude) * std::sin(longitude)),
          static_cast<float>(std::sin(latitude))};
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

std::uint32_t state_number(std::string_view code) {
  std::uint32_t number = 0;
  for (const char c : code.substr(0, 4)) number = number << 8 | static_cast<unsigned char>(c);
  return number;
}

NetworkBits::NetworkBits(const std::vector<Receiver>& receivers) {
  std::unordered_map<std::string, std::size_t> counts;
  for (const auto& receiver : receivers) {
    for (const auto& name : receiver.networks) ++counts[name];
  }
  std::vector<std::pair<std::size_t, std::string>> names;
  for (const auto& [name, count] : counts) names.emplace_back(count, name);
  std::sort(names.begin(), names.end(), std::greater<>{});
  for (std::size_t i = 0; i < names.size(); ++i) {
    constexpr std::size_t own = 31;
    bits_[names[i].second] = i < own ? std::uint32_t{1} << i : shared;
  }
}

std::uint32_t NetworkBits::of(const std::vector<std::string>& names) const {
  std::uint32_t bits = 0;
  for (const auto& name : names) {
    const auto found = bits_.find(name);
    if (found != bits_.end()) bits |= found->second;
  }
  return bits;
}

std::string_view postal_area(std::string_view postal_code) {
  return postal_code.size() < 3 ? std::string_view() : postal_code.substr(0, 3);
}

std::size_t Partition::bytes() const {
  return boxes.size() * sizeof(Boxes) + blocks.size() * sizeof(Block) +
         first_rank.size() * sizeof(std::int32_t) + bytes_of(unplaced) + bytes_of(everybody);
}

Partition make_partition(const std::vector<Receiver>& receivers, const std::vector<Traits>& traits,
                         std::vector<std::uint32_t> ranks) {
  Partition partition;
  std::vector<Placed> placed;
  std::vector<std::uint32_t> unplaced;
  for (const auto rank : ranks) {
    const auto& position = receivers[rank].position;
    if (position) placed.push_back({point_of(*position), rank});
    if (!position) unplaced.push_back(rank);
  }
  gather_neighbours(placed);
  const std::span<Placed> all(placed);
  for (std::size_t at = 0; at < all.size(); at += block_size) {
    const auto size = std::min<std::size_t>(block_size, all.size() - at);
    add_block(partition, all.subspan(at, size), traits);
  }
  partition.unplaced = place_order(receivers, std::move(unplaced));
  partition.everybody = place_order(receivers, std::move(ranks));
  return partition;
}

}  // namespace meridian::routing
