// SPDX-License-Identifier: Apache-2.0
// The stage route: an assessment and a directory give one decision. Pure.
#pragma once

#include <string>
#include <vector>

#include "model/assessment.h"
#include "routing/ask.h"
#include "routing/directory.h"

namespace meridian::routing {

enum class Action { deliver, hold, escalate };

/// One receiver that was looked at, and why it was taken or left out.
struct Candidate {
  DestinationId id;      ///< empty: no connection is configured to it
  bool taken = false;    ///< it fits and can be reached; the first one gets the referral
  std::string why;       ///< where it stands and why, or what it lacks
  std::string receiver;  ///< its id in the directory
  std::string name;      ///< for people
};

struct Decision {
  Action action = Action::hold;
  DestinationId to;                   ///< for deliver: the first receiver of the order
  std::vector<Candidate> candidates;  ///< the best in order, then the nearest that were left out
  std::vector<std::string> reasons;   ///< rule ids, or words when no rule asked
  std::vector<std::string> doors;     ///< for hold: how it may be released
  std::string worklist;               ///< where a person finds it
};

/// The first half of `route`, before any receiver is looked at: escalate, hold, or deliver without
/// a receiver. A referral that was sent is looked at again by this alone.
Decision clear(const Assessment& assessment, std::string_view service);

/// What a decision rests on.
struct RouteFacts {
  std::string service;  ///< what the order asks for: acupuncture or spine_surgery
  PatientFacts patient;
  Loads loads;
  std::vector<DestinationId> declined;  ///< receivers that said no to this referral already
  Day on;
};

Decision route(const Assessment& assessment, const Directory& directory, const RouteFacts& facts);

/// What an assessed order asks of the directory. Acupuncture needs the patient there.
Ask ask_for(const Assessment& assessment, const RouteFacts& facts);
/// The candidates of one question, as a decision lists them.
std::vector<Candidate> candidates_for(const Directory& directory, const Ask& ask,
                                      const Loads& loads);

const char* action_name(Action action);

}  // namespace meridian::routing
