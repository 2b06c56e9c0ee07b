// SPDX-License-Identifier: Apache-2.0
#include "fhir/client/call_budget.h"

#include <algorithm>

namespace meridian::fhir {

using std::chrono::milliseconds;
using std::chrono::minutes;

CallBudget::CallBudget(int per_minute)
    : per_minute_(static_cast<std::size_t>(std::max(per_minute, 1))) {}

milliseconds CallBudget::take(Instant now) {
  const std::scoped_lock lock(mutex_);
  if (now < closed_until_) return closed_until_ - now;
  while (!taken_.empty() && taken_.front() + minutes{1} <= now) taken_.pop_front();
  if (taken_.size() >= per_minute_) return taken_.front() + minutes{1} - now;
  taken_.push_back(now);
  return milliseconds{0};
}

void CallBudget::refused(Instant now) {
  const std::scoped_lock lock(mutex_);
  closed_until_ = std::chrono::floor<minutes>(now) + minutes{1};
}

}  // namespace meridian::fhir
