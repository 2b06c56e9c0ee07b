// SPDX-License-Identifier: Apache-2.0
// Who may do what in which state, off the table of the state machine. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "routing/machine.h"

namespace meridian::routing {

/// The events that this actor may bring about in that state, in the order of the table. A clinic
/// brings them about by its Task (clinic_events.h says what a Task means), others at the Desk.
std::vector<EventKind> legal_actions(State state, Actor actor);

/// True when the event's own actor may bring it about in that state.
bool is_legal(State state, EventKind kind);

/// How a write stands to the referral that it is about.
enum class Write {
  legal,
  stale,    ///< it rests on another version: read again (HTTP 412)
  illegal,  ///< nobody may do that in this state, or this actor may not (HTTP 409)
};

/// Checks a write by `actor` that would bring about `kind`. `rests_on`: the version of the referral
/// that the writer saw; nothing when it carries none.
Write check_write(State state, std::int64_t version, Actor actor, EventKind kind,
                  std::optional<std::int64_t> rests_on);

}  // namespace meridian::routing
