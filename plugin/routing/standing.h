// SPDX-License-Identifier: Apache-2.0
// The state of a referral as a fold of its events: per actor by the actor's own sequence, between
// actors by a precedence table. Any order of arrival of one set of events ends in one state.
// Source: DESIGN section 6; states and numbers of reference referral-standards section 4.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meridian::routing {

/// Business state of a referral. What happened to a delivery is kept elsewhere.
enum class State {
  noted,             ///< the order was received; not assessed yet (0 DRAFT)
  held,              ///< a check asks for a person or an answer (1 BLOCKED)
  emergency,         ///< an emergency rule fired; a named contact must acknowledge
  emergency_known,   ///< the contact acknowledged; nothing is sent
  sending,           ///< released, not yet with the clinic (2 SENT)
  undelivered,       ///< no way to the clinic worked (3)
  delivered,         ///< the clinic's system has it (4 RECEIVED)
  accepted,          ///< 8
  declined,          ///< 9
  scheduled,         ///< 12
  in_course,         ///< a visit happened (15)
  reported,          ///< the final report is there (19)
  closed,            ///< the report is in the surgeon's record (20)
  cancel_asked,      ///< cancelled by the surgeon after it was sent; clinic must confirm (21)
  cancelled,         ///< 22
  entered_in_error,  ///< 25
};

/// What can happen. Names are stored; add, never rename.
enum class EventKind {
  ordered,             ///< surgeon: the order, new or changed
  revoked,             ///< surgeon: the order was revoked
  entered_in_error,    ///< surgeon: the order was a mistake
  held,                ///< engine
  emergency,           ///< engine
  released,            ///< engine: decision to send
  sent,                ///< engine: the clinic's system took it
  undelivered,         ///< engine: permanent failure
  written_back,        ///< engine: the final report is in the surgeon's record
  reopened,            ///< engine: a look after sending found what would hold it; see is_reopened
  confirmed,           ///< engine: a later look found that the decision stands again
  answered,            ///< surgeon's side: a screening answer came; changes no state by itself
  clinic_received,     ///< clinic: Task received or requested
  clinic_accepted,     ///< clinic
  clinic_declined,     ///< clinic
  clinic_scheduled,    ///< clinic
  clinic_visited,      ///< clinic
  clinic_reported,     ///< clinic: completed
  clinic_cancelled,    ///< clinic: cancel confirmed, or called off by the clinic
  alert_acknowledged,  ///< contact
  signed_off,        ///< surgeon's side: a named person overrode a hold; changes no state by itself
  patient_linked,    ///< a named person said whose record is meant; changes no state by itself
  patient_unlinked,  ///< and took it back
  return_released,   ///< surgeon's side: a named person sent the prepared referral to the surgeon
  return_dismissed,  ///< or said why it is not sent; neither changes a state by itself
};

enum class Actor { surgeon, engine, clinic, contact };

const char* state_name(State state);
const char* event_name(EventKind kind);
std::optional<EventKind> event_named(std::string_view name);
Actor actor_of(EventKind kind);
const char* actor_name(Actor actor);

/// One event as the fold needs it.
struct Event {
  EventKind kind;
  std::string sequence;  ///< sorts within its actor; equal sequences: the stronger kind counts
  std::string offer{};   ///< the receiver it is about; empty where it is about none
};

/// The receiver that the referral was offered to last: that of the engine's latest release.
/// What happens with an earlier one changes the state no more.
std::string current_offer(const std::vector<Event>& events);

/// Folds events into a state. Pure; the order of `events` does not matter.
State fold(const std::vector<Event>& events);

/// True in the states in which the clinic has it and the visits are not over: what is found now
/// must be told to the clinic.
bool is_with_clinic(State state);

/// True when the decision to send is open again: a mark beside the state, since what the clinic
/// says (accepted, scheduled ...) stays true and goes on. It ends with a confirmation, a new
/// release or hold, and counts only while the clinic has the referral. The order of `events` does
/// not matter.
bool is_reopened(const std::vector<Event>& events);

/// True when nothing more will happen by itself.
bool is_final(State state);

/// Whose turn it is in a state, and the worklist that shows it ("" for none). `reopened`: a person
/// at the surgeon's side decides first, whatever the clinic does meanwhile.
struct Turn {
  std::string_view owner;     ///< engine, surgeon, clinic, contact, nobody
  std::string_view worklist;  ///< letters-outstanding, alerts, awaiting-clinic ...
};
Turn turn_of(State state, bool reopened = false);

}  // namespace meridian::routing
