// SPDX-License-Identifier: Apache-2.0
// Finding the best receivers by partition and scan, over an AVX2 scan of all receivers that filters
// by the same columns and gives the same answer. Both take turns in rounds and ratios are taken per
// round, so that a busy machine disturbs both alike. Prints JSON lines.
//
//     match_bench [--rounds N] [--asks N]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <immintrin.h>
#include <string>
#include <vector>

#include "routing/match.h"
#include "routing/route.h"
#include "unit/routing/random_directory.h"

namespace {

using namespace meridian;           // NOLINT: a program of one file
using namespace meridian::routing;  // NOLINT
using SteadyClock = std::chrono::steady_clock;

struct Options {
  int rounds = 9;
  int asks = 2000;
};

/// The peer: every receiver's columns one after the other, in the order of rank, the service among
/// the bits. Nothing is left out of the scan.
class FlatScan {
 public:
  explicit FlatScan(const Directory& directory) : directory_(directory) {
    for (const auto& receiver : directory.receivers()) {
      const auto traits = traits_of(receiver, directory.policy());
      const auto at = point_of(*receiver.position);
      x_.push_back(at.x);
      y_.push_back(at.y);
      z_.push_back(at.z);
      if (std::find(services_.begin(), services_.end(), receiver.service) == services_.end()) {
        services_.push_back(receiver.service);
      }
      bits_.push_back(static_cast<int>(traits.bits | service_bits(receiver.service)));
      until_.push_back(traits.until);
      networks_.push_back(directory.networks().of(receiver.networks));
      state_.push_back(static_cast<int>(traits.state));
    }
    while (x_.size() % 8 != 0) {
      x_.push_back(8);
      y_.push_back(8);
      z_.push_back(8);
      bits_.push_back(0);
      until_.push_back(0);
      state_.push_back(0);
    }
  }

  __attribute__((target("avx2"))) Matches find(const Ask& ask) {
    Matches matches;
    known_ = !ask.patient.networks.empty();
    wanted_ = directory_.networks().of(ask.patient.networks);
    const auto at = point_of(*ask.patient.position);
    const __m256 x = _mm256_set1_ps(at.x);
    const __m256 y = _mm256_set1_ps(at.y);
    const __m256 z = _mm256_set1_ps(at.z);
    const __m256 limit = _mm256_set1_ps(directory_.bands().back());
    const __m256i wanted = _mm256_set1_epi32(static_cast<int>(service_bits(ask.service)));
    const __m256i need = _mm256_set1_epi32(static_cast<int>(need_of(ask)));
    const __m256i before =
        _mm256_set1_epi32(static_cast<int>(ask.on.time_since_epoch().count()) - 1);
    const __m256i state = _mm256_set1_epi32(static_cast<int>(state_number(ask.patient.state)));
    const __m256i zero = _mm256_setzero_si256();
    const __m256i services = _mm256_set1_epi32(static_cast<int>(0xffff0000));
    for (std::size_t i = 0; i < x_.size(); i += 8) {
      const __m256 dx = _mm256_sub_ps(_mm256_loadu_ps(&x_[i]), x);
      const __m256 dy = _mm256_sub_ps(_mm256_loadu_ps(&y_[i]), y);
      const __m256 dz = _mm256_sub_ps(_mm256_loadu_ps(&z_[i]), z);
      const __m256 chord = _mm256_add_ps(
          _mm256_add_ps(_mm256_mul_ps(dx, dx), _mm256_mul_ps(dy, dy)), _mm256_mul_ps(dz, dz));
      const __m256i near = _mm256_castps_si256(_mm256_cmp_ps(chord, limit, _CMP_LE_OQ));
      if (_mm256_testz_si256(near, near) != 0) continue;  // most end here, as cheap as can be
      const __m256i bits = load(&bits_[i]);
      const __m256i states = load(&state_[i]);
      const __m256i able = _mm256_cmpeq_epi32(_mm256_and_si256(bits, need), need);
      const __m256i valid = _mm256_cmpgt_epi32(load(&until_[i]), before);
      const __m256i licensed =
          _mm256_or_si256(_mm256_cmpeq_epi32(states, zero), _mm256_cmpeq_epi32(states, state));
      const __m256i may = _mm256_and_si256(_mm256_and_si256(able, valid), licensed);
      const __m256i ours =
          _mm256_and_si256(near, _mm256_cmpeq_epi32(_mm256_and_si256(bits, services), wanted));
      const auto all = lanes(ours);
      if (all == 0) continue;
      alignas(32) float chords[8];
      _mm256_store_ps(chords, chord);
      take(ask, i, all, lanes(_mm256_and_si256(ours, may)), chords, matches);
    }
    return matches;
  }

