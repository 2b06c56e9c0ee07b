// SPDX-License-Identifier: Apache-2.0
#include "routing/machine.h"

namespace meridian::routing {
namespace {

constexpr Span hours(int amount) {
  return {amount, Span::hours};
}
constexpr Span days(int amount) {
  return {amount, Span::days};
}
/// Business days.
constexpr Span bd(int amount) {
  return {amount, Span::business_days};
}

constexpr Deadline remind(Span routine, Span urgent) {
  return {Then::remind, routine, urgent};
}
constexpr Deadline escalate(Span routine, Span urgent) {
  return {Then::escalate, routine, urgent};
}
constexpr Deadline next_clinic(Span routine, Span urgent) {
  return {Then::next_clinic, routine, urgent};
}
constexpr Deadline lapse(Span routine, Span urgent) {
  return {Then::lapse, routine, urgent};
}

using enum State;

/// Nobody has answered yet, or only so far.
constexpr States early = {sending,   undelivered, delivered, in_triage,
                          need_info, waitlisted,  accepted,  unreachable};
/// There is, or was, a booking.
constexpr States booked = {scheduled, no_show, appointment_cancelled, in_course, extension_asked};
/// An answer proves delivery: what a clinic may say it may say before we know that it has it.
constexpr States with = early | booked | States{on_hold};
constexpr States ended = {unread, closed, cancelled, lapsed, lost, recall_asked, entered_in_error};
constexpr States before = {noted, held, emergency, emergency_known};
constexpr States returned = {declined, safety_return, safety_known};
constexpr States open = before | with | returned | States{reported, cancel_asked};

}  // namespace

// Deadlines: routine, then urgent. Source: reference referral-standards section 4, column "timer",
// whose values no standard fixes; where it has one value the urgent one is ours, and so is each
// lapse. [clocks] of the configuration replaces them.
constexpr std::array<StateRow, state_count> state_rows = {{
    // clang-format off
    {noted, "noted", "engine", "in-assessment", false, "look why it was not assessed",
     {escalate(bd(1), hours(4))}},
    {held, "held", "surgeon", "letters-outstanding", false, "answer what is missing, sign it off, or revoke the order",
     {remind(bd(2), bd(1)), escalate(bd(5), bd(2))}},
    {emergency, "emergency", "contact", "alerts", false, "acknowledge the alert",
     {escalate(hours(1), hours(1))}},
    {emergency_known, "emergency_known", "surgeon", "emergencies-known", false, "revoke the order, or order anew after the emergency",
     {remind(bd(2), bd(1)), lapse(bd(20), bd(20))}},
    {sending, "sending", "engine", "being-sent", false, "look why it does not reach the clinic",
     {escalate(bd(1), hours(1))}},
    {undelivered, "undelivered", "surgeon", "undelivered", false, "reach the clinic by phone, send again, or choose another clinic",
     {remind(bd(1), hours(2)), escalate(bd(2), bd(1)), lapse(bd(30), bd(15))}},
    {delivered, "delivered", "clinic", "awaiting-clinic", true, "accept or decline",
     {remind(bd(2), hours(4)), escalate(bd(5), bd(1)), next_clinic(bd(10), bd(2)), lapse(bd(40), bd(20))}},
    {in_triage, "in_triage", "clinic", "awaiting-clinic", true, "accept or decline",
     {remind(bd(3), hours(4)), escalate(bd(5), bd(1)), next_clinic(bd(10), bd(2)), lapse(bd(40), bd(20))}},
    {need_info, "need_info", "surgeon", "clinic-asks", true, "answer what the clinic asked",
     {remind(bd(3), bd(1)), escalate(bd(10), bd(2)), lapse(bd(40), bd(20))}},
    {waitlisted, "waitlisted", "clinic", "waitlisted", true, "book a visit, or decline so that another clinic can",
     {remind(bd(10), bd(2)), next_clinic(bd(20), bd(5)), lapse(bd(60), bd(30))}},
    {accepted, "accepted", "clinic", "awaiting-booking", true, "book a visit",
     {remind(bd(5), bd(1)), escalate(bd(10), bd(2)), lapse(bd(40), bd(20))}},
    {declined, "declined", "surgeon", "declined", false, "choose another clinic, or revoke the order",
     {remind(bd(1), hours(2)), escalate(bd(2), bd(1)), lapse(bd(30), bd(15))}},
    {unreachable, "unreachable", "clinic", "patient-unreachable", true, "reach the patient",
     {escalate(bd(10), bd(2)), lapse(bd(40), bd(20))}},
    {scheduled, "scheduled", "clinic", "awaiting-visit", true, "say whether the visit took place",
     {remind(bd(1), bd(1)), escalate(bd(5), bd(2)), lapse(bd(40), bd(20))}},
    {no_show, "no_show", "clinic", "to-rebook", true, "book another visit",
     {remind(bd(3), bd(1)), escalate(bd(5), bd(2)), lapse(bd(40), bd(20))}},
    {appointment_cancelled, "appointment_cancelled", "clinic", "to-rebook", true, "book another visit",
     {remind(bd(3), bd(1)), escalate(bd(5), bd(2)), lapse(bd(40), bd(20))}},
    {in_course, "in_course", "clinic", "in-course", true, "tell the visits and scores, or send the report",
     {remind(days(14), days(14)), escalate(days(21), days(21)), lapse(days(90), days(90))}},
    {on_hold, "on_hold", "surgeon", "on-hold", true, "say whether it goes on",
     {remind(bd(10), bd(5)), escalate(bd(20), bd(10))}},
    {extension_asked, "extension_asked", "surgeon", "extension-asked", true, "say whether there may be more visits",
     {remind(bd(3), bd(1)), escalate(bd(5), bd(2)), lapse(bd(40), bd(20))}},
    {safety_return, "safety_return", "contact", "alerts", false, "acknowledge the alert",
     {escalate(hours(1), hours(1))}},
    {safety_known, "safety_known", "surgeon", "safety-returns", false, "decide what follows from the red flag",
     {remind(bd(1), hours(4)), escalate(bd(2), bd(1))}},
    {reported, "reported", "engine", "being-written-back", false, "look why the report is not in the record",
     {escalate(bd(1), hours(4))}},
    {unread, "unread", "surgeon", "reports-unread", false, "read the clinic's report",
     {remind(bd(5), bd(2)), escalate(bd(15), bd(5))}},
    {closed, "closed", "nobody", "", false, "", {}},
    {cancel_asked, "cancel_asked", "clinic", "cancel-to-confirm", false, "confirm that it is cancelled",
     {remind(bd(1), hours(2)), escalate(bd(2), hours(4))}},
    {cancelled, "cancelled", "nobody", "", false, "", {}},
    {lapsed, "lapsed", "nobody", "", false, "", {}},
    {lost, "lost", "nobody", "", false, "", {}},
    {recall_asked, "recall_asked", "clinic", "recall-unconfirmed", false, "destroy what was sent in error, and confirm it",
     {remind(hours(4), hours(1)), escalate(bd(1), hours(4))}},
    {entered_in_error, "entered_in_error", "nobody", "", false, "", {}},
    // clang-format on
}};

namespace {

using enum Does;
constexpr auto surgeon = Actor::surgeon;
constexpr auto engine = Actor::engine;
constexpr auto clinic = Actor::clinic;
constexpr auto contact = Actor::contact;
using K = EventKind;

}  // namespace

constexpr std::array<EventRow, event_count> event_rows = {{
    // clang-format off
    {K::ordered, "ordered", surgeon, says, 0, noted, open | ended},
    {K::answered, "answered", surgeon, remarks, 0, noted, before | with | returned},
    {K::signed_off, "signed_off", surgeon, remarks, 0, noted, before | with | returned},
    {K::patient_linked, "patient_linked", surgeon, remarks, 0, noted, before | with | returned},
    {K::patient_unlinked, "patient_unlinked", surgeon, remarks, 0, noted, before | with | returned},
    {K::return_released, "return_released", surgeon, remarks, 0, noted, with | returned | States{reported, unread, closed}},
    {K::return_dismissed, "return_dismissed", surgeon, remarks, 0, noted, with | returned | States{reported, unread, closed}},
    {K::report_read, "report_read", surgeon, completes, 0, closed, {reported, unread, closed}},
    {K::replied, "replied", surgeon, completes, 0, noted, {need_info, extension_asked}},
    {K::order_on_hold, "order_on_hold", surgeon, says, 30, on_hold, before | with},
    {K::revoked, "revoked", surgeon, says, 60, cancel_asked, open},
    {K::lost, "lost", surgeon, says, 60, lost, {unreachable, no_show, appointment_cancelled}},
    {K::recall_confirmed, "recall_confirmed", surgeon, completes, 0, entered_in_error, {recall_asked}},
    {K::entered_in_error, "entered_in_error", surgeon, says, 90, recall_asked, open | ended},
    {K::held, "held", engine, decides, 10, held, before | with | returned},
    {K::released, "released", engine, decides, 10, sending, before | with | returned},
    {K::emergency, "emergency", engine, decides, 70, emergency, before | with | returned},
    {K::lapsed, "lapsed", engine, decides, 50, lapsed, before | with | returned},
    {K::sent, "sent", engine, carries, 10, delivered, open | ended},
    {K::undelivered, "undelivered", engine, carries, 10, undelivered, open | ended},
    {K::written_back, "written_back", engine, completes, 0, closed, {reported}},
    {K::reading_asked, "reading_asked", engine, completes, 0, unread, {reported}},
    {K::reading_waived, "reading_waived", engine, completes, 0, closed, {unread}},
    {K::reopened, "reopened", engine, remarks, 0, noted, with},
    {K::confirmed, "confirmed", engine, remarks, 0, noted, with},
    {K::reminded, "reminded", engine, remarks, 0, noted, open | States{unread, recall_asked}},
    {K::overdue, "overdue", engine, remarks, 0, noted, open | States{unread, recall_asked}},
    {K::passed_over, "passed_over", engine, remarks, 0, noted, {delivered, in_triage, waitlisted}},
    {K::clinic_received, "clinic_received", clinic, says, 20, delivered, {sending, undelivered, delivered, need_info, on_hold}},
    {K::clinic_opened, "clinic_opened", clinic, says, 20, in_triage, {sending, undelivered, delivered, in_triage, need_info}},
    {K::clinic_asked, "clinic_asked", clinic, says, 20, need_info, with},
    {K::clinic_waitlisted, "clinic_waitlisted", clinic, says, 20, waitlisted, early | States{on_hold, declined}},
    {K::clinic_accepted, "clinic_accepted", clinic, says, 20, accepted, early | States{on_hold, declined}},
    {K::clinic_unreachable, "clinic_unreachable", clinic, says, 20, unreachable, with},
    {K::clinic_scheduled, "clinic_scheduled", clinic, says, 20, scheduled, with | States{declined}},
    {K::clinic_appointment_cancelled, "clinic_appointment_cancelled", clinic, says, 20, appointment_cancelled, with},
    {K::clinic_no_show, "clinic_no_show", clinic, says, 20, no_show, with},
    {K::clinic_visited, "clinic_visited", clinic, says, 20, in_course, with | States{declined}},
    {K::clinic_on_hold, "clinic_on_hold", clinic, says, 20, on_hold, with},
    {K::clinic_extension_asked, "clinic_extension_asked", clinic, says, 20, extension_asked, booked | States{accepted, on_hold}},
    {K::clinic_declined, "clinic_declined", clinic, says, 40, declined, with | States{declined, emergency, emergency_known, cancel_asked, recall_asked}},
    {K::clinic_cancelled, "clinic_cancelled", clinic, says, 40, cancelled, with | States{declined, emergency, emergency_known, cancel_asked, lapsed, recall_asked}},
    {K::clinic_recalled, "clinic_recalled", clinic, completes, 0, entered_in_error, {recall_asked}},
    {K::clinic_safety_return, "clinic_safety_return", clinic, says, 75, safety_return, with | returned | States{emergency, emergency_known, cancel_asked, cancelled, lapsed, lost}},
    {K::clinic_reported, "clinic_reported", clinic, says, 80, reported, open | States{unread, closed, cancelled, lapsed, lost}},
    {K::alert_acknowledged, "alert_acknowledged", contact, completes, 0, emergency_known, {emergency}},
    {K::safety_acknowledged, "safety_acknowledged", contact, completes, 0, safety_known, {safety_return}},
    // clang-format on
}};

constexpr std::array<Completion, 8> completions = {{
    {reported, K::reading_asked, unread, 80},
    {reported, K::written_back, closed, 80},
    {unread, K::report_read, closed, 80},
    {unread, K::reading_waived, closed, 80},
    // Nobody may hide an alarm before it is known; then the surgeon may end the referral.
    {emergency, K::alert_acknowledged, emergency_known, 45},
    {safety_return, K::safety_acknowledged, safety_known, 45},
    {need_info, K::replied, in_triage, 20},
    {extension_asked, K::replied, in_course, 20},
}};

namespace {

/// A row stands where its number says, so that looking up is indexing.
template <typename Rows, typename Member>
constexpr bool in_order(const Rows& rows, Member member) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (static_cast<std::size_t>(rows[i].*member) != i) return false;
  }
  return true;
}
static_assert(in_order(state_rows, &StateRow::state));
static_assert(in_order(event_rows, &EventRow::kind));
static_assert(state_count <= 64);

}  // namespace

const StateRow& row_of(State state) {
  return state_rows[static_cast<std::size_t>(state)];
}

const EventRow& row_of(EventKind kind) {
  return event_rows[static_cast<std::size_t>(kind)];
}

const char* state_name(State state) {
  return row_of(state).name;
}

std::optional<State> state_named(std::string_view name) {
  for (const auto& row : state_rows) {
    if (row.name == name) return row.state;
  }
  return std::nullopt;
}

const char* event_name(EventKind kind) {
  return row_of(kind).name;
}

std::optional<EventKind> event_named(std::string_view name) {
  for (const auto& row : event_rows) {
    if (row.name == name) return row.kind;
  }
  return std::nullopt;
}

Actor actor_of(EventKind kind) {
  return row_of(kind).actor;
}

const char* actor_name(Actor actor) {
  constexpr const char* names[] = {"surgeon", "engine", "clinic", "contact"};
  return names[static_cast<int>(actor)];
}

bool is_final(State state) {
  return row_of(state).worklist[0] == '\0';
}

bool is_over(State state) {
  return is_final(state) || state == State::unread;
}

bool is_with_clinic(State state) {
  return row_of(state).with_clinic;
}

}  // namespace meridian::routing
