// SPDX-License-Identifier: Apache-2.0
// What was heard from the subscriptions at one server: which event numbers came, which are missing,
// and what is still to be read. Pure.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "port/posted.h"

namespace meridian::fhir {

/// One subscription. Source: HL7 Subscriptions R5 Backport IG, "Error Handling and Recovery".
struct HeardSubscription {
  std::int64_t last = 0;           ///< the highest number that came
  std::set<std::int64_t> missing;  ///< below it
  Instant missing_since;           ///< when the first of them was missed
  Instant at;                      ///< of the latest notice
};

/// All of one server.
struct Heard {
  static constexpr std::size_t most_missing = 1'000;
  static constexpr std::size_t most_ids = 500;
  static constexpr std::size_t most_to_read = 500;

  std::map<std::string, HeardSubscription> subscriptions;  ///< by "Subscription/7"
  std::map<std::string, std::string> ours;                 ///< topic to "Subscription/7"
  std::deque<std::string> ids;                             ///< of events, the newest last
  std::vector<std::string> to_read;                        ///< "Type/id", or "Type?identifier=..."

  /// Takes a notice in. `counts`: numbers go on from one bundle to the next. What is of one of
  /// `types` is to be read by itself; true when something else may be new: look.
  /// A first notice begins the count, unless the subscription is one of ours.
  bool take(const Notice& notice, Instant now, bool counts, const std::set<std::string>& types);

  /// True while something is to be read or missing.
  bool is_unfinished() const;

  /// As it is kept.
  std::string text() const;
  /// Empty for what cannot be read.
  static Heard of(std::string_view text);
};

/// "Subscription/7" of a reference or URL.
std::string subscription_ref(std::string_view written);

}  // namespace meridian::fhir
