// SPDX-License-Identifier: Apache-2.0
#include "flow/shelf.h"

#include <algorithm>

namespace meridian::flow {
namespace {

using routing::State;

Error unknown() {
  return {ErrorCode::not_found, "shelf", "no such referral"};
}

/// Messages in the order of their commit, which their versions follow, and deliveries in that of
/// theirs; between the two the time counts.
void put_in_order(std::vector<ShelfEntry>& messages, std::vector<ShelfEntry>& into) {
  Instant latest{};
  for (auto& message : messages) {
    latest = std::max(latest, message.at);
    message.at = latest;
    into.push_back(std::move(message));
  }
  std::stable_sort(into.begin(), into.end(),
                   [](const ShelfEntry& a, const ShelfEntry& b) { return a.at < b.at; });
}

}  // namespace

Result<std::vector<ShelfMark>> shelves_of(const Core& core, std::string_view clinic,
                                          Instant since) {
  const auto rows = core.store.shelf(DestinationId(std::string(clinic)), since);
  if (!rows) return rows.error();
  std::vector<ShelfMark> marks;
  for (const auto& row : *rows) marks.push_back({row.referral.str(), row.changed_at});
  return marks;
}

Result<Shelf> shelf_of(const Core& core, std::string_view clinic, std::string_view referral) {
  const ReferralId id{std::string(referral)};
  const auto deliveries = core.store.deliveries(id);
  if (!deliveries) return deliveries.error();
  Shelf shelf;
  shelf.referral = referral;
  for (const auto& delivery : *deliveries) {
    const bool there = delivery.state == store::DeliveryState::delivered && delivery.settled_at;
    if (!there || delivery.destination.str() != clinic) continue;
    shelf.entries.push_back({true, delivery.key, delivery.body, *delivery.settled_at});
  }
  if (shelf.entries.empty()) return unknown();
  const auto ledger = Ledger::open(core.store, id);
  if (!ledger) return ledger.error();
  const auto messages = core.store.messages_of(id);
  if (!messages) return messages.error();
  std::vector<ShelfEntry> written;
  for (const auto& message : *messages) {
    if (message.source.str() != clinic) continue;
    written.push_back({false, message.sender_id, message.body, message.received_at});
  }
  put_in_order(written, shelf.entries);
  if (ledger->row().destination.str() == clinic) {
    shelf.next = task_statuses_after(ledger->state());
  }
  return shelf;
}

Result<void> note_reading(const Core& core, std::string_view clinic,
                          const std::vector<std::string>& referrals) {
  store::Changes changes;
  for (const auto& referral : referrals) {
    changes.audits.push_back({"PatientRead", std::string(clinic), referral, "success"});
  }
  if (changes.audits.empty()) return {};
  return core.store.apply(changes);
}

std::vector<std::string> task_statuses_after(State state) {
  switch (state) {
    case State::delivered:
      // Steps may be left out: an answer proves the receipt, a booking the acceptance.
      return {"requested", "received", "accepted", "rejected", "in-progress", "on-hold"};
    case State::accepted:
      return {"accepted", "rejected", "in-progress", "on-hold", "failed", "completed"};
    case State::scheduled:
    case State::in_course:
      return {"in-progress", "on-hold", "failed", "completed"};
    case State::emergency:
    case State::emergency_known:
      return {"rejected", "failed", "on-hold", "completed"};
    case State::cancel_asked:
      return {"cancelled", "failed", "completed"};  // an outcome beats a cancel (BSeR TID 24)
    case State::reported:
    case State::closed:
      return {"completed"};  // an amended note
    default:
      return {};
  }
}

}  // namespace meridian::flow
