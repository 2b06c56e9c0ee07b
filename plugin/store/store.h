// SPDX-License-Identifier: Apache-2.0
// The store: named operations, each one transaction. Both databases pass one contract suite.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "model/issue.h"
#include "store/rows.h"

namespace meridian::store {

/// Every operation is thread-safe, blocks until it is durable, and either happens whole or not at
/// all. Errors: store_busy, store_full, store_damaged, store_failed, stopping; others are named.
/// Operations called at the same time by several threads share one transaction and one sync.
class Store {
 public:
  virtual ~Store() = default;

  // IN
  /// Keeps a message and all that follows from it. A message with the same key and body changes
  /// nothing and returns the stored answer with `repeat`. Same key, other body: conflict.
  virtual Result<Accepted> accept(const NewMessage& message, const Changes& changes) = 0;
  /// The same, without blocking; `done` is called once from the store's thread, and must neither
  /// block nor wait for the store. For listeners.
  virtual void accept_async(NewMessage message, Changes changes,
                            std::function<void(Result<Accepted>)> done) = 0;

  // WORK
  /// Leases up to `limit` due items for `owner`. An expired lease makes an item due again.
  virtual Result<std::vector<WorkItem>> claim_work(std::string_view owner, int limit,
                                                   std::chrono::milliseconds lease) = 0;
  /// Ends the item and applies the changes. stale: the lease was lost, or a referral in `changes`
  /// is no longer at the version that it was read at; nothing was changed.
  virtual Result<void> finish_work(const WorkItem& item, const Changes& changes) = 0;
  /// Gives the item back, due at `due`; `dead` takes it out of the line for a person to look at.
  virtual Result<void> return_work(const WorkItem& item, Instant due, bool dead,
                                   const Error& error) = 0;
  /// Puts work that was given up back into the line, due now. not_found: it is not there, or
  /// the same work is in the line already.
  virtual Result<void> revive_work(std::int64_t number) = 0;
  /// A message in quarantine was read again: its answer is replaced, what follows from it applied.
  /// not_found: it is not in quarantine. stale as in finish_work.
  virtual Result<void> release_message(const MessageId& id, std::string_view answer,
                                       const Changes& changes) = 0;
  /// Keeps gathered bytes before anything is concluded from them. Returns their fact id.
  virtual Result<std::string> keep_facts(const NewFacts& facts) = 0;

  // OUT
  /// Destinations that have something due, oldest first.
  virtual Result<std::vector<DestinationId>> due_destinations() = 0;
  /// Leases the oldest due delivery of a destination that is the first of its line: no older one of
  /// the same referral and destination is queued, under way or ambiguous. Those of kind alert
  /// and notice come first and wait for none. One whose lease ran out comes back with
  /// maybe_arrived.
  virtual Result<std::optional<Delivery>> claim_delivery(const DestinationId& destination,
                                                         std::string_view owner,
                                                         std::chrono::milliseconds lease) = 0;
  /// Settles a claimed delivery and applies the changes. stale as in finish_work.
  virtual Result<void> settle_delivery(const Delivery& delivery, const Settlement& settlement,
                                       const Changes& changes) = 0;
  /// What a person decides about an ambiguous or dead delivery: queued (send again, due now),
  /// delivered, dead or superseded. An ambiguous one that is sent again counts as not arrived,
  /// since the person looked. not_found: it is neither ambiguous nor dead.
  virtual Result<void> decide_delivery(std::int64_t number, DeliveryState state,
                                       const Changes& changes) = 0;

