// SPDX-License-Identifier: Apache-2.0
// What a person does about deliveries, work, messages and referrals, and what it would do.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "flow/core.h"
#include "port/intervention.h"
#include "store/rows.h"

namespace meridian::flow {

/// Does it when `given.apply` is set and nothing speaks against it; audited under `by`. The value
/// is one JSON object: what it is about, "effect" in words, "refused" with the words that speak
/// against it, "done". Errors: not_found, invalid (no such action, or no such kind of target),
/// store errors; for redirect those of the gatherer.
Result<std::string> intervene(const Core& core, const Intervention& given, std::string_view by);

/// What an intervention comes to, before it is done.
struct Outlook {
  std::string about;            ///< what it is about, a JSON object without patient data
  std::string effect;           ///< what is done
  std::string refused;          ///< why it cannot be done; empty: it can
  std::optional<bool> current;  ///< for a delivery: the decision behind it still holds
  store::Changes changes;       ///< besides the row that it is about
  store::DeliveryState state = store::DeliveryState::queued;  ///< of the delivery afterwards
  std::string answer;                                         ///< of the message afterwards
  std::string link = {};  ///< by which a person enrols; told when it is done
};

}  // namespace meridian::flow
