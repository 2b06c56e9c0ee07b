// SPDX-License-Identifier: Apache-2.0
#include "bench/flat_scan.h"

#include <algorithm>
#include <immintrin.h>

#define MERIDIAN_AVX2 __attribute__((target("avx2")))

namespace meridian::routing {
namespace {

constexpr unsigned band_at = 44;  // as order_key has it
constexpr unsigned language_at = 47;
constexpr unsigned network_at = 49;
constexpr unsigned unknown_at = 51;

bool can_enter(const MatchList& list, std::uint64_t key) {
  return list.size() < most_shown || key < list.back().key;
}

void keep(MatchList& list, std::uint64_t key, std::uint32_t rank) {
  if (!can_enter(list, key)) return;
  if (list.size() == most_shown) list.pop_back();
  const auto at = std::upper_bound(list.begin(), list.end(), key,
                                   [](std::uint64_t k, const Match& m) { return k < m.key; });
  list.insert(at, {key, rank});
}

MERIDIAN_AVX2 __m256i load(const std::uint32_t* at) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
}
MERIDIAN_AVX2 __m256i all_of(std::uint32_t value) {
  return _mm256_set1_epi32(static_cast<int>(value));
}
MERIDIAN_AVX2 unsigned lanes(__m256i mask) {
  return static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(mask)));
}

}  // namespace

struct FlatScan::Wanted {
  const Ask& ask;
  std::uint32_t service, need, ages, on, licence, place, state;
  bool network_known;
  std::uint64_t networks, languages;
};

namespace {

/// Of eight receivers, those whose columns meet all that was asked for.
template <typename Wanted>
MERIDIAN_AVX2 __m256i may_fit(__m256i bits, __m256i held, const Wanted& wanted) {
  const __m256i zero = _mm256_setzero_si256();
  const __m256i need = all_of(wanted.need);
  const __m256i licence = _mm256_and_si256(held, all_of(0xffff));
  const __m256i able = _mm256_cmpeq_epi32(_mm256_and_si256(bits, need), need);
  const __m256i aged = _mm256_cmpeq_epi32(_mm256_subs_epu8(bits, all_of(wanted.ages)), zero);
  const __m256i valid =
      _mm256_cmpeq_epi32(_mm256_max_epu16(held, all_of(wanted.on << Traits::until_at)), held);
  const __m256i licensed = _mm256_or_si256(_mm256_cmpeq_epi32(licence, zero),
                                           _mm256_cmpeq_epi32(licence, all_of(wanted.licence)));
  return _mm256_and_si256(_mm256_and_si256(able, aged), _mm256_and_si256(valid, licensed));
}

}  // namespace

FlatScan::FlatScan(const Directory& directory) : directory_(directory) {
  for (const auto& receiver : directory.receivers()) add_columns(receiver);
  while (service_.size() % 8 != 0) {
    for (auto* column : {&x_, &y_, &z_}) column->push_back(8);
    for (auto* column : {&service_, &bits_, &held_, &home_}) column->push_back(0);
    networks_.push_back(0);
  }
}

void FlatScan::add_columns(const Receiver& receiver) {
  const auto traits = traits_of(receiver, directory_.policy(), directory_.names());
  const auto at = point_of(*receiver.position);
  x_.push_back(at.x);
  y_.push_back(at.y);
  z_.push_back(at.z);
  if (std::find(services_.begin(), services_.end(), receiver.service) == services_.end()) {
    services_.push_back(receiver.service);
  }
  service_.push_back(service_number(receiver.service));
  bits_.push_back(traits.bits);
  held_.push_back(traits.held);
  home_.push_back(traits.home);
  networks_.push_back(traits.networks);
}

std::uint32_t FlatScan::service_number(const std::string& service) const {
  const auto found = std::find(services_.begin(), services_.end(), service);
  return static_cast<std::uint32_t>(found - services_.begin() + 1);
}

