// SPDX-License-Identifier: Apache-2.0
#include "routing/match.h"

#include <algorithm>
#include <limits>
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

/// The keys of the best so far, best first. The lower half of each is the receiver's rank.
class Best {
 public:
  Best() { keys_.fill(none); }

  bool takes(std::uint64_t key) const { return key < keys_.back(); }
  /// Written so that it becomes moves and no branch: where a key comes to stand cannot be foreseen.
  void add(std::uint64_t key) {
#pragma GCC unroll 9
    for (std::size_t i = keys_.size() - 1; i > 0; --i) {
      const auto before = keys_[i - 1];
      const auto here = key < keys_[i] ? key : keys_[i];
      keys_[i] = before > here ? before : here;
    }
    keys_[0] = key < keys_[0] ? key : keys_[0];
  }
  /// Ranks from which on nothing whose key begins with these upper parts can come in any more.
  std::int32_t limit(std::uint64_t upper) const {
    const auto last = keys_.back();
    if (upper >> share_at == last >> share_at) return static_cast<std::int32_t>(last & rank_mask);
    return upper < last ? no_rank : 0;
  }
  MatchList list() const {
    MatchList matches;
    for (const auto key : keys_) {
      if (key != none) matches.push_back({key, static_cast<std::uint32_t>(key & rank_mask)});
    }
    return matches;
  }

 private:
  static constexpr auto none = std::numeric_limits<std::uint64_t>::max();
  static constexpr std::uint64_t rank_mask = (std::uint64_t{1} << share_at) - 1;

  std::array<std::uint64_t, most_shown> keys_;
};

/// The least key of a receiver in this band.
std::uint64_t least_key(Known network, Band band) {
  return part(band == Band::unknown ? 1 : 0, unknown_at) |
         part(static_cast<std::uint64_t>(network), network_at) |
         part(static_cast<std::uint64_t>(band), band_at);
}

constexpr auto anywhere = std::numeric_limits<float>::infinity();

/// Where Traits::bits has the ages that a receiver takes; when it is not known, any is met.
std::uint32_t ages_of(const std::optional<int>& age) {
  constexpr std::uint32_t met = 0xffffffff;
  constexpr std::uint32_t others = 0xffff;
  if (!age) return met;
  const auto years = static_cast<std::uint32_t>(std::clamp(*age, 0, 254));
  return years << Traits::age_from_at | (255 - years) << Traits::age_to_at | others;
}

