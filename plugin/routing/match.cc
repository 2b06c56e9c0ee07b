// SPDX-License-Identifier: Apache-2.0
#include "routing/match.h"

#include <algorithm>
#include <map>

namespace meridian::routing {
namespace {

constexpr std::uint32_t full_share = 64;

// Places of the parts of a key; the rank takes the lower half.
constexpr unsigned share_at = 32;
constexpr unsigned pace_at = 42;
constexpr unsigned band_at = 44;
constexpr unsigned language_at = 47;
constexpr unsigned network_at = 49;
constexpr unsigned unknown_at = 51;
constexpr unsigned full_at = 52;

std::uint64_t part(std::uint64_t value, unsigned at) {
  return value << at;
}

/// The best so far, best first.
class Best {
 public:
  void add(std::uint64_t key, std::uint32_t receiver) {
    if (full() && key >= worst()) return;
    if (!full()) ++size_;
    auto* at = &list_[static_cast<std::size_t>(size_) - 1];
    for (; at != list_.data() && at[-1].key > key; --at) *at = at[-1];
    *at = {key, receiver};
  }
  bool full() const { return size_ == std::ptrdiff_t{most_shown}; }
  /// Ranks from which on nothing whose key begins with these upper parts can come in any more.
  std::int32_t limit(std::uint64_t upper) const {
    constexpr unsigned half = 32;
    if (!full()) return Traits::no_end;
    if (upper >> half != worst() >> half) {
      return upper >> half < worst() >> half ? Traits::no_end : 0;
    }
    return static_cast<std::int32_t>(worst() & 0xffffffff);
  }
  std::vector<Match> list() const { return {list_.begin(), list_.begin() + size_}; }

 private:
  std::uint64_t worst() const { return list_[static_cast<std::size_t>(size_) - 1].key; }

  std::array<Match, most_shown> list_;
  std::ptrdiff_t size_ = 0;
};

/// The least key of a receiver in this band.
std::uint64_t least_key(Known network, Band band) {
  return part(band == Band::unknown ? 1 : 0, unknown_at) |
         part(static_cast<std::uint64_t>(network), network_at) |
         part(static_cast<std::uint64_t>(band), band_at);
}

Probe probe_of(const Ask& ask, const Directory& directory) {
  constexpr std::uint32_t nobody = std::uint32_t{1} << 31;
  Probe probe;
  if (ask.patient.position) probe.at = point_of(*ask.patient.position);
  probe.limit = directory.bands().back();
  probe.need = Traits::usable | (ask.modality == "manual"    ? Traits::manual
                                 : ask.modality == "electro" ? Traits::electro
                                                             : nobody);
  if (ask.visit_mode == "physical") probe.need |= Traits::physical;
  if (ask.visit_mode == "virtual") probe.need |= Traits::virtually;
  probe.on = static_cast<std::int32_t>(ask.on.time_since_epoch().count());
  const bool by_patient = directory.policy().licence_where_patient_lives;
  probe.state = by_patient ? state_number(ask.patient.state) : 0;
  probe.network_known = !ask.patient.networks.empty();
  probe.networks = directory.networks().of(ask.patient.networks);
  return probe;
}

class Search {
 public:
  Search(const Directory& directory, const Ask& ask, const Scans& scans)
      : directory_(directory), ask_(ask), scans_(scans) {}

  /// What the columns do not tell of receivers with a connection.
  void note(const Loads& loads) {
    for (const auto& load : loads) {
      for (const auto rank : directory_.receivers_at(load.destination)) special_[rank] = &load;
    }
    for (const auto& destination : ask_.declined) {
      for (const auto rank : directory_.receivers_at(destination)) special_.try_emplace(rank);
    }
  }

  void run(const Partition& partition) {
    if (partition.size() <= shown_whole) {
      for (const auto rank : partition.everybody.all) look(rank, true);
      return;
    }
    for (const auto& [rank, load] : special_) {
      if (receiver(rank).service == ask_.service) look(rank, false);
    }
    probe_ = probe_of(ask_, directory_);
    if (ask_.visit_mode == "virtual") {
      consider(partition.everybody.all, Band::km_10);
    } else if (ask_.patient.position) {
      by_position(partition);
      by_place(partition.unplaced);
    } else {
      by_place(partition.everybody);
    }
  }

  std::vector<Match> fitting() const { return fitting_.list(); }
  std::vector<Match> left_out() const { return left_out_.list(); }

