// SPDX-License-Identifier: Apache-2.0
// The state machine of a referral on one page: states, who has the next action, on which worklist,
// by when; events, who may say them, where from, and what they make of it. All that is asked of it
// elsewhere (fold, legal actions, clocks, tests) is read off these two tables.
// Source: reference referral-standards section 4, whose numbers stand behind the states. Its state
// 10, redirected, is one of an offer and not of a referral: the referral goes on with the next
// clinic, and the clinic that it left reads "redirected" on its Task.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace meridian::routing {

/// Business state of a referral. What happened to a delivery is kept elsewhere. Names are stored.
enum class State {
  noted,                  ///< the order was received; not assessed yet (0)
  held,                   ///< a check asks for a person or an answer (1, its BLOCKED)
  emergency,              ///< an emergency rule fired; a named contact must acknowledge
  emergency_known,        ///< the contact acknowledged; nothing is sent
  sending,                ///< released, not yet with the clinic (2)
  undelivered,            ///< no way to the clinic worked (3)
  delivered,              ///< the clinic's system has it (4)
  in_triage,              ///< a person at the clinic opened it (5)
  need_info,              ///< the clinic asked something (6)
  waitlisted,             ///< accepted, no room yet (7)
  accepted,               ///< (8)
  declined,               ///< (9)
  unreachable,            ///< the clinic cannot reach the patient (11)
  scheduled,              ///< (12)
  no_show,                ///< (13)
  appointment_cancelled,  ///< and no other one yet (14)
  in_course,              ///< a visit happened (15)
  on_hold,                ///< paused by surgery, safety or authorisation (16, its HELD)
  extension_asked,        ///< the clinic asks for more visits (17)
  safety_return,          ///< the clinic found a red flag; a named contact must acknowledge (18)
  safety_known,           ///< the contact acknowledged; the surgeon decides
  reported,               ///< the final report is there (19)
  unread,                 ///< it is in the surgeon's record, and who ordered has not read it (19)
  closed,                 ///< the report is in the surgeon's record (20)
  cancel_asked,           ///< cancelled by the surgeon after it was sent; clinic must confirm (21)
  cancelled,              ///< (22)
  lapsed,                 ///< its last deadline passed (23)
  lost,                   ///< the patient never came, and the surgeon's side gave up (24)
  recall_asked,           ///< the order was a mistake, and a clinic still has what was sent
  entered_in_error,       ///< (25)
};
inline constexpr int state_count = static_cast<int>(State::entered_in_error) + 1;

/// What can happen. Names are stored; add, never rename. In each actor's rows a later one is
/// stronger when the sequences are equal.
enum class EventKind {
  ordered,             ///< surgeon: the order, new or changed
  answered,            ///< surgeon's side: a screening answer came
  signed_off,          ///< a named person overrode a hold
  patient_linked,      ///< a named person said whose record is meant
  patient_unlinked,    ///< and took it back
  return_released,     ///< a named person sent the prepared referral to the surgeon
  return_dismissed,    ///< or said why it is not sent
  report_read,         ///< surgeon's side: a named person had the report on a page of ours
  replied,             ///< what the clinic asked with that sequence is answered
  order_on_hold,       ///< surgeon: the order is paused; `ordered` goes on
  revoked,             ///< surgeon: the order was revoked
  lost,                ///< surgeon's side: the patient never came
  recall_confirmed,    ///< a named person knows that a clinic destroyed what it had
  entered_in_error,    ///< surgeon: the order was a mistake
  held,                ///< engine
  released,            ///< engine: decision to send
  emergency,           ///< engine
  lapsed,              ///< engine: the last deadline passed
  sent,                ///< engine: the clinic's system took it
  undelivered,         ///< engine: permanent failure
  written_back,        ///< engine: the final report is in the surgeon's record
  reading_asked,       ///< engine: the site wants to know that the report is read
  reading_waived,      ///< engine: it does not any more
  reopened,            ///< engine: a look after sending found what would hold it
  confirmed,           ///< engine: a later look found that the decision stands again
  reminded,            ///< engine: a deadline passed, and its owner was told
  overdue,             ///< engine: a later one passed, and the surgeon's side was told
  passed_over,         ///< engine: the clinic stays silent; it is offered no more
  clinic_received,     ///< clinic: Task received or requested
  clinic_opened,       ///< clinic: a person looked at it
  clinic_asked,        ///< clinic: something is missing
  clinic_waitlisted,   ///< clinic
  clinic_accepted,     ///< clinic
  clinic_unreachable,  ///< clinic: the patient could not be reached
  clinic_scheduled,    ///< clinic
  clinic_appointment_cancelled,  ///< clinic
  clinic_no_show,                ///< clinic
  clinic_visited,                ///< clinic
  clinic_on_hold,                ///< clinic
  clinic_extension_asked,        ///< clinic
  clinic_declined,               ///< clinic
  clinic_cancelled,              ///< clinic: cancel confirmed, or called off by the clinic
  clinic_recalled,               ///< clinic: what was sent in error is destroyed
  clinic_safety_return,          ///< clinic: a red flag was found
  clinic_reported,               ///< clinic: completed
  alert_acknowledged,            ///< contact: the emergency
  safety_acknowledged,           ///< contact: the clinic's red flag
};
inline constexpr int event_count = static_cast<int>(EventKind::safety_acknowledged) + 1;

