// SPDX-License-Identifier: Apache-2.0
#include "routing/route.h"

#include <algorithm>

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

Candidate look_at(const Receiver& receiver, std::string_view service, const std::string& modality) {
  if (receiver.service != service) return {receiver.id, false, "offers another service"};
  if (!receiver.accepts_new_patients) return {receiver.id, false, "accepts no new patients"};
  const auto& offered = receiver.modalities;
  const bool offers = offered.empty()
                          ? modality == "manual"
                          : std::find(offered.begin(), offered.end(), modality) != offered.end();
  if (!offers) return {receiver.id, false, "does not offer the modality"};
  return {receiver.id, true, "offers the service and the modality"};
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

Decision route(const Assessment& assessment, std::string_view service, const Directory& directory,
               const std::vector<DestinationId>& declined) {
  auto decision = clear(assessment, service);
  if (decision.action != Action::deliver) return decision;
  const auto modality = modality_of(assessment, service);
  for (const auto& receiver : directory.receivers) {
    decision.candidates.push_back(look_at(receiver, service, modality));
    if (std::find(declined.begin(), declined.end(), receiver.id) != declined.end()) {
      decision.candidates.back() = {receiver.id, false, "declined this referral"};
    }
    if (decision.candidates.back().taken && decision.to.empty()) decision.to = receiver.id;
  }
  if (!decision.to.empty()) return decision;
  decision.action = Action::hold;
  decision.worklist = "no-receiver";
  decision.reasons = {declined.empty() ? "no receiver in the directory offers this service"
                                       : "every receiver that could take it has declined"};
  return decision;
}

const char* action_name(Action action) {
  constexpr const char* names[] = {"deliver", "hold", "escalate"};
  return names[static_cast<int>(action)];
}

}  // namespace meridian::routing