FlatScan::Wanted FlatScan::wanted(const Ask& ask) const {
  const auto& patient = ask.patient;
  const auto& names = directory_.names();
  const auto years = static_cast<std::uint32_t>(patient.age.value_or(0));
  const auto ages = years << Traits::age_from_at | (255 - years) << Traits::age_to_at | 0xffff;
  return {ask,
          service_number(ask.service),
          Traits::usable | (ask.modality == "electro" ? Traits::electro : Traits::manual) |
              (ask.visit_mode == "physical" ? Traits::physical : 0u),
          patient.age ? ages : 0xffffffff,
          day_number(ask.on),
          state_number(patient.state),
          place_number(patient.postal_code),
          state_number(patient.state),
          !patient.networks.empty(),
          names.networks.of(patient.networks),
          patient.language.empty() ? 0 : names.languages.of(language_name(patient.language))};
}

Matches FlatScan::find(const Ask& ask) {
  Matches matches;
  if (ask.patient.position) scan_near(wanted(ask), matches);
  if (!ask.patient.position) scan_places(wanted(ask), matches);
  return matches;
}

MERIDIAN_AVX2 void FlatScan::scan_near(const Wanted& wanted, Matches& matches) const {
  const auto at = point_of(*wanted.ask.patient.position);
  const __m256 x = _mm256_set1_ps(at.x);
  const __m256 y = _mm256_set1_ps(at.y);
  const __m256 z = _mm256_set1_ps(at.z);
  const __m256 limit = _mm256_set1_ps(directory_.bands().back());
  const __m256i service = all_of(wanted.service);
  for (std::size_t i = 0; i < x_.size(); i += 8) {
    const __m256 dx = _mm256_sub_ps(_mm256_loadu_ps(&x_[i]), x);
    const __m256 dy = _mm256_sub_ps(_mm256_loadu_ps(&y_[i]), y);
    const __m256 dz = _mm256_sub_ps(_mm256_loadu_ps(&z_[i]), z);
    const __m256 chord = _mm256_add_ps(_mm256_add_ps(_mm256_mul_ps(dx, dx), _mm256_mul_ps(dy, dy)),
                                       _mm256_mul_ps(dz, dz));
    const __m256i near = _mm256_castps_si256(_mm256_cmp_ps(chord, limit, _CMP_LE_OQ));
    if (_mm256_testz_si256(near, near) != 0) continue;  // most end here, as cheap as can be
    const __m256i ours = _mm256_and_si256(near, _mm256_cmpeq_epi32(load(&service_[i]), service));
    const auto all = lanes(ours);
    if (all == 0) continue;
    const __m256i may = may_fit(load(&bits_[i]), load(&held_[i]), wanted);
    alignas(32) float chords[8];
    _mm256_store_ps(chords, chord);
    Band bands[8];
    for (unsigned lane = 0; lane < 8; ++lane) bands[lane] = band_of(chords[lane], directory_);
    take(wanted, i, lanes(may), bands, all, matches);
  }
}

/// Once ten are found whose state is the patient's, others need no look.
MERIDIAN_AVX2 void FlatScan::scan_places(const Wanted& wanted, Matches& matches) const {
  const __m256i service = all_of(wanted.service);
  const __m256i state = all_of(wanted.state);
  const __m256i area = all_of(wanted.place >> Traits::home_area_at);
  for (std::size_t i = 0; i < x_.size(); i += 8) {
    __m256i ours = _mm256_cmpeq_epi32(load(&service_[i]), service);
    if (_mm256_testz_si256(ours, ours) != 0) continue;
    const __m256i home = load(&home_[i]);
    const __m256i same_state =
        _mm256_cmpeq_epi32(_mm256_srli_epi32(home, int{Traits::home_state_at}), state);
    const __m256i areas =
        _mm256_and_si256(_mm256_srli_epi32(home, int{Traits::home_area_at}), all_of(0xffff));
    const __m256i same_area = _mm256_cmpeq_epi32(areas, area);
    const __m256i may = may_fit(load(&bits_[i]), load(&held_[i]), wanted);
    const bool strangers = can_enter(matches.fitting, std::uint64_t{1} << unknown_at);
    const __m256i fitting = strangers ? may : _mm256_and_si256(may, same_state);
    ours = _mm256_and_si256(ours, _mm256_or_si256(fitting, same_area));
    const auto all = lanes(ours);
    if (all == 0) continue;
    Band bands[8];
    for (unsigned lane = 0; lane < 8; ++lane) {
      const bool here = (lanes(same_area) >> lane & 1) != 0;
      const bool close = here && (home_[i + lane] ^ wanted.place) << 10 == 0;
      const bool inside = (lanes(same_state) >> lane & 1) != 0;
      bands[lane] = close    ? Band::km_10
                    : here   ? Band::km_25
                    : inside ? Band::radius
                             : Band::unknown;
    }
    take(wanted, i, lanes(may), bands, all, matches);
  }
}