 private:
  /// In the bits that Traits does not use.
  std::uint32_t service_bits(const std::string& service) const {
    const auto found = std::find(services_.begin(), services_.end(), service);
    return static_cast<std::uint32_t>(found - services_.begin() + 1) << 16;
  }
  static std::uint32_t need_of(const Ask& ask) {
    return Traits::usable | (ask.modality == "electro" ? Traits::electro : Traits::manual) |
           (ask.visit_mode == "physical" ? Traits::physical : 0u);
  }
  __attribute__((target("avx2"))) static __m256i load(const int* at) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
  }
  __attribute__((target("avx2"))) static unsigned lanes(__m256i mask) {
    return static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(mask)));
  }

  void take(const Ask& ask, std::size_t first, unsigned all, unsigned may, const float* chords,
            Matches& matches) const {
    for (; all != 0; all &= all - 1) {
      const auto lane = static_cast<unsigned>(__builtin_ctz(all));
      const auto rank = static_cast<std::uint32_t>(first + lane);
      const auto band = band_of(chords[lane], directory_);
      bool fit = (may >> lane & 1) != 0;
      const bool sure = (bits_[rank] & Traits::look_again) == 0;
      const bool can_fit = fit && can_enter(matches.fitting, least_key(band, rank));
      const bool can_be_left =
          (!fit || !sure) && can_enter(matches.left_out, left_out_key(band, rank));
      if (!can_fit && !can_be_left) continue;
      const Look look{directory_.receivers()[rank], ask, directory_, {band, {}}};
      if (fit && !sure) fit = fits(look);
      if (!fit) keep(matches.left_out, left_out_key(band, rank), rank);
      if (!fit) continue;
      const bool whole = ask.patient.language.empty() &&
                         (!known_ || (networks_[rank] & wanted_ & NetworkBits::shared) == 0);
      const auto key = whole ? least_key(band, rank) : order_key(look, nullptr, rank);
      keep(matches.fitting, key, rank);
    }
  }

  static bool can_enter(const std::vector<Match>& list, std::uint64_t key) {
    return list.size() < most_shown || key < list.back().key;
  }

  /// What the key is at least, known without a look at the receiver.
  std::uint64_t least_key(Band band, std::uint32_t rank) const {
    constexpr unsigned band_at = 44;
    constexpr unsigned network_at = 49;
    const auto mine = networks_[rank];
    std::uint64_t network = 0;
    if (known_ && (mine & wanted_) == 0) network = mine == 0 ? 1 : 2;
    return network << network_at | static_cast<std::uint64_t>(band) << band_at | rank;
  }

  static void keep(std::vector<Match>& list, std::uint64_t key, std::uint32_t rank) {
    if (list.size() == most_shown && key >= list.back().key) return;
    if (list.size() == most_shown) list.pop_back();
    const auto at = std::upper_bound(list.begin(), list.end(), key,
                                     [](std::uint64_t k, const Match& m) { return k < m.key; });
    list.insert(at, {key, rank});
  }

  const Directory& directory_;
  std::vector<std::string> services_;
  bool known_ = false;        ///< the patient's network
  std::uint32_t wanted_ = 0;  ///< its bits
  std::vector<float> x_, y_, z_;
  std::vector<int> bits_, until_, state_;
  std::vector<std::uint32_t> networks_;
};