Probe probe_of(const Ask& ask, const Directory& directory) {
  constexpr std::uint32_t nobody = Traits::look_again << 1;
  Probe probe;
  if (ask.patient.position) probe.at = point_of(*ask.patient.position);
  probe.need = Traits::usable | (ask.modality == "manual"    ? Traits::manual
                                 : ask.modality == "electro" ? Traits::electro
                                                             : nobody);
  if (ask.visit_mode == "physical") probe.need |= Traits::physical;
  if (ask.visit_mode == "virtual") probe.need |= Traits::virtually;
  std::copy_n(directory.bands().begin(), probe.bands.size(), probe.bands.begin());
  probe.ages = ages_of(ask.patient.age);
  probe.on = day_number(ask.on);
  const bool by_patient = directory.policy().licence_where_patient_lives;
  probe.licence = by_patient ? state_number(ask.patient.state) : 0;
  probe.network_known = !ask.patient.networks.empty();
  if (probe.network_known) probe.again |= Traits::of_networks;
  probe.networks = directory.names().networks.of(ask.patient.networks);
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
    if (partition.size <= shown_whole) return look_at_all(partition);
    for (const auto& [rank, load] : special_) {
      if (receiver(rank).service == ask_.service) look(rank, false);
    }
    probe_ = probe_of(ask_, directory_);
    if (!ask_.patient.language.empty()) {
      language_ = directory_.names().languages.of(language_name(ask_.patient.language));
    }
    names_are_sure_ = (probe_.networks & directory_.names().networks.shared()) == 0 &&
                      (language_ & directory_.names().languages.shared()) == 0;
    if (ask_.visit_mode == "virtual") {
      by_place(partition, 0, {0, 0, Band::km_10, false});
    } else if (ask_.patient.position) {
      by_position(partition);
      by_places(partition, partition.placed);
    } else {
      by_places(partition, 0);
    }
  }

  MatchList fitting() const { return fitting_.list(); }
  MatchList left_out() const { return left_out_.list(); }

 private:
  const Receiver& receiver(std::uint32_t rank) const { return directory_.receivers()[rank]; }
  bool is_special(std::uint32_t rank) const {
    return !special_.empty() && special_.find(rank) != special_.end();
  }

  void look_at_all(const Partition& partition) {
    for (const auto& block : partition.blocks) {
      for (unsigned i = 0; i < block_size && block.rank(i) < no_rank; ++i) {
        look(static_cast<std::uint32_t>(block.rank(i)), true);
      }
    }
  }

  /// Looks at one receiver with all that is known of it.
  void look(std::uint32_t rank, bool show_any_distance) {
    const auto one = look_at(receiver(rank), ask_, directory_);
    const auto load = special_.find(rank);
    if (fits(one)) {
      fitting_.add(order_key(one, load == special_.end() ? nullptr : load->second, rank));
    } else if (show_any_distance || is_near(one)) {
      left_out_.add(left_out_key(one.distance.band, rank));
    }
  }

  /// Only ranks before these can come in from a band, per network_class.
  std::array<std::int32_t, 3> fits_below(Band band) const {
    return {fitting_.limit(least_key(Known::yes, band)),
            fitting_.limit(least_key(Known::not_stated, band)),
            fitting_.limit(least_key(Known::no, band))};
  }

  /// What can come in from a band, as far as the lists are filled.
  void limit_to(Band band) {
    probe_.fits_below = fits_below(band);
    probe_.left_below = left_out_.limit(left_out_key(band, 0));
  }

  /// Nearest bands first, and of a band the blocks with small ranks, so that most of those behind
  /// can be passed over.
  void by_position(const Partition& partition) {
    near_.clear();
    probe_.limit = directory_.bands().back();
    scans_.boxes(partition.boxes, probe_, near_);
    for (auto& near : near_) {
      __builtin_prefetch(&partition.summaries[near.block]);
      near.band = band_of(near.chord, directory_);
    }
    for (const auto& near : near_) prefetch(partition.blocks[near.block]);
    for (const auto band : {Band::km_10, Band::km_25, Band::km_50, Band::radius}) {
      for (const auto& near : near_) {
        if (near.band != band) continue;
        limit_to(band);
        if (!may_hold_one(partition.summaries[near.block], probe_)) continue;
        scans_.block(partition.blocks[near.block], probe_, scanned_);
        take(partition.blocks[near.block]);
      }
    }
  }

  void take(const Block& block) {
    each_of(scanned_.fits, [&](unsigned i) {
      const auto rank = static_cast<std::uint32_t>(block.rank(i));
      const auto band = scanned_.band[i];
      const auto key = key_of(band, block, i) | rank;
      if (fitting_.takes(key) && !is_special(rank)) {
        fitting_.add(is_sure(block, i) ? key
                                       : order_key(look_from_here(rank, band), nullptr, rank));
      }
    });
    each_of(scanned_.left, [&](unsigned i) {
      leave_out(static_cast<std::uint32_t>(block.rank(i)), scanned_.band[i]);
    });
    each_of(scanned_.again, [&](unsigned i) {
      const auto rank = static_cast<std::uint32_t>(block.rank(i));
      const auto band = scanned_.band[i];
      const auto key = key_of(band, block, i) | rank;
      const bool of_use = fitting_.takes(key) || left_out_.takes(left_out_key(band, rank));
      if (!of_use || is_special(rank)) return;
      const auto one = look_from_here(rank, band);
      if (!fits_in_the_rest(one)) return leave_out(rank, band);
      fitting_.add(is_sure(block, i) ? key : order_key(one, nullptr, rank));
    });
  }

  Look look_from_here(std::uint32_t rank, Band band) const {
    return {receiver(rank), ask_, directory_, {band, true}};
  }

  /// What a scan of the block reads first: most of a search is waiting for memory.
  static void prefetch(const Block& block) {
    for (std::size_t i = 0; i < 2; ++i) routing::prefetch(block.eights[i]);
  }

  template <typename Work>
  static void each_of(std::uint64_t bits, const Work& work) {
    for (; bits != 0; bits &= bits - 1) work(static_cast<unsigned>(__builtin_ctzll(bits)));
  }

  void leave_out(std::uint32_t rank, Band band) {
    const auto key = left_out_key(band, rank);
    if (left_out_.takes(key) && !is_special(rank)) left_out_.add(key);
  }

  /// The least key that a receiver without offers can have, but for its rank. It is its key when
  /// the columns are sure of the names.
  std::uint64_t key_of(Band band, const Block& block, unsigned i) const {
    const auto network = static_cast<Known>(network_class(block.networks(i), probe_));
    return least_key(network, band) |
           part(static_cast<std::uint64_t>(language_class(block.bits(i))), language_at);
  }

  Known language_class(std::uint32_t bits) const {
    if (ask_.patient.language.empty()) return Known::yes;
    const auto mine = bits & Traits::languages_mask;
    if (mine == 0) return Known::not_stated;
    return (mine & language_ << Traits::languages_at) != 0 ? Known::yes : Known::no;
  }

  /// True when no name in common may be another one that has the same bit; its names need not be
  /// read then.
  bool is_sure(const Block& block, unsigned i) const {
    if (names_are_sure_) return true;
    const auto& names = directory_.names();
    const auto sure = [](std::uint64_t common, std::uint64_t shared) {
      return common == 0 || (common & ~shared) != 0;
    };
    return sure(block.networks(i) & probe_.networks, names.networks.shared()) &&
           sure(block.bits(i) >> Traits::languages_at & language_, names.languages.shared());
  }

  /// Those of one home or of all, in one band.
  struct Place {
    std::uint32_t home;  ///< as in Traits
    std::uint32_t mask;
    Band band;
    bool show_left_out;
  };

  /// Those of the same place, of the postal area, of the state, then all others; from a block on.
  void by_places(const Partition& partition, std::size_t from) {
    if (from == partition.blocks.size()) return;
    constexpr std::uint32_t state_mask = ~std::uint32_t{0} << Traits::home_state_at;
    constexpr std::uint32_t area_mask = 0xffff << Traits::home_area_at;
    const auto& code = ask_.patient.postal_code;
    const auto area = area_number(code) << Traits::home_area_at;
    const auto state = state_number(ask_.patient.state) << Traits::home_state_at;
    if (area != 0) by_place(partition, from, {place_number(code), ~state_mask, Band::km_10, true});
    if (area != 0) by_place(partition, from, {area, area_mask, Band::km_25, true});
    if (state != 0) by_place(partition, from, {state, state_mask, Band::radius, false});
    by_place(partition, from, {0, 0, Band::unknown, false});
  }

  void by_place(const Partition& partition, std::size_t from, const Place& place) {
    probe_.limit = anywhere;
    probe_.home = place.home;
    probe_.home_mask = place.mask;
    const auto homes = home_bits(place.home);
    for (std::size_t i = from; i < partition.blocks.size(); ++i) {
      const auto& summary = partition.summaries[i];
      if ((summary.homes & homes) != homes) continue;
      limit_to(place.band);
      if (!place.show_left_out) probe_.left_below = 0;
      if (!may_hold_one(summary, probe_)) continue;
      scans_.block(partition.blocks[i], probe_, scanned_);
      take_in(partition.blocks[i], place);
    }
  }

  /// The columns say "perhaps" of a place.
  void take_in(const Block& block, const Place& place) {
    each_of(scanned_.fits | scanned_.again | scanned_.left, [&](unsigned i) {
      const auto rank = static_cast<std::uint32_t>(block.rank(i));
      const bool may_be_left =
          place.show_left_out && left_out_.takes(left_out_key(place.band, rank));
      const bool may_come_in = fitting_.takes(key_of(place.band, block, i) | rank);
      if ((!may_be_left && !may_come_in) || is_special(rank)) return;
      const auto one = look_at(receiver(rank), ask_, directory_);
      if (one.distance.band != place.band) return;
      if (fits(one)) {
        fitting_.add(order_key(one, nullptr, rank));
      } else if (place.show_left_out) {
        left_out_.add(left_out_key(place.band, rank));
      }
    });
  }

  const Directory& directory_;
  const Ask& ask_;
  const Scans& scans_;
  /// Receivers that the columns do not tell all about: with offers lately, or that declined.
  std::map<std::uint32_t, const Load*> special_;
  Best fitting_;
  Best left_out_;
  Probe probe_;
  std::uint64_t language_ = 0;   ///< of Names
  bool names_are_sure_ = false;  ///< no bit of the patient's names has a second name
  std::vector<NearBlock>& near_ = near_blocks();
  Scanned scanned_;

  /// Their place is kept from one search to the next.
  static std::vector<NearBlock>& near_blocks() {
    thread_local std::vector<NearBlock> blocks;
    return blocks;
  }
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
  if (matches.fitting.size() == most_shown) return matches;
  const auto* others = directory.partition(ask.service, false);
  if (others == nullptr) return matches;
  Search search(directory, ask, scans);
  search.run(*others);
  for (const auto& match : search.fitting()) {
    if (matches.fitting.size() < most_shown) matches.fitting.push_back(match);
  }
  return matches;
}

}  // namespace meridian::routing
