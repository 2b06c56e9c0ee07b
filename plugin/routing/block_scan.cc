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

void plain_block(const Block& block, const Probe& probe, Scanned& into) {
  into.fits = into.left = into.again = 0;
  const auto end = end_of(probe);
  for (unsigned i = 0; i < block_size && block.rank[i] < end; ++i) {
    into.chord[i] = squared_chord({block.x[i], block.y[i], block.z[i]}, probe.at);
    if (!(into.chord[i] <= probe.limit)) continue;
    const Traits traits{block.bits[i], block.until[i], block.state[i], block.networks[i]};
    const bool early = block.rank[i] < probe.fits_below[network_class(traits.networks, probe)];
    const bool left_early = block.rank[i] < probe.left_below;
    const std::uint64_t bit = std::uint64_t{1} << i;
    if (!may_fit(traits, probe)) {
      into.left |= left_early ? bit : 0;
    } else if ((traits.bits & Traits::look_again) != 0) {
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

MERIDIAN_AVX2 void avx2_block(const Block& block, const Probe& probe, Scanned& into) {
  into.fits = into.left = into.again = 0;
  const __m256 x = _mm256_set1_ps(probe.at.x);
  const __m256 y = _mm256_set1_ps(probe.at.y);
  const __m256 z = _mm256_set1_ps(probe.at.z);
  const __m256 limit = _mm256_set1_ps(probe.limit);
  const __m256i need = _mm256_set1_epi32(static_cast<int>(probe.need));
  const __m256i before = _mm256_set1_epi32(probe.on - 1);
  const __m256i state = _mm256_set1_epi32(static_cast<int>(probe.state));
  const __m256i any_state = _mm256_set1_epi32(probe.state == 0 ? -1 : 0);
  const __m256i look_again = _mm256_set1_epi32(Traits::look_again);
  const __m256i wanted = _mm256_set1_epi32(static_cast<int>(probe.networks));
  const __m256i known = _mm256_set1_epi32(probe.network_known ? -1 : 0);
  const __m256i below_in = _mm256_set1_epi32(probe.fits_below[0]);
  const __m256i below_unstated = _mm256_set1_epi32(probe.fits_below[1]);
  const __m256i below_out = _mm256_set1_epi32(probe.fits_below[2]);
  const __m256i left_below = _mm256_set1_epi32(probe.left_below);
  const __m256i zero = _mm256_setzero_si256();
  const auto end = end_of(probe);
  for (unsigned i = 0; i < block_size && block.rank[i] < end; i += 8) {
    const __m256 dx = _mm256_sub_ps(_mm256_load_ps(&block.x[i]), x);
    const __m256 dy = _mm256_sub_ps(_mm256_load_ps(&block.y[i]), y);
    const __m256 dz = _mm256_sub_ps(_mm256_load_ps(&block.z[i]), z);
    const __m256 chord = _mm256_add_ps(_mm256_add_ps(_mm256_mul_ps(dx, dx), _mm256_mul_ps(dy, dy)),
                                       _mm256_mul_ps(dz, dz));
    _mm256_store_ps(&into.chord[i], chord);
    const __m256i near = _mm256_castps_si256(_mm256_cmp_ps(chord, limit, _CMP_LE_OQ));
    if (_mm256_testz_si256(near, near) != 0) continue;
    const __m256i bits = load(&block.bits[i]);
    const __m256i states = load(&block.state[i]);
    const __m256i rank = load(&block.rank[i]);
    const __m256i able = _mm256_cmpeq_epi32(_mm256_and_si256(bits, need), need);
    const __m256i valid = _mm256_cmpgt_epi32(load(&block.until[i]), before);
    const __m256i licensed = _mm256_or_si256(
        any_state,
        _mm256_or_si256(_mm256_cmpeq_epi32(states, zero), _mm256_cmpeq_epi32(states, state)));
    const __m256i may = _mm256_and_si256(_mm256_and_si256(able, valid), licensed);
    const __m256i sure = _mm256_cmpeq_epi32(_mm256_and_si256(bits, look_again), zero);
    const __m256i networks = load(&block.networks[i]);
    const __m256i apart = _mm256_cmpeq_epi32(_mm256_and_si256(networks, wanted), zero);
    const __m256i unstated = _mm256_cmpeq_epi32(networks, zero);
    const __m256i below =
        _mm256_blendv_epi8(below_in, _mm256_blendv_epi8(below_out, below_unstated, unstated),
                           _mm256_and_si256(apart, known));
    const __m256i early = _mm256_cmpgt_epi32(below, rank);
    const __m256i left_early = _mm256_cmpgt_epi32(left_below, rank);
    const __m256i good = _mm256_and_si256(near, may);
    into.fits |= bits_of(_mm256_and_si256(_mm256_and_si256(good, sure), early), i);
    into.again |= bits_of(
        _mm256_and_si256(_mm256_andnot_si256(sure, good), _mm256_or_si256(early, left_early)), i);
    into.left |= bits_of(_mm256_and_si256(_mm256_andnot_si256(may, near), left_early), i);
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
