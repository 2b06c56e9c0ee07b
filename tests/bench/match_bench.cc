// SPDX-License-Identifier: Apache-2.0
// Finding the best receivers by partition and scan, over an AVX2 scan of all receivers that filters
// by the same columns and gives the same answer. Both take turns in rounds and ratios are taken per
// round, so that a busy machine disturbs both alike. Prints JSON lines.
//
//     match_bench [--rounds N] [--asks N] [--cases N]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "bench/flat_scan.h"
#include "bench/timing.h"
#include "routing/match.h"
#include "routing/route.h"
#include "unit/routing/random_directory.h"

namespace {

using namespace meridian;           // NOLINT: a program of one file
using namespace meridian::routing;  // NOLINT
using namespace meridian::bench;    // NOLINT

struct Options {
  int rounds = 9;
  int asks = 2000;
  int cases = 100;  ///< only the first so many
};

template <typename Work>
double microseconds_each(const std::vector<Ask>& asks, const Work& work) {
  const double start = cpu_seconds();
  std::size_t found = 0;
  for (const auto& ask : asks) found += work(ask);
  const double took = (cpu_seconds() - start) * 1e6;
  if (found == 0) std::abort();
  return took / static_cast<double>(asks.size());
}

bool same(const MatchList& a, const MatchList& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Match& m, const Match& n) {
    return m.key == n.key && m.receiver == n.receiver;
  });
}

struct Case {
  const char* name;
  std::size_t receivers;
  RandomTown::Shape shape;
  bool placed = true;  ///< the patient's position is known
  bool is_goal = false;
};

bool answers_are_equal(const Directory& directory, FlatScan& flat, const std::vector<Ask>& asks) {
  return std::ranges::all_of(asks, [&](const Ask& ask) {
    const auto ours = find(directory, ask, {});
    const auto theirs = flat.find(ask);
    return same(ours.fitting, theirs.fitting) && same(ours.left_out, theirs.left_out);
  });
}

bool run(const Case& given, const Options& options) {
  constexpr double goal = 40;
  RandomTown town(7, given.shape);
  auto receivers = town.receivers(given.receivers);
  const double started = cpu_seconds();
  const Directory directory(std::move(receivers), {}, {});
  const double built_ms = (cpu_seconds() - started) * 1e3;
  FlatScan flat(directory);
  std::vector<Ask> asks;
  for (int i = 0; i < options.asks; ++i) {
    asks.push_back(town.ask());
    if (!given.placed) asks.back().patient.position.reset();
  }
  if (!answers_are_equal(directory, flat, asks)) {
    std::fprintf(stderr, "match_bench: %s: the two answers differ\n", given.name);
    return false;
  }
  std::vector<double> ratios, mine, peers, with_words;
  for (int round = 0; round < options.rounds; ++round) {
    peers.push_back(
        microseconds_each(asks, [&](const Ask& ask) { return flat.find(ask).fitting.size(); }));
    mine.push_back(microseconds_each(
        asks, [&](const Ask& ask) { return find(directory, ask, {}).fitting.size(); }));
    ratios.push_back(peers.back() / mine.back());
    with_words.push_back(microseconds_each(
        asks, [&](const Ask& ask) { return candidates_for(directory, ask, {}).size(); }));
  }
  std::printf("{\"bench\":\"match\",\"case\":\"%s\",\"ratio\":%.1f,", given.name, median(ratios));
  if (given.is_goal) {
    std::printf("\"goal\":%.0f,\"better\":\"higher\",\"met\":%s,", goal,
                median(ratios) >= goal ? "true" : "false");
  }
  std::printf(
      "\"ratio_from\":%.1f,\"ratio_to\":%.1f,\"search_us\":%.2f,\"scan_us\":%.1f,"
      "\"search_with_words_us\":%.1f,\"index_bytes_each\":%.0f,\"build_ms\":%.0f}\n",
      *std::ranges::min_element(ratios), *std::ranges::max_element(ratios), median(mine),
      median(peers), median(with_words),
      static_cast<double>(directory.index_bytes()) / static_cast<double>(given.receivers),
      built_ms);
  std::fflush(stdout);
  return true;
}

/// 80 services as payers keep them, the first two of them ours; then the hardest that could be:
/// everybody is of the two services that are asked for.
std::vector<Case> cases() {
  const auto shape = [](int services) {
    RandomTown::Shape made;
    made.services = services;
    return made;
  };
  auto one_city = shape(80);
  one_city.cities = 1;
  auto spread_out = shape(80);
  spread_out.equal_cities = true;
  auto two_in_one_city = shape(2);
  two_in_one_city.cities = 1;
  return {{"100k of 80 services", 100'000, shape(80), true, true},
          {"100k of 2 services", 100'000, shape(2)},
          {"100k of 80 services, all in one city", 100'000, one_city},
          {"100k of 80 services, 3000 equal cities", 100'000, spread_out},
          {"100k of 2 services, all in one city", 100'000, two_in_one_city},
          {"100k of 80 services, no position known", 100'000, shape(80), false},
          {"1M of 80 services", 1'000'000, shape(80)}};
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--rounds") == 0) options.rounds = std::atoi(argv[i + 1]);
    if (std::strcmp(argv[i], "--asks") == 0) options.asks = std::atoi(argv[i + 1]);
    if (std::strcmp(argv[i], "--cases") == 0) options.cases = std::atoi(argv[i + 1]);
  }
  if (!__builtin_cpu_supports("avx2")) {
    std::fprintf(stderr, "match_bench: this processor has no AVX2\n");
    return 1;
  }
  bool good = true;
  int left = options.cases;
  for (const auto& given : cases()) {
    if (left-- > 0) good = run(given, options) && good;
  }
  return good ? 0 : 1;
}
