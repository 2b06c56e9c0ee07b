// SPDX-License-Identifier: Apache-2.0
// What a surgeon sees of a patient's referrals inside the EHR, and what may be done there.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "port/statements.h"

namespace meridian {

/// `reply`: what the clinic asked. `cancel`: the referral ends, whatever the EHR's order says
/// later. `sign_off`: a hold is overridden. `release`, `dismiss`: the way back to a surgeon that a
/// course prepared.
enum class SurgeonAct { acknowledge, reply, sign_off, release, dismiss, cancel };
inline constexpr std::array surgeon_acts = {SurgeonAct::acknowledge, SurgeonAct::reply,
                                            SurgeonAct::sign_off,    SurgeonAct::release,
                                            SurgeonAct::dismiss,     SurgeonAct::cancel};

/// The word of an act in addresses, catalogues and the audit: "sign-off".
std::string_view surgeon_act_name(SurgeonAct act);
std::optional<SurgeonAct> surgeon_act_named(std::string_view name);

/// One thing that happened.
struct SurgeonEvent {
  Instant at;
  std::string kind;              ///< name of an event of the state machine: clinic_scheduled
  std::string receiver;          ///< name of the clinic that it is about; empty for none
  std::string by;                ///< who said it, where a person is named
  std::string text;              ///< what they said
  std::optional<Instant> visit;  ///< that was booked
};

struct SurgeonScore {
  Day day;
  double value = 0;
  std::string written;  ///< as in the record
};

/// The scores of one measure, the oldest first; never empty.
struct SurgeonCurve {
  std::string instrument;  ///< NRS, ODI ...
  double lowest = 0;
  double highest = 0;
  bool lower_is_better = true;
  std::vector<SurgeonScore> scores;
};

/// What a clinic wrote.
struct SurgeonNote {
  Instant at;
  std::string from;  ///< name of the clinic
  std::string text;
};

/// An alarm that nobody acknowledged yet.
struct SurgeonAlert {
  std::string id;
  std::string rule;
  std::string text;
  Instant raised_at;
};

struct SurgeonReferral {
  std::string id;
  std::int64_t version = 0;  ///< what a form rests on
  std::string order;         ///< "ServiceRequest/5"
  std::string direction;     ///< to_acupuncture or to_surgeon
  std::string state;
  std::string owner;             ///< whose turn it is: surgeon, clinic, engine, contact, nobody
  std::string worklist;          ///< empty when it is over
  std::string clinic;            ///< name of who has it; empty before it is sent
  std::optional<Instant> until;  ///< the next action is due then
  Instant ordered_at;
  Instant changed_at;
  std::string question;  ///< what the clinic asks, while nobody answered
  std::vector<SurgeonAlert> alerts;
  std::vector<HoldLine> holds;  ///< while it is held
  std::string form;             ///< link to the questions that a page can answer; empty for none
  std::optional<PreparedReturnView> prepared;  ///< that waits for a named person
  std::vector<SurgeonCurve> curves;
  std::vector<Day> visits;  ///< days on which the patient was treated, the oldest first
  std::vector<Day> booked;
  std::vector<SurgeonNote> notes;    ///< the newest first
  std::vector<SurgeonEvent> events;  ///< the newest first
  std::vector<SurgeonAct> acts;      ///< what may be done now
};

/// What somebody sent on a form.
struct SurgeonGiven {
  SurgeonAct act = SurgeonAct::reply;
  std::string referral;
  std::int64_t version = 0;        ///< SurgeonReferral::version that the person saw
  std::string text;                ///< answer or reason; acknowledge and release need none
  std::string alert;               ///< acknowledge: SurgeonAlert::id
  std::vector<std::string> rules;  ///< sign_off: what was ticked
};

}  // namespace meridian
