// SPDX-License-Identifier: Apache-2.0
// Appends events to a referral and folds its new state; the only place where a state changes.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "flow/core.h"
#include "routing/standing.h"
#include "store/rows.h"

namespace meridian::flow {

/// What is known of an event besides its kind.
struct EventNote {
  std::string sequence{};  ///< orders it among its actor's; empty: it is numbered by the ledger
  std::string offer{};     ///< the receiver it is about
  std::string detail = "{}";
  MessageId message{};
};

/// A referral as it stands, with what the current transaction adds to it.
class Ledger {
 public:
  /// Opens an existing referral. Errors: not_found, store errors.
  static Result<Ledger> open(store::Store& store, const ReferralId& id);
  /// Begins a new one; `row.id` is set.
  static Ledger begin(store::ReferralRow row);

  const store::ReferralRow& row() const { return row_; }
  store::ReferralRow& row() { return row_; }
  routing::State state() const;
  bool has(routing::EventKind kind) const;
  /// The same, of one receiver.
  bool has(routing::EventKind kind, const DestinationId& receiver) const;
  int count(routing::EventKind kind) const;
  bool reopened() const;
  /// True when an event of this kind whose sequence begins with `prefix` comes after `sequence`.
  bool knows_later(routing::EventKind kind, std::string_view prefix,
                   std::string_view sequence) const;

  /// True when the referral is in the state that an event of this kind leads to, by one with such a
  /// detail where that is kept.
  bool says(routing::EventKind kind, std::string_view detail) const;

  /// True when the receiver that has the referral told of the visit that this detail is about.
  bool knows_visit(const std::string& detail) const;

  /// The receivers that declined or were passed over for their silence, in that order.
  std::vector<DestinationId> declined_by() const;
  /// Sequence of what the clinic asked and nobody answered; empty when there is nothing.
  std::string open_question() const { return routing::open_question(events_); }
  /// Receivers that got what was sent and did not confirm that it is recalled.
  std::vector<DestinationId> unconfirmed_recalls() const;
  /// True when the referral was released to this receiver, now or earlier.
  bool was_offered_to(const DestinationId& receiver) const;

  /// Adds an event. One that is already in the log is left out: false.
  bool add(routing::EventKind kind, Instant at, EventNote note = {});

  /// True when what was added last is a word of the clinic that is illegal where that clinic
  /// stands.
  bool ends_illegally() const { return routing::ends_illegally(events_); }

  /// True when something was added or the row must be written.
  bool changed() const { return changed_; }
  void touch() { changed_ = true; }
  /// The version the referral has after the commit.
  std::int64_t next_version() const { return expected_version_ + 1; }

  /// Names the worklist that shows a held or re-opened referral, in place of the usual one.
  void show_in(std::string_view worklist) { worklist_ = worklist; }

  /// Shows a referral whose clinic has it among the check points that are due, or no longer.
  void check_point_due(bool due) { due_ = due; }

  /// Shows a referral whose next action is not the surgeon's on the surgeon's side's list until its
  /// state changes.
  void show_overdue() { overdue_ = true; }

  /// The clock of the state begins anew with the commit, and owner and worklist are set again.
  void begin_clock_anew() { renewed_ = changed_ = true; }

  /// A visit, or another booking, begins the wait of its state anew.
  static bool renews_clock(routing::EventKind kind);
  /// From when the deadlines of a state count that began at `began`: from then; those of a booking
  /// from the visit, or from two weeks on when it was not said when that is.
  Instant clock_counts_from(routing::State state, Instant began) const;

  /// The order's priority is more than routine.
  bool urgent() const;

  /// Moves row and new events into the transaction, with state, owner and worklist folded anew, and
  /// the clock of a state that begins.
  void commit_into(const Core& core, store::Changes& changes);

 private:
  store::ReferralRow row_;
  std::int64_t expected_version_ = 0;
  std::vector<routing::Event> events_;
  std::vector<store::NewEvent> added_;
  bool was_reopened_ = false;
  std::vector<store::OfferChange> offers_;
  std::string worklist_;
  std::optional<bool> due_;
  bool changed_ = false;
  bool overdue_ = false;
  bool renewed_ = false;
  /// Details of orders, bookings and visits, by the key of their event.
  std::map<std::string, std::string> details_;

  void know(const routing::Event& event, const std::string& detail);
  std::string latest_detail(routing::EventKind kind) const;
  void show(routing::State state);
  void set_clock(const Core& core, routing::State state, store::Changes& changes);
  void show_check_point(std::string_view usual);
  void note_offer(routing::EventKind kind, const std::string& receiver, Instant at);
};

/// A stored event as the fold needs it; nothing for a kind that this program does not know.
std::optional<routing::Event> folded(const store::EventRow& event);

/// A number as text that sorts like the number.
std::string sortable(std::int64_t number);

}  // namespace meridian::flow