enum class Actor { surgeon, engine, clinic, contact };

/// A set of states.
struct States {
  std::uint64_t bits = 0;
  constexpr States() = default;
  constexpr States(std::initializer_list<State> states) {
    for (const auto state : states) bits |= bit(state);
  }
  constexpr bool has(State state) const { return (bits & bit(state)) != 0; }
  friend constexpr States operator|(States a, States b) {
    States both;
    both.bits = a.bits | b.bits;
    return both;
  }
  static constexpr std::uint64_t bit(State state) { return std::uint64_t{1} << int(state); }
};

/// A length of time. Business days are of the site's calendar.
struct Span {
  enum Unit { minutes, hours, days, business_days };
  int amount = 0;
  Unit unit = minutes;
  friend constexpr bool operator==(Span, Span) = default;
};

/// What is done when a deadline passes.
enum class Then {
  nothing,      ///< there is none
  remind,       ///< whoever has the next action is told again
  escalate,     ///< the surgeon's side gets it, on the worklist "overdue"
  next_clinic,  ///< it is offered to the next clinic that may have it; if none, as escalate
  lapse,        ///< it ends
};

/// Counted from the instant at which the state began; in scheduled, from the visit.
struct Deadline {
  Then then = Then::nothing;
  Span routine{};
  Span urgent{};
  friend constexpr bool operator==(const Deadline&, const Deadline&) = default;
};
inline constexpr int deadline_limit = 4;

struct StateRow {
  State state;
  const char* name;
  const char* owner;  ///< of the next action: engine, surgeon, clinic, contact; nobody: it is over
  const char* worklist;  ///< "" only when it is over
  bool with_clinic;      ///< the clinic has it and the visits are not over
  const char* ask;       ///< what the owner is asked when a deadline passes
  /// In the order of time. The last one comes again and again, unless it ended the referral.
  std::array<Deadline, deadline_limit> deadlines;
};

/// What an event is to the fold.
enum class Does {
  remarks,   ///< nothing by itself; the next look draws the conclusion
  says,      ///< the word of the surgeon's or the clinic's side; the latest one stands
  decides,   ///< the engine's decision; the latest one stands
  carries,   ///< what became of the packet of a decision to send
  completes  ///< changes a state that another event made; `completions` says which
};

struct EventRow {
  EventKind kind;
  const char* name;
  Actor actor;
  Does does;
  /// Of the standing words of all the one with the highest rank makes the state. An outcome beats a
  /// cancel (BSeR TID 24), an emergency whatever the clinic has said so far, a mistake all.
  int rank;
  State to;
  States from;  ///< where it is legal; elsewhere it is kept, shown and changes nothing
};

/// A state that another event completes: of the same receiver, and for `replied` of the same
/// sequence. What was acknowledged or answered has another rank. Of several for one state the first
/// that happened counts, and then those of the state that it leads to.
struct Completion {
  State from;
  EventKind event;
  State to;
  int rank;
};

extern const std::array<StateRow, state_count> state_rows;
extern const std::array<EventRow, event_count> event_rows;
extern const std::array<Completion, 8> completions;

const StateRow& row_of(State state);
const EventRow& row_of(EventKind kind);

const char* state_name(State state);
std::optional<State> state_named(std::string_view name);
const char* event_name(EventKind kind);
std::optional<EventKind> event_named(std::string_view name);
Actor actor_of(EventKind kind);
const char* actor_name(Actor actor);

/// True when nothing more will happen by itself.
bool is_final(State state);
/// True when nothing more happens to the patient by it: it is final, or only its report waits for a
/// reader.
bool is_over(State state);
/// True in the states in which the clinic has it and the visits are not over: what is found now
/// must be told to the clinic.
bool is_with_clinic(State state);

}  // namespace meridian::routing
