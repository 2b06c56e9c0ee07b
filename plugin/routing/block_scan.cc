// SPDX-License-Identifier: Apache-2.0
#include "routing/block_scan.h"

#include <algorithm>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace meridian::routing {
namespace {

/// From this rank on nobody is of use.
std::int32_t end_of(const Probe& probe) {
  return std::max(probe.left_below, *std::ranges::max_element(probe.fits_below));
}

bool may_fit(const Eight& eight, unsigned i, const Probe& probe) {
  constexpr std::uint32_t byte = 0xff;
  const auto bits = eight.bits[i];
  const auto part = [&](std::uint32_t of, unsigned at) { return of >> at & byte; };
  const auto licence = eight.held[i] & 0xffff;
  return (bits & probe.need) == probe.need && eight.held[i] >> Traits::until_at >= probe.on &&
         part(bits, Traits::age_from_at) <= part(probe.ages, Traits::age_from_at) &&
         part(bits, Traits::age_to_at) <= part(probe.ages, Traits::age_to_at) &&
         (probe.licence == 0 || licence == 0 || licence == probe.licence);
}

void plain_block(const Block& block, const Probe& probe, Scanned& into) {
  into.fits = into.left = into.again = 0;
  const auto end = end_of(probe);
  for (unsigned i = 0; i < block_size && block.rank(i) < end; ++i) {
    const auto& eight = block.eights[i / 8];
    const auto lane = i % 8;
    const float chord = squared_chord({eight.x[lane], eight.y[lane], eight.z[lane]}, probe.at);
    into.band[i] = static_cast<Band>(
        std::ranges::count_if(probe.bands, [&](float end_of_band) { return chord > end_of_band; }));
    const bool near = chord <= probe.limit && (block.homes[i] & probe.home_mask) == probe.home;
    if (!near) continue;
    const bool early = block.rank(i) < probe.fits_below[network_class(block.networks(i), probe)];
    const bool left_early = block.rank(i) < probe.left_below;
    const std::uint64_t bit = std::uint64_t{1} << i;
    if (!may_fit(eight, lane, probe)) {
      into.left |= left_early ? bit : 0;
    } else if ((block.bits(i) & probe.again) != 0) {
      into.again |= early || left_early ? bit : 0;
    } else {
      into.fits |= early ? bit : 0;
    }
  }
}

void plain_boxes(const std::vector<Boxes>& boxes, const Probe& probe,
                 std::vector<NearBlock>& into) {
  const float at[] = {probe.at.x, probe.at.y, probe.at.z};
  for (std::uint32_t group = 0; group < boxes.size(); ++group) {
    for (std::uint32_t lane = 0; lane < 8; ++lane) {
      float chord = 0;
      for (unsigned axis = 0; axis < 3; ++axis) {
        const float off = std::max(0.0f, std::max(boxes[group].low[axis][lane] - at[axis],
                                                  at[axis] - boxes[group].high[axis][lane]));
        chord += off * off;
      }
      if (chord <= probe.limit) into.push_back({group * 8 + lane, chord});
    }
  }
}

#if defined(__x86_64__)

#define MERIDIAN_AVX2 __attribute__((target("avx2")))

MERIDIAN_AVX2 __m256i load(const void* at) {
  return _mm256_load_si256(static_cast<const __m256i*>(at));
}

MERIDIAN_AVX2 std::uint64_t bits_of(__m256i lanes, unsigned first) {
  const auto mask = static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(lanes)));
  return std::uint64_t{mask} << first;
}

MERIDIAN_AVX2 __m256i all_of(std::uint32_t value) {
  return _mm256_set1_epi32(static_cast<int>(value));
}

/// A probe, each number eight times.
struct Wide {
  __m256 x, y, z, limit, km_10, km_25, km_50;
  __m256i home, home_mask, need, again, ages, on, licence, any_licence;
  __m256i networks_low, networks_high;
  __m256i below_in, below_unstated, below_out, left_below;
};

