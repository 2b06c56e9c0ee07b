// SPDX-License-Identifier: Apache-2.0
// The state of a referral as a fold of its events: per actor by the actor's own sequence, between
// actors by the ranks of the table (machine.h). Any order of arrival of one set of events ends in
// one state. Source: DESIGN section 6; reference referral-standards section 4.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "routing/machine.h"

namespace meridian::routing {

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

/// Of each event whether it was a word of the current receiver that was illegal where that receiver
/// stood: it is kept and shown, and changes nothing. In the order of `events`.
std::vector<bool> without_effect(const std::vector<Event>& events);

/// True when the last of `events` is such a word, and more than a late one: an acceptance of what
/// is booked was said by the booking (rule 2), a booking of what is over contradicts it (rule 3).
/// Source: reference referral-standards section 4
bool ends_illegally(const std::vector<Event>& events);

/// The latest thing that the clinic asked and nobody answered; empty when there is none.
std::string open_question(const std::vector<Event>& events);

/// Receivers, present and past, that got what was sent and did not confirm its recall; by id.
std::vector<std::string> unconfirmed_recalls(const std::vector<Event>& events);

/// True when the decision to send is open again: a mark beside the state, since what the clinic
/// says (accepted, scheduled ...) stays true and goes on. It ends with a confirmation, a new
/// release or hold, and counts only while the clinic has the referral. The order of `events` does
/// not matter.
bool is_reopened(const std::vector<Event>& events);

/// Whose turn it is in a state, and the worklist that shows it ("" when it is over). `reopened`: a
/// person at the surgeon's side decides first, whatever the clinic does meanwhile.
struct Turn {
  std::string_view owner;     ///< engine, surgeon, clinic, contact, nobody
  std::string_view worklist;  ///< letters-outstanding, alerts, awaiting-clinic ...
};
Turn turn_of(State state, bool reopened = false);

}  // namespace meridian::routing