  // Reads
  virtual Result<std::optional<ReferralRow>> referral(const ReferralId& id) = 0;
  /// The newest referrals first, by when they came; lists below likewise.
  virtual Result<std::vector<ReferralRow>> referrals(int limit) = 0;
  /// Finds the referral that carries an alias ("order", source + ref; "task", destination + ref).
  virtual Result<std::optional<ReferralId>> find_alias(std::string_view kind,
                                                       std::string_view value) = 0;
  /// All referrals that carry a shared alias ("patient", source + ref), oldest first.
  virtual Result<std::vector<ReferralId>> find_shared(std::string_view kind,
                                                      std::string_view value) = 0;
  /// Referrals in that state for which nobody or no list stands, or no work with the key
  /// "clock|ID" waits; the oldest first.
  virtual Result<std::vector<ReferralId>> unguarded(std::string_view state, int limit) = 0;
  virtual Result<std::vector<EventRow>> events(const ReferralId& id) = 0;
  /// Nothing also when its body is kept no more (see prune); so latest_facts and message.
  virtual Result<std::optional<FactsRow>> facts(std::string_view fact_id) = 0;
  /// The newest facts of a referral.
  virtual Result<std::optional<FactsRow>> latest_facts(const ReferralId& id) = 0;
  virtual Result<std::optional<MessageRow>> message(const MessageId& id) = 0;
  /// True when a message of the source carries this id of the sender's.
  virtual Result<bool> has_message(const SourceId& source, std::string_view sender_id) = 0;
  /// Those whose bodies are kept, in the order in which they came.
  virtual Result<std::vector<MessageRow>> messages_of(const ReferralId& id) = 0;
  /// In the order of their numbers; a body that is kept no more is empty.
  virtual Result<std::vector<DeliveryRow>> deliveries(const ReferralId& id) = 0;
  /// One row of the outbox, whatever its state; reads the whole table.
  virtual Result<std::optional<DeliveryRow>> delivery(std::int64_t number) = 0;
  /// What is queued, in flight or ambiguous, oldest first.
  virtual Result<std::vector<DeliveryRow>> outbox(int limit) = 0;
  virtual Result<std::vector<DeliveryRow>> dead_letters(int limit) = 0;
  virtual Result<std::vector<DeadWork>> dead_work(int limit) = 0;
  virtual Result<std::vector<QuarantineRow>> quarantine(int limit) = 0;
  virtual Result<std::vector<AlertRow>> open_alerts() = 0;
  /// Per destination, what was offered to it since that instant; by destination.
  virtual Result<std::vector<OfferLoad>> loads(Instant since) = 0;
  /// What a destination reads here and changed since that instant, the latest change last.
  virtual Result<std::vector<ShelfRow>> shelf(const DestinationId& destination, Instant since) = 0;
  /// An alert by its id, acknowledged or not.
  virtual Result<std::optional<AlertRow>> alert(std::string_view alert_id) = 0;
  /// Counts for health and metrics.
  virtual Result<Counts> counts() = 0;
  /// Numbers by destination, state and error; by how much waits, not by how much there ever was.
  virtual Result<Tallies> tallies() = 0;
  /// The ways of all referrals that came since an instant, the oldest first.
  virtual Result<std::vector<Walk>> walks(Instant since, Orderers orderers) = 0;
  /// When the next work or delivery becomes due; nothing when there is none.
  virtual Result<std::optional<Instant>> next_due() = 0;

  // People
  /// Changes that belong to no message, work or delivery: what a person decided. stale as in
  /// finish_work, also of a person who is no longer at the version that the change rests on.
  virtual Result<void> apply(const Changes& changes) = 0;
  /// Somebody who signs in, by id or by e-mail; the case of letters counts.
  virtual Result<std::optional<PersonRow>> person(std::string_view id) = 0;
  virtual Result<std::optional<PersonRow>> person_by_email(std::string_view email) = 0;
  /// All of them, also those who were removed; the oldest first.
  virtual Result<std::vector<PersonRow>> people() = 0;
  /// A session by its key; nothing when it has ended.
  virtual Result<std::optional<SessionRow>> session(std::string_view key) = 0;

  // Alerts
  /// Records that a named person acknowledged. not_found: no such open alert.
  virtual Result<void> acknowledge_alert(std::string_view alert_id, std::string_view by,
                                         const Changes& changes) = 0;

  // Cursors
  virtual Result<std::string> cursor(const SourceId& source, std::string_view name) = 0;
  virtual Result<void> set_cursor(const SourceId& source, std::string_view name,
                                  std::string_view value) = 0;

  // Several nodes
  /// True when `owner` holds the lease of that name from now for `lease`: it was free, had run out,
  /// or was the owner's already. Leases that ran out are forgotten.
  virtual Result<bool> hold_lease(std::string_view name, std::string_view owner,
                                  std::chrono::milliseconds lease) = 0;

  // Retention
  /// Takes one step of a walk that takes bodies away, and gives where the next one goes on. What
  /// stays: the keys by which a repeat is known, answers, events, decisions, the audit. Where
  /// bodies are kept by month, a month goes once all of it may.
  virtual Result<Pruning> prune(const Retention& retention, const Pruning& so_far) = 0;
  /// Bytes of the database that are used.
  virtual Result<std::int64_t> size() = 0;

  // Audit
  /// Checks the whole chain. The value is the number of entries; store_damaged with the number of
  /// the first bad entry in Error::detail.
  virtual Result<std::int64_t> verify_audit() = 0;
  /// The newest entries of this node's chain, newest first.
  virtual Result<std::vector<AuditRow>> audit(int limit) = 0;
  /// Where this node's chain ends, signed.
  virtual Result<AuditHead> audit_head() = 0;

  // Restore
  /// This database was put back from a backup made at `taken_at`: what waits for delivery or is
  /// under way may have arrived and is due now; the restore is kept, and audited as `by`'s. The
  /// value is how many deliveries were marked. Before any other operation.
  virtual Result<std::int64_t> mark_restored(Instant taken_at, std::string_view by) = 0;
  /// The newest first.
  virtual Result<std::vector<RestoreRow>> restores() = 0;

  /// Refuses new operations, finishes those under way.
  virtual void close() = 0;
};

}  // namespace meridian::store