MERIDIAN_AVX2 Wide widened(const Probe& probe) {
  Wide wide;
  wide.x = _mm256_set1_ps(probe.at.x);
  wide.y = _mm256_set1_ps(probe.at.y);
  wide.z = _mm256_set1_ps(probe.at.z);
  wide.limit = _mm256_set1_ps(probe.limit);
  wide.km_10 = _mm256_set1_ps(probe.bands[0]);
  wide.km_25 = _mm256_set1_ps(probe.bands[1]);
  wide.km_50 = _mm256_set1_ps(probe.bands[2]);
  wide.home = all_of(probe.home);
  wide.home_mask = all_of(probe.home_mask);
  wide.need = all_of(probe.need);
  wide.again = all_of(probe.again);
  wide.ages = all_of(probe.ages);
  wide.on = all_of(probe.on << Traits::until_at);
  wide.licence = all_of(probe.licence);
  wide.any_licence = _mm256_set1_epi32(probe.licence == 0 ? -1 : 0);
  wide.networks_low = all_of(static_cast<std::uint32_t>(probe.networks));
  wide.networks_high = all_of(static_cast<std::uint32_t>(probe.networks >> 32));
  wide.below_in = _mm256_set1_epi32(probe.fits_below[0]);
  wide.below_unstated = _mm256_set1_epi32(probe.fits_below[1]);
  wide.below_out = _mm256_set1_epi32(probe.fits_below[2]);
  wide.left_below = _mm256_set1_epi32(probe.left_below);
  return wide;
}

MERIDIAN_AVX2 __m256 chords_of(const Eight& eight, const Wide& wide) {
  const __m256 x = _mm256_sub_ps(_mm256_load_ps(eight.x.data()), wide.x);
  const __m256 y = _mm256_sub_ps(_mm256_load_ps(eight.y.data()), wide.y);
  const __m256 z = _mm256_sub_ps(_mm256_load_ps(eight.z.data()), wide.z);
  return _mm256_add_ps(_mm256_add_ps(_mm256_mul_ps(x, x), _mm256_mul_ps(y, y)),
                       _mm256_mul_ps(z, z));
}

/// How many bands end before each chord.
MERIDIAN_AVX2 __m256i bands_of(__m256 chords, const Wide& wide) {
  const auto behind = [&](__m256 end) MERIDIAN_AVX2 {
    return _mm256_castps_si256(_mm256_cmp_ps(chords, end, _CMP_GT_OQ));
  };
  const __m256i ends = _mm256_add_epi32(behind(wide.km_10),
                                        _mm256_add_epi32(behind(wide.km_25), behind(wide.km_50)));
  return _mm256_sub_epi32(_mm256_setzero_si256(), ends);
}

MERIDIAN_AVX2 __m256i at_home(const std::uint32_t* homes, const Wide& wide) {
  return _mm256_cmpeq_epi32(_mm256_and_si256(load(homes), wide.home_mask), wide.home);
}

MERIDIAN_AVX2 __m256i may_fit(const Eight& eight, const Wide& wide) {
  const __m256i zero = _mm256_setzero_si256();
  const __m256i bits = load(&eight.bits);
  const __m256i held = load(&eight.held);
  const __m256i licence = _mm256_and_si256(held, _mm256_set1_epi32(0xffff));
  const __m256i able = _mm256_cmpeq_epi32(_mm256_and_si256(bits, wide.need), wide.need);
  const __m256i aged = _mm256_cmpeq_epi32(_mm256_subs_epu8(bits, wide.ages), zero);
  const __m256i valid = _mm256_cmpeq_epi32(_mm256_max_epu16(held, wide.on), held);
  const __m256i licensed =
      _mm256_or_si256(wide.any_licence, _mm256_or_si256(_mm256_cmpeq_epi32(licence, zero),
                                                        _mm256_cmpeq_epi32(licence, wide.licence)));
  return _mm256_and_si256(_mm256_and_si256(able, aged), _mm256_and_si256(valid, licensed));
}

