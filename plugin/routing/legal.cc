// SPDX-License-Identifier: Apache-2.0
#include "routing/legal.h"

namespace meridian::routing {

std::vector<EventKind> legal_actions(State state, Actor actor) {
  std::vector<EventKind> kinds;
  for (const auto& row : event_rows) {
    if (row.actor == actor && row.from.has(state)) kinds.push_back(row.kind);
  }
  return kinds;
}

bool is_legal(State state, EventKind kind) {
  return row_of(kind).from.has(state);
}

Write check_write(State state, std::int64_t version, Actor actor, EventKind kind,
                  std::optional<std::int64_t> rests_on) {
  if (rests_on && *rests_on != version) return Write::stale;
  return actor_of(kind) == actor && is_legal(state, kind) ? Write::legal : Write::illegal;
}

}  // namespace meridian::routing
