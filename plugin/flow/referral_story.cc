// SPDX-License-Identifier: Apache-2.0
#include "flow/referral_story.h"

#include <algorithm>

#include "flow/explain.h"
#include "flow/stored_json.h"

namespace meridian::flow {
namespace {

const char* lane_of(Rank rank) {
  switch (rank) {
    case Rank::said:
      return "hospital";
    case Rank::answered:
      return "clinic";
    default:
      return "meridian";
  }
}

StoryEntry entry_of(Happening happening) {
  StoryEntry entry;
  if (happening.at != Instant::max()) entry.at = happening.at;
  entry.who = lane_of(happening.rank);
  entry.what = std::move(happening.what);
  entry.details = std::move(happening.details);
  return entry;
}

std::vector<Candidate> candidates_in(const std::string& decision) {
  const auto json = parsed(decision);
  std::vector<Candidate> candidates;
  const auto* list = list_in(json, "candidates");
  if (list == nullptr) return candidates;
  for (const auto& one : list->GetArray()) {
    candidates.push_back(
        {text_in(one, "id"), text_in(one, "name"), flag_in(one, "taken"), text_in(one, "why")});
  }
  return candidates;
}

DeliveryLine line_of(const store::DeliveryRow& row) {
  DeliveryLine line;
  line.number = row.number;
  line.to = row.destination.str();
  line.kind = row.kind;
  line.state = store::delivery_state_name(row.state);
  line.attempts = row.attempts;
  line.maybe_arrived = row.maybe_arrived || row.state == store::DeliveryState::ambiguous;
  line.error = row.error;
  if (row.state == store::DeliveryState::queued) line.due = row.due;
  line.settled = row.settled_at;
  return line;
}

}  // namespace

Result<ReferralStory> story_of(const Core& core, const ReferralId& id) {
  const auto found = core.store.referral(id);
  if (!found) return found.error();
  if (!*found) return Error{ErrorCode::not_found, "story", "there is no such referral"};
  const auto& row = **found;
  const auto deliveries = core.store.deliveries(id);
  if (!deliveries) return deliveries.error();
  auto happenings = told(core, row, *deliveries, false);
  if (!happenings) return happenings.error();
  ReferralStory story{id.str(),
                      row.source.str(),
                      row.order_ref,
                      row.direction,
                      row.state,
                      row.owner,
                      row.worklist,
                      row.destination.str(),
                      row.created_at,
                      row.updated_at,
                      {},
                      candidates_in(row.decision),
                      {},
                      {}};
  for (auto& one : *happenings) story.entries.push_back(entry_of(std::move(one)));
  for (const auto& delivery : *deliveries) story.deliveries.push_back(line_of(delivery));
  for (const auto& peer : core.peers.list) {
    const bool other = peer->renderer && peer->kind == PeerKind::clinic;
    if (other && peer->id != story.destination) story.receivers.push_back(peer->id);
  }
  return story;
}

}  // namespace meridian::flow