/// The rank before which each of eight must be to come in when it fits.
MERIDIAN_AVX2 __m256i fits_below(const Eight& eight, const Probe& probe, const Wide& wide) {
  if (!probe.network_known) return wide.below_in;
  const __m256i zero = _mm256_setzero_si256();
  const __m256i low = load(&eight.networks_low);
  const __m256i high = load(&eight.networks_high);
  const __m256i shared = _mm256_or_si256(_mm256_and_si256(low, wide.networks_low),
                                         _mm256_and_si256(high, wide.networks_high));
  const __m256i apart = _mm256_cmpeq_epi32(shared, zero);
  const __m256i unstated = _mm256_cmpeq_epi32(_mm256_or_si256(low, high), zero);
  const __m256i other = _mm256_blendv_epi8(wide.below_out, wide.below_unstated, unstated);
  return _mm256_blendv_epi8(wide.below_in, other, apart);
}

MERIDIAN_AVX2 void avx2_block(const Block& block, const Probe& probe, Scanned& into) {
  into.fits = into.left = into.again = 0;
  const Wide wide = widened(probe);
  const auto end = end_of(probe);
  for (unsigned i = 0; i < block_size && block.rank(i) < end; i += 8) {
    const auto& eight = block.eights[i / 8];
    if (i + 16 < block_size) prefetch(block.eights[i / 8 + 2]);
    const __m256 chords = chords_of(eight, wide);
    __m256i near = _mm256_castps_si256(_mm256_cmp_ps(chords, wide.limit, _CMP_LE_OQ));
    if (probe.home_mask != 0) near = _mm256_and_si256(near, at_home(&block.homes[i], wide));
    if (_mm256_testz_si256(near, near) != 0) continue;
    _mm256_store_si256(reinterpret_cast<__m256i*>(&into.band[i]), bands_of(chords, wide));
    const __m256i rank = load(&eight.rank);
    const __m256i may = _mm256_and_si256(may_fit(eight, wide), near);
    const __m256i early = _mm256_cmpgt_epi32(fits_below(eight, probe, wide), rank);
    const __m256i left_early = _mm256_cmpgt_epi32(wide.left_below, rank);
    const __m256i sure =
        _mm256_cmpeq_epi32(_mm256_and_si256(load(&eight.bits), wide.again), _mm256_setzero_si256());
    into.fits |= bits_of(_mm256_and_si256(sure, _mm256_and_si256(may, early)), i);
    into.again |= bits_of(
        _mm256_and_si256(_mm256_andnot_si256(sure, may), _mm256_or_si256(early, left_early)), i);
    into.left |= bits_of(_mm256_andnot_si256(may, _mm256_and_si256(near, left_early)), i);
  }
}

MERIDIAN_AVX2 void avx2_boxes(const std::vector<Boxes>& boxes, const Probe& probe,
                              std::vector<NearBlock>& into) {
  const __m256 at[] = {_mm256_set1_ps(probe.at.x), _mm256_set1_ps(probe.at.y),
                       _mm256_set1_ps(probe.at.z)};
  const __m256 limit = _mm256_set1_ps(probe.limit);
  const __m256 zero = _mm256_setzero_ps();
  alignas(32) std::array<float, 8> chords;
  for (std::uint32_t group = 0; group < boxes.size(); ++group) {
    __m256 chord = zero;
    for (unsigned axis = 0; axis < 3; ++axis) {
      const __m256 under = _mm256_sub_ps(_mm256_load_ps(boxes[group].low[axis].data()), at[axis]);
      const __m256 over = _mm256_sub_ps(at[axis], _mm256_load_ps(boxes[group].high[axis].data()));
      const __m256 off = _mm256_max_ps(zero, _mm256_max_ps(under, over));
      chord = _mm256_add_ps(chord, _mm256_mul_ps(off, off));
    }
    auto near = static_cast<unsigned>(_mm256_movemask_ps(_mm256_cmp_ps(chord, limit, _CMP_LE_OQ)));
    if (near == 0) continue;
    _mm256_store_ps(chords.data(), chord);
    for (; near != 0; near &= near - 1) {
      const auto lane = static_cast<std::uint32_t>(__builtin_ctz(near));
      into.push_back({group * 8 + lane, chords[lane]});
    }
  }
}

#endif

}  // namespace

Scans plain_scans() {
  return {plain_block, plain_boxes};
}

Scans best_scans() {
#if defined(__x86_64__)
  static const bool has_avx2 = __builtin_cpu_supports("avx2") != 0;
  if (has_avx2) return {avx2_block, avx2_boxes};
#endif
  return plain_scans();
}

}  // namespace meridian::routing
