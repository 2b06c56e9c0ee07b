// SPDX-License-Identifier: Apache-2.0
// What a subscriber is told or answered: Bundles of HL7 Subscriptions R5 Backport IG 1.1.0, R4.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/endpoint/subscription.h"

namespace meridian::fhir {

/// Which events a Bundle holds; none when `from` is above `to`.
/// Precondition: they are among those that are kept.
struct Numbers {
  std::int64_t from = 1;
  std::int64_t to = 0;
};

/// The referral's Task as it is now; "" when there is none any more.
using TaskOf = std::function<std::string(const std::string& referral)>;

/// A Bundle of type history. `type` is handshake, heartbeat, event-notification or query-event.
/// `task_of` is called for full_resource only. `base` is the URL of the endpoint.
std::string notification(const Subscription& one, std::string_view base, std::string_view type,
                         const Numbers& numbers, Content content, Instant at,
                         const TaskOf& task_of);

/// The answer of $status: a Bundle of type searchset.
std::string status_bundle(const std::vector<Subscription>& all, std::string_view base, Instant at);

}  // namespace meridian::fhir
