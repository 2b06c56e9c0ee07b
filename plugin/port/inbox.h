// SPDX-License-Identifier: Apache-2.0
// What a clinic without software of its own sees of its referrals, and what it may say of them.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "port/caller.h"

namespace meridian {

/// Where a referral stands for the clinic, in the order in which a list shows it.
enum class InboxGroup { fresh, ours, theirs, booked, in_course, closed };
inline constexpr std::size_t inbox_groups = 6;

/// What a clinic may say. `give_back`: the course ends and the patient goes back to the surgeon.
/// `confirm`: what the referring side ended is ended here too.
enum class InboxAct {
  accept,
  decline,
  ask,
  propose,
  book,
  visit,
  missed,
  report,
  give_back,
  red_flag,
  confirm
};

/// The word of an act in addresses and catalogues, "give-back".
std::string_view inbox_act_name(InboxAct act);
std::optional<InboxAct> inbox_act_named(std::string_view name);

/// One referral in the list.
struct InboxLine {
  std::string referral;
  std::string patient;   ///< name; empty when it was not told
  std::string born;      ///< as far as it is known, "1961-05-09"
  std::string ordered;   ///< what for
  std::string from;      ///< the organisation that refers
  std::string priority;  ///< routine, urgent, asap or stat
  InboxGroup group = InboxGroup::fresh;
  std::string state;  ///< a word of our state machine or of FHIR's Task.status, "need_info"
  Instant since;      ///< the latest change of the state
  Instant arrived;
  std::optional<Instant> visit;  ///< the next booked visit
};

/// One statement of the packet.
struct InboxStatement {
  std::string part;    ///< flag, caution, missing, annotation, packet, coverage, pain-type,
                       ///< guideline, validity, withheld or notice
  std::string text;    ///< without rule and source
  std::string rule;    ///< empty where none is told
  std::string source;  ///< title of the published source; its id where it has no title
  std::string link;    ///< https address of the source; empty for none
};

/// Something on record, or said in the order: a label of the word catalogue and its text.
struct InboxFact {
  std::string label;  ///< surgery, medication, diagnosis, allergy, coverage
  std::string text;
};

/// A report of the packet, as it was written.
struct InboxReport {
  std::string title;
  std::string text;
};

/// One thing that happened, the latest last.
struct InboxEvent {
  Instant at;
  bool by_clinic = false;
  std::string state;               ///< the state afterwards, where it changed
  std::vector<std::string> notes;  ///< "Nurse A. Birch: ..."
  std::optional<Instant> visit;    ///< of an appointment that was booked
  bool report = false;             ///< a note of the clinic came with it
  std::vector<InboxFact> scores;   ///< instrument and value
};

/// One referral as its page shows it.
struct InboxReferral {
  InboxLine line;
  int version = 0;  ///< what a form is based on
  std::string gender;
  std::string phone;
  std::vector<std::string> numbers;  ///< of the patient, for the phone call
  std::string languages;
  std::string surgeon;
  std::string surgeon_phone;
  std::string reason;
  std::vector<std::string> questions;  ///< what the surgeon asks
  std::string answer_by;               ///< FHIR day or instant until which the offer stands
  std::vector<InboxStatement> statements;
  std::vector<InboxFact> facts;
  std::vector<InboxReport> reports;
  std::vector<InboxEvent> timeline;
  std::vector<InboxAct> acts;  ///< what may be said now
  bool printable = false;      ///< the packet is there as PDF
};

/// A reason for which a clinic declines, as fhir-profiles/guide lists it.
struct InboxReason {
  std::string code;
  std::string en;
  std::string es;
};

/// A score that a visit can record.
struct InboxScale {
  std::string_view instrument;  ///< word of the concept map outcome-instrument
  double most;                  ///< the least is 0
};
/// Numeric pain rating; Oswestry in per cent; Roland-Morris; PEG.
/// Source: the instruments' own ranges, fhir-profiles/codesystems/CodeSystem-instrument.json.
inline constexpr std::array<InboxScale, 4> inbox_scales = {
    {{"NRS", 10}, {"ODI", 100}, {"RMDQ", 24}, {"PEG", 10}}};

/// One form as a person sent it. What an act does not need is left empty.
struct InboxGiven {
  InboxAct act = InboxAct::accept;
  std::string form;  ///< names this sending: to send it again changes nothing; 1 to 200 characters
  int version = 0;   ///< InboxReferral::version that the person saw
  std::string by;    ///< who says it
  std::string text;  ///< reason, question, note, finding
  std::string reason;          ///< InboxReason::code
  std::vector<Instant> times;  ///< book: one; propose: 1 to 3; visit: its day
  std::vector<std::pair<std::string, double>> scores;  ///< by InboxScale::instrument
  std::string adverse;  ///< none, mild, moderate or serious; empty: not asked
};

/// A download.
struct InboxFile {
  std::string name;
  std::string media_type;
  std::string bytes;
};

/// Each call is for the clinic that the caller speaks for and no other. Thread-safe, blocking.
/// Errors besides: forbidden; not_found, also for a referral of another clinic; store errors.
class Inbox {
 public:
  virtual ~Inbox() = default;
  /// All referrals, the longest wait first within each group.
  virtual Result<std::vector<InboxLine>> list(const Caller& caller) = 0;
  /// Keeps in the audit that these patients were shown.
  virtual Result<void> note_reading(const Caller& caller,
                                    const std::vector<std::string>& referrals) = 0;
  virtual Result<InboxReferral> open(const Caller& caller, std::string_view referral) = 0;
  /// Returns when it is durable; the same form again changes nothing. Errors: stale (it changed
  /// since that version), conflict (it may not be said now, or this form said something else
  /// before), invalid (something needed is missing or out of range).
  virtual Result<void> act(const Caller& caller, std::string_view referral,
                           const InboxGiven& given) = 0;
  /// The packet as PDF; not_found when there is none.
  virtual Result<InboxFile> print(const Caller& caller, std::string_view referral) = 0;
  /// All that the clinic may read of it, as a FHIR Bundle of type collection.
  virtual Result<InboxFile> bundle(const Caller& caller, std::string_view referral) = 0;
  virtual const std::vector<InboxReason>& decline_reasons() const = 0;
};

}  // namespace meridian
