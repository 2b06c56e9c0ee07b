// SPDX-License-Identifier: Apache-2.0
#include "routing/route.h"

#include <algorithm>

#include "routing/match.h"
#include "routing/words.h"

namespace meridian::routing {
namespace {

void add_once(std::vector<std::string>& list, const std::string& value) {
  if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(value);
}

/// The modality that the service's lane allows; manual when nothing is said.
std::string modality_of(const Assessment& assessment, std::string_view service) {
  for (const auto& lane : assessment.lanes) {
    if (lane.service == service && !lane.modality.empty()) return lane.modality;
  }
  return "manual";
}

const Load* load_of(const Loads& loads, const DestinationId& destination) {
  for (const auto& load : loads) {
    if (load.destination == destination) return &load;
  }
  return nullptr;
}

Decision hold(const Assessment& assessment) {
  Decision decision;
  decision.worklist = "letters-outstanding";
  for (const auto& flag : assessment.flags) {
    if (flag.severity != "modifier" && flag.signed_off.empty())
      add_once(decision.reasons, flag.rule);
  }
  for (const auto& caution : assessment.cautions) {
    if (!caution.signed_off.empty()) continue;
    if (caution.manual == "absolute" || caution.manual == "relative") {
      add_once(decision.reasons, caution.rule);
    }
  }
  for (const auto& missing : assessment.missing) {
    if (!missing.blocks_acupuncture || !missing.signed_off.empty()) continue;
    add_once(decision.reasons, missing.question);
    for (const auto& door : missing.doors) add_once(decision.doors, door);
  }
  return decision;
}

Decision escalate(const Assessment& assessment) {
  Decision decision;
  decision.action = Action::escalate;
  decision.worklist = "alerts";
  for (const auto& flag : assessment.flags) {
    if (flag.severity == "emergency") add_once(decision.reasons, flag.rule);
  }
  return decision;
}

}  // namespace

Decision clear(const Assessment& assessment, std::string_view service) {
  if (assessment.disposition == Disposition::emergency) return escalate(assessment);
  const bool surgeon_bound = service == "spine_surgery";
  const bool released = surgeon_bound || assessment.disposition == Disposition::route_acupuncture;
  if (!released) return hold(assessment);
  Decision decision;
  decision.action = Action::deliver;
  return decision;
}

Ask ask_for(const Assessment& assessment, const RouteFacts& facts) {
  Ask ask;
  ask.service = facts.service;
  ask.modality = modality_of(assessment, facts.service);
  if (facts.service == "acupuncture") ask.visit_mode = "physical";
  ask.patient = facts.patient;
  ask.on = facts.on;
  ask.declined = facts.declined;
  return ask;
}

std::vector<Candidate> candidates_for(const Directory& directory, const Ask& ask,
                                      const Loads& loads) {
  std::vector<Candidate> candidates;
  const auto matches = find(directory, ask, loads);
  for (const auto& match : matches.fitting) {
    const auto& receiver = directory.receivers()[match.receiver];
    const auto look = look_at(receiver, ask, directory);
    const bool connected = !receiver.to.empty();
    auto why = standing_words(look, load_of(loads, receiver.to));
    if (!connected) why = "no connection configured; else it fits: " + why;
    candidates.push_back({receiver.to, connected, std::move(why), receiver.id, receiver.name});
  }
  for (const auto& match : matches.left_out) {
    const auto& receiver = directory.receivers()[match.receiver];
    candidates.push_back({receiver.to, false, refusal_words(look_at(receiver, ask, directory)),
                          receiver.id, receiver.name});
  }
  return candidates;
}

Decision route(const Assessment& assessment, const Directory& directory, const RouteFacts& facts) {
  auto decision = clear(assessment, facts.service);
  if (decision.action != Action::deliver) return decision;
  decision.candidates = candidates_for(directory, ask_for(assessment, facts), facts.loads);
  const auto& candidates = decision.candidates;
  if (!candidates.empty() && candidates.front().taken) {
    decision.to = candidates.front().id;
    return decision;
  }
  decision.action = Action::hold;
  decision.worklist = "no-receiver";
  if (!facts.declined.empty()) {
    decision.reasons = {"every receiver that could take it has declined"};
  } else if (candidates.empty()) {
    decision.reasons = {"no receiver in the directory offers this service"};
  } else {
    decision.reasons = {"no receiver in the directory can take it"};
  }
  return decision;
}

const char* action_name(Action action) {
  constexpr const char* names[] = {"deliver", "hold", "escalate"};
  return names[static_cast<int>(action)];
}

}  // namespace meridian::routing
