// SPDX-License-Identifier: Apache-2.0
// Finds the best receivers for a referral, and the nearest that were left out. Pure; equal inputs
// give equal answers on every processor.
#pragma once

#include <cstdint>

#include <boost/container/static_vector.hpp>

#include "routing/ask.h"
#include "routing/block_scan.h"
#include "routing/directory.h"
#include "routing/requirements.h"

namespace meridian::routing {

/// So many of each kind are found and shown.
constexpr std::size_t most_shown = 10;
/// Of a service with no more receivers than this each one is shown, however far.
constexpr std::size_t shown_whole = 64;

struct Match {
  std::uint64_t key = 0;       ///< smaller is better
  std::uint32_t receiver = 0;  ///< index in Directory::receivers()
};

/// In place: a search asks for no memory.
using MatchList = boost::container::static_vector<Match, most_shown>;

struct Matches {
  MatchList fitting;   ///< best first; those with a connection before those without
  MatchList left_out;  ///< of those with a connection and near, nearest first
};

Matches find(const Directory& directory, const Ask& ask, const Loads& loads,
             const Scans& scans = best_scans());

/// The order, as one number: a receiver past its share of capacity goes behind, one whose distance
/// is not known as well; then network, language, band of distance, how fast it answers, its share
/// of capacity; equals by rank.
std::uint64_t order_key(const Look& look, const Load* load, std::uint32_t rank);
/// The order of those that were left out: by band, then id.
std::uint64_t left_out_key(Band band, std::uint32_t rank);

/// Within the radius, or in the same postal area: shown also when it is left out.
bool is_near(const Look& look);

/// How fast a receiver answers, from the offers it answered lately.
enum class Pace : std::uint8_t { day_or_unknown, three_days, slower };
Pace pace_of(const Load* load);
/// Referrals of this week in parts of 64 of what it takes in one; 64 or more: past its share.
std::uint32_t share_of(const Receiver& receiver, const Load* load, const Policy& policy);

}  // namespace meridian::routing
