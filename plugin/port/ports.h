// SPDX-License-Identifier: Apache-2.0
// The interfaces an adapter implements. The core knows adapters only by these.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/wall_clock.h"
#include "model/assessment.h"
#include "model/field_profile.h"
#include "model/record_set.h"
#include "port/envelope.h"
#include "port/posted.h"

namespace meridian {

/// Bytes to records: the stages parse and map. Pure; any thread.
class Reader {
 public:
  virtual ~Reader() = default;
  /// True when this reader takes the media type.
  virtual bool takes(std::string_view media_type) const = 0;
  /// True when a ref is where the record can be read at its source: FHIR's "Patient/17". False when
  /// it is a name made of numbers in the message.
  virtual bool gives_addresses() const { return true; }
  /// Errors: malformed, unsupported, too_large. Problems in the data are in RecordSet::issues.
  virtual Result<RecordSet> read(const Envelope& envelope) const = 0;
};

/// Where a source hands in what it received. Returns when it is committed (or refused).
class Inlet {
 public:
  virtual ~Inlet() = default;
  /// Blocks until the message is durable. The value is the answer for the sender.
  /// Errors: conflict (same key, other body), store errors, stopping.
  virtual Result<std::string> submit(Envelope envelope) = 0;
  /// The position of a poll, "" at first. Kept per source and name.
  virtual Result<std::string> cursor(const SourceId& source, std::string_view name) = 0;
  virtual Result<void> set_cursor(const SourceId& source, std::string_view name,
                                  std::string_view value) = 0;
  /// The same where several may write: `before` is what the change was made from. Errors: stale,
  /// when it is no longer there; store_busy, when somebody is at it.
  virtual Result<void> change_cursor(const SourceId& /*source*/, std::string_view /*name*/,
                                     std::string_view /*before*/, std::string_view /*value*/) {
    return Error{ErrorCode::unsupported, "inlet", "this inlet keeps nothing"};
  }
  /// True when a message of this id was taken from the source before, read or set aside.
  virtual Result<bool> knows(const SourceId& /*source*/, std::string_view /*sender_id*/) {
    return false;
  }
  /// How a look at the source ended, for whoever shows it.
  virtual void polled(const SourceId& /*source*/, const std::optional<Error>& /*failure*/) {}
  /// True when this node is the one that polls the source, at least for the next `interval`. Where
  /// two do so for a while nothing is lost or doubled.
  virtual Result<bool> may_poll(const SourceId& /*source*/,
                                std::chrono::milliseconds /*interval*/) {
    return true;
  }
};

/// Listens or polls, and hands envelopes to an inlet. Owns its threads.
class Source {
 public:
  virtual ~Source() = default;
  virtual Result<void> start(Inlet& inlet) = 0;
  /// What a poll would read next, at once and on the caller's thread; before start. A listener has
  /// nothing to read.
  virtual Result<void> read_now(Inlet&) { return {}; }
  /// Hands in what changed since an instant and was never taken, whatever was read meanwhile; on
  /// the caller's thread, also beside a running poll. The value is how many. Errors: unsupported,
  /// when there is nothing to ask; those of asking and of submit.
  virtual Result<int> read_back(Inlet&, Instant /*since*/) {
    return Error{ErrorCode::unsupported, "read back", "this source only listens"};
  }
  /// Something may have changed: look now. Any thread; many calls make one look at a time.
  virtual void wake() {}
  /// The server that this source reads tells of something. Returns when it needs no second telling.
  /// Any thread; short.
  virtual Result<void> hear(const Notice&) {
    wake();
    return {};
  }
  /// Returns when no thread of the source runs any more.
  virtual void stop() = 0;
};

/// What the message said that brought the order.
struct OrderSaid {
  RecordSet records;
  std::string patient;    ///< whom the order is for, among the records
  bool addresses = true;  ///< Reader::gives_addresses of who read it
};

/// A query that a gatherer makes of every patient, so that somebody who asks may bring its answer.
struct Query {
  std::string name;  ///< "conditions", "imaging-2"; "patient" for the patient's own record
  std::string text;  ///< "Condition?patient={patient}"
};

/// What somebody read already.
struct QueryAnswer {
  std::string name;   ///< Query::name
  std::string bytes;  ///< as the server gave it: the first page, or the record
};

/// One request for a patient's history.
struct GatherRequest {
  std::string patient_ref;              ///< "Patient/17" at that source
  std::vector<Identifier> identifiers;  ///< used when there is no reference
  /// "ServiceRequest/5", read again to have its latest state; one of `said` without addresses is
  /// taken as the message has it.
  std::string order_ref;
  /// What the message said; a patient that contradicts it is not taken. Empty: not said.
  Sensitive<PartialDate> birth_date{};
  std::string gender{};
  /// A named person said that the order means this patient: what the order says is not asked.
  bool confirmed = false;
  std::optional<OrderSaid> said{};  ///< nothing when the message is not kept any more