double cpu_now_us() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

/// Processor time, so that what else runs on the machine counts less.
template <typename Work>
double microseconds_each(const std::vector<Ask>& asks, const Work& work) {
  const double start = cpu_now_us();
  std::size_t found = 0;
  for (const auto& ask : asks) found += work(ask);
  const double took = cpu_now_us() - start;
  if (found == 0) std::abort();
  return took / static_cast<double>(asks.size());
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

bool same(const std::vector<Match>& a, const std::vector<Match>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Match& m, const Match& n) {
    return m.key == n.key && m.receiver == n.receiver;
  });
}

bool run(std::size_t count, int services, const Options& options) {
  constexpr double goal = 40;
  RandomTown::Shape shape;
  shape.services = services;
  RandomTown town(7, shape);
  auto receivers = town.receivers(count);
  const auto started = SteadyClock::now();
  const Directory directory(std::move(receivers), {}, {});
  const std::chrono::duration<double, std::milli> built = SteadyClock::now() - started;
  FlatScan flat(directory);
  std::vector<Ask> asks;
  for (int i = 0; i < options.asks; ++i) asks.push_back(town.ask());
  for (const auto& ask : asks) {
    const auto ours = find(directory, ask, {});
    const auto theirs = flat.find(ask);
    if (!same(ours.fitting, theirs.fitting) || !same(ours.left_out, theirs.left_out)) {
      std::fprintf(stderr, "match_bench: the two answers differ\n");
      return false;
    }
  }
  std::vector<double> ratios, mine, peers, with_words, unplaced;
  auto elsewhere = asks;
  for (auto& ask : elsewhere) ask.patient.position.reset();
  for (int round = 0; round < options.rounds; ++round) {
    peers.push_back(
        microseconds_each(asks, [&](const Ask& ask) { return flat.find(ask).fitting.size(); }));
    mine.push_back(microseconds_each(
        asks, [&](const Ask& ask) { return find(directory, ask, {}).fitting.size(); }));
    ratios.push_back(peers.back() / mine.back());
    with_words.push_back(microseconds_each(
        asks, [&](const Ask& ask) { return candidates_for(directory, ask, {}).size(); }));
    unplaced.push_back(microseconds_each(
        elsewhere, [&](const Ask& ask) { return find(directory, ask, {}).fitting.size(); }));
  }
  const double ratio = median(ratios);
  std::printf(
      "{\"bench\":\"match\",\"case\":\"%zu receivers of %d services\",\"ratio\":%.1f,"
      "\"goal\":%.0f,\"better\":\"higher\",\"met\":%s,\"search_us\":%.2f,\"scan_us\":%.1f,"
      "\"search_with_words_us\":%.1f,\"search_without_position_us\":%.1f,"
      "\"index_bytes_each\":%.0f,\"build_ms\":%.0f}\n",
      count, services, ratio, goal, ratio >= goal ? "true" : "false", median(mine), median(peers),
      median(with_words), median(unplaced),
      static_cast<double>(directory.index_bytes()) / static_cast<double>(count), built.count());
  std::fflush(stdout);
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--rounds") == 0) options.rounds = std::atoi(argv[i + 1]);
    if (std::strcmp(argv[i], "--asks") == 0) options.asks = std::atoi(argv[i + 1]);
  }
  if (!__builtin_cpu_supports("avx2")) {
    std::fprintf(stderr, "match_bench: this processor has no AVX2\n");
    return 1;
  }
  // A directory as payers keep it: 80 specialties, the first two of them ours. Then the hardest
  // that could be: everybody is of the two services that are asked for.
  constexpr int all = 80;
  constexpr int ours = 2;
  return run(100'000, all, options) && run(1'000'000, all, options) && run(100'000, ours, options)
             ? 0
             : 1;
}