void FlatScan::take(const Wanted& wanted, std::size_t first, unsigned fit, const Band (&bands)[8],
                    unsigned all, Matches& matches) const {
  for (; all != 0; all &= all - 1) {
    const auto lane = static_cast<unsigned>(__builtin_ctz(all));
    take_one(wanted, first + lane, (fit >> lane & 1) != 0, bands[lane], matches);
  }
}

void FlatScan::take_one(const Wanted& wanted, std::size_t i, bool fit, Band band,
                        Matches& matches) const {
  const auto rank = static_cast<std::uint32_t>(i);
  const bool sure =
      (bits_[i] & (Traits::look_again | (wanted.network_known ? Traits::of_networks : 0u))) == 0;
  const bool shown = wanted.ask.patient.position || band <= Band::km_25;
  const auto least = key_of(wanted, i, band);
  const bool can_fit = fit && can_enter(matches.fitting, least);
  const bool can_be_left =
      shown && (!fit || !sure) && can_enter(matches.left_out, left_out_key(band, rank));
  if (!can_fit && !can_be_left) return;
  if (!wanted.ask.patient.position) return look_at_one(wanted, rank, matches);
  if (fit && sure && is_sure(wanted, i)) return keep(matches.fitting, least, rank);
  if (!fit) return keep(matches.left_out, left_out_key(band, rank), rank);
  const Look look{directory_.receivers()[rank],
                  wanted.ask,
                  directory_,
                  {band, wanted.ask.patient.position.has_value()}};
  if (sure || fits(look)) {
    keep(matches.fitting, order_key(look, nullptr, rank), rank);
  } else {
    keep(matches.left_out, left_out_key(band, rank), rank);
  }
}

/// Without positions the columns say "perhaps" of a place.
void FlatScan::look_at_one(const Wanted& wanted, std::uint32_t rank, Matches& matches) const {
  const auto look = look_at(directory_.receivers()[rank], wanted.ask, directory_);
  if (fits(look)) {
    keep(matches.fitting, order_key(look, nullptr, rank), rank);
  } else if (is_near(look)) {
    keep(matches.left_out, left_out_key(look.distance.band, rank), rank);
  }
}

/// The key, but for names that share a bit with others: known without a look at the receiver.
std::uint64_t FlatScan::key_of(const Wanted& wanted, std::size_t i, Band band) const {
  const auto grade = [](bool asked, std::uint64_t mine, std::uint64_t others) -> std::uint64_t {
    if (!asked || (mine & others) != 0) return 0;
    return mine == 0 ? 1 : 2;
  };
  const auto languages = (bits_[i] & Traits::languages_mask) >> Traits::languages_at;
  return std::uint64_t{band == Band::unknown} << unknown_at |
         grade(wanted.network_known, networks_[i], wanted.networks) << network_at |
         grade(!wanted.ask.patient.language.empty(), languages, wanted.languages) << language_at |
         static_cast<std::uint64_t>(band) << band_at | i;
}

bool FlatScan::is_sure(const Wanted& wanted, std::size_t i) const {
  const auto sure = [](std::uint64_t common, std::uint64_t shared) {
    return common == 0 || (common & ~shared) != 0;
  };
  const auto& names = directory_.names();
  return sure(networks_[i] & wanted.networks, names.networks.shared()) &&
         sure(bits_[i] >> Traits::languages_at & wanted.languages, names.languages.shared());
}

}  // namespace meridian::routing
