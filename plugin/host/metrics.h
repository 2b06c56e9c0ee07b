// SPDX-License-Identifier: Apache-2.0
// Counts and times for Prometheus: text format 0.0.4. Labels are configured names and enumerations.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "base/stages.h"
#include "host/pulse.h"
#include "store/store.h"

namespace meridian::host {

/// Thread-safe. No patient data can enter: there is no way in for a run-time text but the pattern
/// of a route and what the store tallies (destinations, states, names of errors).
class Metrics : public StageObserver {
 public:
  Metrics();
  ~Metrics() override;

  void passed(Stage stage, Literal outcome, std::chrono::nanoseconds took) override;
  void failed(Stage stage, ErrorCode code, std::chrono::nanoseconds took) override;
  /// `route` is the pattern, "" when none matched.
  void answered(std::string_view method, std::string_view route, int status);

  /// A card was shown; what a clinician did about one. Words of port/ask.h.
  void advised(std::string_view topic, std::string_view level);
  void fed_back(std::string_view topic, bool accepted);

  /// Everything, with what the store says now and what went to and came from each system. A store
  /// that does not answer is a gauge of 0. `reading_seen_at` as in flow::FunnelQuestion.
  std::string text(store::Store& store, const std::set<std::string>& reading_seen_at, Instant now,
                   const std::vector<Pulse::Total>& systems = {}) const;

 private:
  void count(Stage stage, std::string_view outcome, std::chrono::nanoseconds took);

  struct Counters;
  std::unique_ptr<Counters> counters_;
};

}  // namespace meridian::host
