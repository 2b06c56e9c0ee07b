// SPDX-License-Identifier: Apache-2.0
// What goes into and comes out of the store: plain rows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/ids.h"
#include "base/time.h"
#include "model/issue.h"
#include "store/people_rows.h"

namespace meridian::store {

/// A message as received. `body` and `answer` are kept encrypted.
struct NewMessage {
  MessageId id;
  SourceId source;
  std::string sender_id;  ///< empty: the sender gave none, so nothing is a repeat of it
  std::string media_type;
  std::string body;
  std::string answer;  ///< what the sender is told, also on a repeat
  Instant received_at;
  bool quarantined = false;
  Issues issues;
  /// What a repeat is recognised by when not all bytes count (v2: without MSH-7); else the body.
  std::string repeat_of;
};

struct Accepted {
  MessageId id;
  std::string answer;
  bool repeat = false;
};

struct MessageRow {
  MessageId id;
  SourceId source;
  std::string sender_id;
  std::string media_type;
  std::string body;
  Instant received_at;
};

struct QuarantineRow {
  MessageId id;
  SourceId source;
  std::string media_type;
  Instant received_at;
  std::string issues;  ///< OperationOutcome JSON, decrypted
};

/// One referral. `state` is the fold of its events, written beside them so that it can be listed.
struct ReferralRow {
  ReferralId id;
  SourceId source;           ///< where the order came from
  std::string order_ref;     ///< "ServiceRequest/5" at the source
  std::string patient_ref;   ///< "Patient/1" at the source; encrypted
  std::string requester;     ///< who ordered, "Practitioner/3" at the source, or a name; encrypted
  std::string direction;     ///< to_acupuncture or to_surgeon
  std::string state;         ///< name of routing::State
  std::int64_t version = 0;  ///< counts changes; every change names the version it rests on
  std::string owner;         ///< whose turn it is: engine, surgeon, clinic, contact
  std::string worklist;
  DestinationId destination;  ///< clinic it is with; empty before routing
  std::string assessment;     ///< meridian.assessment/1 JSON; encrypted
  std::string decision;       ///< what was decided, from which facts, rules, directory, build; JSON
  Instant created_at;
  Instant updated_at;
};

/// A new or changed referral. `expected_version` 0 means new.
struct ReferralChange {
  ReferralRow row;
  std::int64_t expected_version = 0;
};

/// A referral at the version that somebody read.
struct ReferralAt {
  ReferralId id;
  std::int64_t version = 0;
};

/// One event of a referral's log. `detail` is JSON and kept encrypted.
struct NewEvent {
  ReferralId referral;
  std::string actor;           ///< engine, surgeon, clinic, contact, timer
  std::string actor_sequence;  ///< order within the actor; a repeat of it is ignored
  std::string kind;            ///< name of routing::EventKind
  Instant at;
  MessageId message;  ///< empty when not from a message
  std::string detail;
};

struct EventRow : NewEvent {
  std::int64_t number = 0;  ///< per referral, in the order of commit
};

/// Another name of a referral. One that is not shared names one referral, and naming a second one
/// with it is a conflict.
struct NewAlias {
  std::string kind;   ///< order, task, patient, identifier
  std::string value;  ///< kept only as blind index
  ReferralId referral;
  bool shared = false;  ///< several referrals may carry it (kind patient); else it is unique
};

/// Something to do later: also a timer.
struct NewWork {
  std::string kind;  ///< assess, reflect, timer.<name>
  ReferralId referral;
  Instant due;
  std::string detail;      ///< JSON; encrypted
  std::string unique_key;  ///< when set, replaces an open item of the same key
};

struct WorkItem {
  std::int64_t number = 0;
  std::string kind;
  ReferralId referral;
  std::string detail;
  int attempts = 0;   ///< tries before this one
  std::string lease;  ///< token that finish and return must show
  Instant lease_ends;
};

/// Work that was given up.
struct DeadWork {
  std::int64_t number = 0;
  std::string kind;
  ReferralId referral;
  int attempts = 0;
  std::string error;  ///< name of the error code
};

struct NewFacts {
  ReferralId referral;
  std::string media_type;
  std::string body;     ///< encrypted
  std::string history;  ///< completeness per query, JSON
  Instant at;
};

struct FactsRow {
  std::string id;
  ReferralId referral;
  std::string media_type;
  std::string body;
  std::string history;
  Instant at;
};

/// A row of the outbox. `key` is what a receiver recognises repeats by.
struct NewDelivery {
  ReferralId referral;
  DestinationId destination;
  std::string kind;  ///< referral, referral_update, status, consult_note, alert
  std::string key;
  std::string media_type;
  std::string body;  ///< encrypted
  Instant due;
  /// Referral version it was rendered from: the one after the changes that come with it. A later
  /// version alone does not make it wrong; Changes::supersede does. 0: it is never superseded.
  std::int64_t rests_on_version = 0;
  /// An earlier try ended ambiguous or without an answer, or a life before a restore may have sent
  /// it: the sender looks first.
  bool maybe_arrived = false;
};

struct Delivery : NewDelivery {
  std::int64_t number = 0;
  int attempts = 0;  ///< tries before this one
  std::string lease;
};

/// Transport state of a delivery, never mixed with what happened to the referral.
enum class DeliveryState { queued, in_flight, delivered, ambiguous, dead, superseded };

const char* delivery_state_name(DeliveryState state);
std::optional<DeliveryState> delivery_state_of(std::string_view name);

/// How a try ended.
struct Settlement {
  DeliveryState state = DeliveryState::delivered;
  std::optional<Instant> due;  ///< for queued: when to try again
  std::string receipt;         ///< the receiver's own id; encrypted
  std::string error;           ///< name of the error code, empty when delivered
  bool maybe_arrived = false;  ///< for queued: it may have arrived; the next try looks first
};

struct DeliveryRow : NewDelivery {
  std::int64_t number = 0;
  DeliveryState state = DeliveryState::queued;
  int attempts = 0;
  std::string receipt;
  std::string error;
  std::optional<Instant> settled_at;
};

/// An emergency alert to a named contact. The id of an open alert once more: it climbs to this
/// contact, one level up.
struct NewAlert {
  std::string id;  ///< ULID
  ReferralId referral;
  std::string contact;  ///< configured name
  std::string rule;
  Instant at;
};

struct AlertRow : NewAlert {
  int level = 0;  ///< 0 first contact, 1 the next ...
  std::optional<Instant> acknowledged_at;
  std::string acknowledged_by;
};

/// One audit entry over internal ids only.
struct NewAudit {
  std::string event;   ///< IHE BALP event: PrivacyDisclosure.Source, PatientRead ...
  std::string actor;   ///< configured name or role
  std::string object;  ///< internal id
  std::string outcome;
};

struct AuditRow : NewAudit {
  std::int64_t number = 0;
  Instant at;
};

/// Where this node's audit chain ends, signed; exported so that a database put back shows.
struct AuditHead {
  std::string node;
  std::int64_t count = 0;
  std::string mac;        ///< hexadecimal
  std::string signature;  ///< hexadecimal
};

/// A backup that was put back. What happened between its making and the restore is known only to
/// the peers.
struct RestoreRow {
  Instant taken_at;     ///< when the backup was made
  Instant restored_at;  ///< by the store's clock
  std::string cut;      ///< "node-1:812 node-2:7": how long each audit chain was in the backup
};

/// Which bodies may go: of messages that came before `messages_before` and on which no referral
/// rests that is needed; and what was gathered for, and sent of, a referral that is not. A referral
/// is needed until it came to one of the states `ended` and changed last before `referrals_before`;
/// one that is held, for as long as it is. What was not read yet, or is not settled, is kept.
struct Retention {
  Instant messages_before;
  Instant referrals_before;  ///< not after messages_before
  std::vector<std::string> ended;
  std::vector<ReferralId> held;
};

/// How far a walk through the bodies came.
struct Pruning {
  int stage = 0;
  std::int64_t after = 0;   ///< the row of the stage that it came to
  std::int64_t bodies = 0;  ///< gone so far
  bool done = false;
};

/// An offer of a referral to a destination, or what became of it.
struct OfferChange {
  ReferralId referral;
  DestinationId destination;
  Instant at;
  /// Empty: it is offered now, and what was not answered before starts anew. Else accepted,
  /// declined or withdrawn; only the first answer counts.
  std::string answer;
};

/// What a destination has of us, and how it answers.
struct OfferLoad {
  DestinationId destination;
  std::int64_t open = 0;      ///< offered in that time and not answered
  std::int64_t accepted = 0;  ///< of those offered in that time
  std::int64_t declined = 0;
  std::chrono::milliseconds mean_answer{0};  ///< of those accepted or declined
};

/// Something of a referral is new for a destination that reads it here; when, the store says.
struct ShelfChange {
  DestinationId destination;
  ReferralId referral;
};

/// A referral that a destination reads here.
struct ShelfRow {
  ReferralId referral;
  Instant changed_at;  ///< for that destination
};

/// All that one transaction changes besides the row that it ends.
struct Changes {
  /// Read and not changed: stale unless each is still at that version. What is written then stands
  /// before whatever another node makes of a later one.
  std::vector<ReferralAt> rests_on;
  std::vector<ReferralChange> referrals;
  std::vector<NewEvent> events;
  std::vector<NewAlias> aliases;
  std::vector<NewWork> works;
  std::vector<NewDelivery> deliveries;
  std::vector<NewAlert> alerts;
  std::vector<NewAudit> audits;
  std::vector<OfferChange> offers;
  std::vector<ShelfChange> shelves;
  std::vector<PersonRow> people;  ///< new or changed. conflict: another has this e-mail
  std::vector<SessionChange> sessions;
  /// Queued deliveries of these that rest on a version become superseded; before `deliveries`.
  std::vector<ReferralId> supersede;
  std::vector<std::string> cancel_works;  ///< unique keys of open work to drop
};

struct Counts {
  std::int64_t messages = 0;
  std::int64_t quarantined = 0;
  std::int64_t referrals = 0;
  std::int64_t work_due = 0;
  std::int64_t work_dead = 0;
  std::int64_t queued = 0;
  std::int64_t ambiguous = 0;
  std::int64_t dead = 0;
  std::int64_t delivered = 0;
  std::int64_t open_alerts = 0;
};

/// Deliveries of one destination that are alike, without those that were delivered.
struct DeliveryTally {
  DestinationId destination;
  DeliveryState state = DeliveryState::queued;
  std::string error;  ///< name of the error code; "" while there was none
  std::int64_t count = 0;
  std::optional<Instant> oldest;  ///< queued or in flight: when the oldest of them came
};

/// Referrals in one state.
struct ReferralTally {
  std::string state;
  std::int64_t count = 0;
};

/// Whether whoever looks at ways must know who ordered: it is among what is sealed of a referral.
enum class Orderers { named, left_out };

/// The way of one referral.
struct Walk {
  struct Step {
    std::string kind;  ///< name of routing::EventKind
    Instant at;
    /// JSON, of what holds or ends a referral that is held, declined or cancelled; else empty.
    std::string detail;
  };
  ReferralId referral;
  SourceId source;
  std::string requester;      ///< as in ReferralRow; empty when orderers are left out
  DestinationId destination;  ///< the one that has it now; empty before routing
  std::string state;
  std::vector<Step> steps;  ///< in the order of commit
};

/// What metrics show of the store.
struct Tallies {
  std::vector<DeliveryTally> deliveries;
  std::vector<ReferralTally> referrals;
};

}  // namespace meridian::store
