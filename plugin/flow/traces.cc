// SPDX-License-Identifier: Apache-2.0
#include "flow/traces.h"

#include <chrono>
#include <list>
#include <mutex>
#include <string>
#include <unordered_map>

namespace meridian::flow {
namespace {

using Time = std::chrono::steady_clock::time_point;

constexpr std::chrono::hours longest{1};
constexpr std::size_t most = 10'000;

struct Known {
  std::string referral;
  Trace trace;
  Time since;
};

/// The oldest first.
class Traces {
 public:
  void put(const std::string& referral, const Trace& trace) {
    const std::lock_guard lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    forget(referral);
    while (!all_.empty() && (all_.size() >= most || all_.front().since + longest < now)) {
      forget(std::string(all_.front().referral));
    }
    all_.push_back({referral, trace, now});
    places_[referral] = std::prev(all_.end());
  }

  void drop(const std::string& referral) {
    const std::lock_guard lock(mutex_);
    forget(referral);
  }

  std::optional<Trace> find(const std::string& referral) const {
    const std::lock_guard lock(mutex_);
    const auto place = places_.find(referral);
    if (place == places_.end()) return std::nullopt;
    const bool over = place->second->since + longest < std::chrono::steady_clock::now();
    return over ? std::nullopt : std::optional(place->second->trace);
  }

 private:
  void forget(const std::string& referral) {
    const auto place = places_.find(referral);
    if (place == places_.end()) return;
    all_.erase(place->second);
    places_.erase(place);
  }

  mutable std::mutex mutex_;
  std::list<Known> all_;
  std::unordered_map<std::string, std::list<Known>::iterator> places_;
};

/// One for the process: a referral's id is of no other.
Traces& traces() {
  static Traces known;
  return known;
}

}  // namespace

void remember_trace(const ReferralId& referral) {
  const auto* trace = current_trace();
  trace == nullptr ? traces().drop(referral.str()) : traces().put(referral.str(), *trace);
}

std::optional<Trace> trace_of(const ReferralId& referral) {
  return traces().find(referral.str());
}

}  // namespace meridian::flow
