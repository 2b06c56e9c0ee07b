// SPDX-License-Identifier: Apache-2.0
// What a peer's Task or an order says, as an event of the state machine. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/referral.h"
#include "routing/standing.h"

namespace meridian::routing {

/// Reads a receiver's Task. `appointments` are those the Task points to; a booked one makes
/// "in-progress" a scheduled referral. Nothing for a status that says nothing (draft, unknown).
/// Source: reference referral-standards 1.11 and section 4; BSeR TaskBusinessStatusCS 2.0.0-ballot.
std::optional<EventKind> clinic_event(const Task& task,
                                      const std::vector<Appointment>& appointments);

/// Reads the state of an order: ordered, revoked or entered_in_error; nothing for drafts.
std::optional<EventKind> order_event(const ServiceRequest& order);

}  // namespace meridian::routing
