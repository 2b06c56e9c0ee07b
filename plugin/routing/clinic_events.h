// SPDX-License-Identifier: Apache-2.0
// What a peer's Task or an order says, as an event of the state machine. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/referral.h"
#include "model/terminology.h"
#include "routing/standing.h"

namespace meridian::routing {

/// What changed at a receiver: its Task; or the first of its appointments, while its Task stayed.
enum class News { task, appointment };

/// Reads a receiver's Task: its status, refined by the words of businessStatus and statusReason
/// that the concept map "clinic-status" knows (a Task that is in progress is a no-show, on a
/// waiting list ...) and by the appointments that came with it. Where an appointment is the news,
/// it is the visit that took place, else what the appointments come to, while the Task is not
/// paused, over or to be ended. Nothing
/// for what says nothing (draft, unknown). Source: reference referral-standards 1.11 and section 4.
std::optional<EventKind> clinic_event(const Task& task,
                                      const std::vector<Appointment>& appointments,
                                      const Terminology& terminology, News news = News::task);

/// Reads the state of an order: ordered, order_on_hold, revoked or entered_in_error; nothing for
/// drafts.
std::optional<EventKind> order_event(const ServiceRequest& order);

}  // namespace meridian::routing