 private:
  const Receiver& receiver(std::uint32_t rank) const { return directory_.receivers()[rank]; }
  bool is_special(std::uint32_t rank) const {
    return !special_.empty() && special_.find(rank) != special_.end();
  }

  /// Looks at one receiver with all that is known of it.
  void look(std::uint32_t rank, bool show_any_distance) {
    const auto one = look_at(receiver(rank), ask_, directory_);
    const auto load = special_.find(rank);
    if (fits(one)) {
      fitting_.add(order_key(one, load == special_.end() ? nullptr : load->second, rank), rank);
    } else if (show_any_distance || is_near(one)) {
      left_out_.add(left_out_key(one.distance.band, rank), rank);
    }
  }

  /// Only ranks before these can come in from a band, per network_class.
  std::array<std::int32_t, 3> fits_below(Band band) const {
    return {fitting_.limit(least_key(Known::yes, band)),
            fitting_.limit(least_key(Known::not_stated, band)),
            fitting_.limit(least_key(Known::no, band))};
  }

  /// Nearest blocks first, and of a band those with small ranks, so that most of those behind can
  /// be passed over.
  void by_position(const Partition& partition) {
    constexpr std::size_t usual = 64;
    near_.reserve(usual);
    scans_.boxes(partition.boxes, probe_, near_);
    for (auto& near : near_) {
      near.order = left_out_key(band_of(near.chord, directory_),
                                static_cast<std::uint32_t>(partition.first_rank[near.block]));
    }
    std::ranges::sort(near_, {}, &NearBlock::order);
    for (const auto& near : near_) {
      const auto band = band_of(near.chord, directory_);
      probe_.fits_below = fits_below(band);
      probe_.left_below = left_out_.limit(left_out_key(band, 0));
      const auto first = partition.first_rank[near.block];
      if (first >= probe_.fits_below[0] && first >= probe_.left_below) continue;
      scans_.block(partition.blocks[near.block], probe_, scanned_);
      take(partition.blocks[near.block]);
    }
  }

  void take(const Block& block) {
    for (auto bits = scanned_.fits; bits != 0; bits &= bits - 1) {
      const auto i = static_cast<unsigned>(__builtin_ctzll(bits));
      const auto band = band_of(scanned_.chord[i], directory_);
      const auto network = static_cast<Known>(network_class(block.networks[i], probe_));
      const auto least = least_key(network, band);
      if (block.rank[i] >= fitting_.limit(least)) continue;
      const auto rank = static_cast<std::uint32_t>(block.rank[i]);
      if (is_sure(block.networks[i])) {
        if (!is_special(rank)) fitting_.add(least | rank, rank);
      } else {
        add(rank, band, true);
      }
    }
    for (auto bits = scanned_.left; bits != 0; bits &= bits - 1) {
      const auto i = static_cast<unsigned>(__builtin_ctzll(bits));
      add(static_cast<std::uint32_t>(block.rank[i]), band_of(scanned_.chord[i], directory_), false);
    }
    for (auto bits = scanned_.again; bits != 0; bits &= bits - 1) {
      const auto i = static_cast<unsigned>(__builtin_ctzll(bits));
      const auto rank = static_cast<std::uint32_t>(block.rank[i]);
      const auto band = band_of(scanned_.chord[i], directory_);
      if (!can_come_in(rank, band, true)) continue;
      add(rank, band, fits({receiver(rank), ask_, directory_, {band, true}}));
    }
  }

  /// True when the columns tell the whole key of a receiver without offers.
  bool is_sure(std::uint32_t networks) const {
    const bool may_share_a_name = (networks & probe_.networks & NetworkBits::shared) != 0;
    const bool shares_one = (networks & probe_.networks & ~NetworkBits::shared) != 0;
    return ask_.patient.language.empty() &&
           (!probe_.network_known || shares_one || !may_share_a_name);
  }

  /// A receiver whose distance and fitness are known, without offers lately.
  void add(std::uint32_t rank, Band band, bool fit) {
    if (is_special(rank)) return;
    if (!fit) return left_out_.add(left_out_key(band, rank), rank);
    const Look one{receiver(rank), ask_, directory_, {band, true}};
    fitting_.add(order_key(one, nullptr, rank), rank);
  }