  // For whoever waits at a screen.
  /// No query goes on after this; what was not read by then counts as failed, "not-in-time".
  std::optional<std::chrono::steady_clock::time_point> until{};
  /// What is complete in it is not asked for again.
  std::vector<QueryAnswer> read{};
  /// Asks with this in place of our own credentials; empty: our own. It is kept nowhere.
  Sensitive<std::string> token{};
};

/// What gather found: the raw bytes (a Bundle we made around the received resources), and how
/// complete each kind is. The bytes are stored before anything is concluded from them.
struct Gathered {
  Rendered facts;  ///< bytes a Reader of this adapter takes
  History history;
  bool patient_resolved = false;  ///< exactly one patient was found and matched
  std::string patient_ref{};      ///< that patient, "Patient/17"; empty when not resolved
  /// The record of an order that came without address, found at the source by its numbers; empty
  /// when there is none, or more than one.
  std::string order_there{};
  /// Why not, in a word: not-found, several, contradiction, merged, forbidden, other-order.
  std::string doubt{};
};

/// Reads history from a source's EHR. Blocking; any thread.
class Gatherer {
 public:
  virtual ~Gatherer() = default;
  /// What it would ask of a patient; a gatherer that asks nothing has none.
  virtual std::vector<Query> queries() const { return {}; }
  /// Failures of single queries are in Gathered::history; an Error means nothing could be asked.
  virtual Result<Gathered> gather(const GatherRequest& request) = 0;
  /// Looks at the patient alone: "" when it is exactly one and nothing of the request contradicts
  /// it, else a word as Gathered::doubt. Errors: nothing could be asked.
  virtual Result<std::string> doubt(const GatherRequest&) {
    return Error{ErrorCode::unsupported, "gather", "this source looks up no patient alone"};
  }
};

/// What is to be told to a receiver. Refs point into `records`.
struct Letter {
  /// prepared_return: the referral to a surgeon that a named person released, to the origin; its
  /// order is the one among `records`.
  enum class Kind {
    referral,
    referral_update,
    patient_linked,
    status,
    consult_note,
    alert,
    prepared_return
  };
  Kind kind = Kind::referral;
  std::string referral_id;   ///< ours; in every identifier we write
  std::string source_order;  ///< "ServiceRequest/5" at the origin
  Identifier source_number;  ///< of an order that came without address; else empty
  RecordSet records;         ///< what may be drawn from
  std::string raw;           ///< the bytes `records` was read from, for token-preserving edits
  std::vector<std::string> include;  ///< refs to send
  Assessment assessment;
  std::string task_status;            ///< FHIR Task.status to show
  std::string business_status;        ///< in words of the state machine
  std::string reason;                 ///< coded or short reason of a decline, hold, cancel
  std::string source_patient;         ///< "Patient/17" at the origin
  std::string contact;                ///< for alerts: the named person or role
  std::string link;                   ///< for alerts: where it is acknowledged; for a hold: a form
  std::optional<Instant> link_until;  ///< for a hold: when the form's time is over
  std::string sign_off_link;          ///< for a hold: where a named person may override it
  std::string patient_link;           ///< where a named person says whose record is meant
  std::string return_link;            ///< where one releases the referral that a course prepared
  std::string peer_task;              ///< "Task/9" at the receiver, when one exists
  /// The patient's own record at the receiver, "Patient/17". Nothing: the receiver gets a copy of
  /// ours. Empty: it is not known which one, so the packet names the patient in words only, and
  /// clinical records wait until somebody has said it.
  std::optional<std::string> patient_there;
  std::string sender_name;  ///< names of the organisations, as configured
  std::string receiver_name;
  std::string source_requester;      ///< "Practitioner/3" at the origin; empty when not known
  std::string withheld;              ///< what is said of records that policy left out; may be empty
  std::vector<LegalNotice> notices;  ///< due for what goes by consent
  /// Until when the offer stands: then another may get it. For a status, until when whoever has the
  /// next action has it.
  std::optional<Instant> needed_by;
  std::optional<Instant> authored;  ///< when the referral began
  /// For a renderer that keeps course: what the origin was told before in words of the state
  /// machine, oldest first.
  std::vector<std::string> told;
  /// Refs whose copies at the receiver are no longer what was sent; for a status, of the
  /// appointment that it was told of before.
  std::vector<std::string> changed;
  /// The message that this one follows, as its bytes are: the packet that the receiver has, or the
  /// order that it sent. Empty: it is kept no more, or the renderer does not ask for it.
  std::string earlier;
  bool urgent = false;        ///< a person must read it now, also where the status alone is quiet
  bool work_started = false;  ///< the receiver is at work: a cancel is asked for, not done (COW)
  bool draft = false;         ///< not to be sent, only to see its records: no page is printed
  Instant at;
  WallClock wall{};  ///< by which people read its times
};

/// Letter to bytes. Pure; any thread.
class Renderer {
 public:
  virtual ~Renderer() = default;
  virtual Result<Rendered> render(const Letter& letter, const FieldProfile& profile) const = 0;
  /// True when it writes Letter::earlier's numbers and people again, because its receiver knows
  /// orders and patients by them and not by references.
  virtual bool follows_earlier() const { return false; }
  /// True when a status is written as legal steps from what was told before: Letter::told.
  virtual bool keeps_course() const { return false; }
};

/// What a receiver has of something that was sent to it.
enum class Standing {
  unknown,  ///< it cannot be asked
  there,
  other,  ///< it says another state than what was sent, and the saying is ours
  missing,
  doubled,  ///< more than one of it
};

/// Delivers rendered bytes. Blocking; one call at a time per destination.
class Sender {
 public:
  virtual ~Sender() = default;
  /// Errors carry the retry class. `repeat` is true when an earlier try may have arrived:
  /// a sender that can look first does so.
  virtual Result<Receipt> send(const Rendered& letter, bool repeat) = 0;
  /// Looks whether the receiver still has it, and changes nothing. Any thread. Errors: as send.
  virtual Result<Standing> look(const Rendered&) { return Standing::unknown; }
  /// True when the receiver recognises repeats by the key.
  virtual bool recognises_repeats() const = 0;
};

/// Tells whether a peer can be reached and does what it must; for `meridian check`.
class Probe {
 public:
  virtual ~Probe() = default;
  virtual Issues probe() = 0;
};

}  // namespace meridian
