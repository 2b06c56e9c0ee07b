// SPDX-License-Identifier: Apache-2.0
// The stage route: an assessment and a directory give one decision. Pure.
#pragma once

#include <string>
#include <vector>

#include "model/assessment.h"
#include "routing/directory.h"

namespace meridian::routing {

enum class Action { deliver, hold, escalate };

/// One receiver that was looked at, and why it was taken or left out.
struct Candidate {
  DestinationId id;
  bool taken = false;
  std::string why;
};

struct Decision {
  Action action = Action::hold;
  DestinationId to;                   ///< for deliver: the first receiver of the order
  std::vector<Candidate> candidates;  ///< all, in order
  std::vector<std::string> reasons;   ///< rule ids, or words when no rule asked
  std::vector<std::string> doors;     ///< for hold: how it may be released
  std::string worklist;               ///< where a person finds it
};

/// The first half of `route`, before any receiver is looked at: escalate, hold, or deliver without
/// a receiver. A referral that was sent is looked at again by this alone.
Decision clear(const Assessment& assessment, std::string_view service);

/// `service` is what the order asks for: acupuncture or spine_surgery. `declined` are the receivers
/// that said no to this referral already.
Decision route(const Assessment& assessment, std::string_view service, const Directory& directory,
               const std::vector<DestinationId>& declined = {});

const char* action_name(Action action);

}  // namespace meridian::routing