  /// Those of the same postal area, then those of the state, then all others.
  void by_place(const PlaceOrder& order) {
    const auto area = postal_area(ask_.patient.postal_code);
    const auto& state = ask_.patient.state;
    if (!area.empty()) {
      const auto less = [](std::string_view a, std::string_view b) { return a < b; };
      const auto key = [&](std::uint32_t rank) { return postal_area(receiver(rank).postal_code); };
      const auto same = std::ranges::equal_range(order.by_area, area, less, key);
      for (const auto rank : same) {
        if (can_come_in(rank, Band::km_10, true) && !is_special(rank)) look(rank, false);
      }
    }
    if (!state.empty()) {
      const auto key = [&](std::uint32_t rank) -> const std::string& {
        return receiver(rank).state;
      };
      const auto same = std::ranges::equal_range(order.by_state, state, std::less<>{}, key);
      consider(std::span(same.begin(), same.end()), Band::radius);
    }
    consider(order.all, Band::unknown);
  }

  /// By the columns alone. `band` is the nearest it can be in.
  bool can_come_in(std::uint32_t rank, Band band, bool show_left_out) const {
    const auto& traits = directory_.traits(rank);
    const bool may = may_fit(traits, probe_);
    const auto network = static_cast<Known>(network_class(traits.networks, probe_));
    const auto number = static_cast<std::int32_t>(rank);
    if (may && number < fitting_.limit(least_key(network, band))) return true;
    const bool sure = may && (traits.bits & Traits::look_again) == 0;
    return show_left_out && !sure && number < left_out_.limit(left_out_key(band, 0));
  }

  /// Those of one band, in the order of rank; ends when no later one could come in.
  void consider(std::span<const std::uint32_t> ranks, Band band) {
    for (const auto rank : ranks) {
      if (static_cast<std::int32_t>(rank) >= fitting_.limit(least_key(Known::yes, band))) return;
      if (!can_come_in(rank, band, false) || is_special(rank)) continue;
      const auto one = look_at(receiver(rank), ask_, directory_);
      if (one.distance.band == band && fits(one)) {
        fitting_.add(order_key(one, nullptr, rank), rank);
      }
    }
  }

  const Directory& directory_;
  const Ask& ask_;
  const Scans& scans_;
  /// Receivers that the columns do not tell all about: with offers lately, or that declined.
  std::map<std::uint32_t, const Load*> special_;
  Best fitting_;
  Best left_out_;
  Probe probe_;
  std::vector<NearBlock> near_;
  Scanned scanned_;
};

}  // namespace

bool is_near(const Look& look) {
  if (look.ask.visit_mode == "virtual") return false;
  return look.distance.measured ? look.distance.band < Band::unknown
                                : look.distance.band <= Band::km_25;
}

Pace pace_of(const Load* load) {
  constexpr int enough = 3;
  if (load == nullptr || load->answered < enough) return Pace::day_or_unknown;
  if (load->mean_answer <= std::chrono::hours(24)) return Pace::day_or_unknown;
  return load->mean_answer <= std::chrono::hours(72) ? Pace::three_days : Pace::slower;
}

std::uint32_t share_of(const Receiver& receiver, const Load* load, const Policy& policy) {
  if (load == nullptr) return 0;
  const int capacity = receiver.capacity_per_week.value_or(policy.capacity_per_week);
  if (capacity <= 0) return full_share;
  const auto parts = static_cast<std::uint32_t>(load->this_week) * full_share;
  return std::min<std::uint32_t>(parts / static_cast<std::uint32_t>(capacity), 1023);
}

std::uint64_t order_key(const Look& look, const Load* load, std::uint32_t rank) {
  const auto share = share_of(look.receiver, load, look.directory.policy());
  const auto as_number = [](auto value) { return static_cast<std::uint64_t>(value); };
  return part(share >= full_share ? 1 : 0, full_at) |
         least_key(in_network(look.receiver, look.ask), look.distance.band) |
         part(as_number(speaks(look.receiver, look.ask)), language_at) |
         part(as_number(pace_of(load)), pace_at) | part(share, share_at) | rank;
}

std::uint64_t left_out_key(Band band, std::uint32_t rank) {
  return part(static_cast<std::uint64_t>(band), share_at) | rank;
}

Matches find(const Directory& directory, const Ask& ask, const Loads& loads, const Scans& scans) {
  Matches matches;
  if (const auto* connected = directory.partition(ask.service, true)) {
    Search search(directory, ask, scans);
    search.note(loads);
    search.run(*connected);
    matches = {search.fitting(), search.left_out()};
  }
  const auto* others = directory.partition(ask.service, false);
  if (others == nullptr || matches.fitting.size() == most_shown) return matches;
  Search search(directory, ask, scans);
  search.run(*others);
  for (const auto& match : search.fitting()) {
    if (matches.fitting.size() < most_shown) matches.fitting.push_back(match);
  }
  return matches;
}

}  // namespace meridian::routing
