// SPDX-License-Identifier: Apache-2.0
#include "flow/shelf.h"

#include <algorithm>

#include "routing/legal.h"

namespace meridian::flow {
namespace {

using routing::EventKind;
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
    if (delivery.body.empty()) return unknown();  // kept no more, so it is not to be read
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

namespace {

/// A status of a clinic's Task: what it may mean, and when it is the right word for that (FHIR R4
/// Task state machine; HL7 COW: rejected before the work began, failed afterwards).
struct TaskStatus {
  const char* status;
  std::vector<EventKind> means;
  routing::States when;
};

const std::vector<TaskStatus>& task_statuses() {
  using enum State;
  using routing::States;
  static const States unanswered = {sending, undelivered, delivered, in_triage, need_info};
  static const States answered = {waitlisted, accepted, unreachable, on_hold};
  static const States booked = {scheduled, no_show, appointment_cancelled, in_course,
                                extension_asked};
  static const States alarmed = {emergency, emergency_known};
  static const States ending = {cancel_asked, recall_asked};
  // Steps may be left out: an answer proves the receipt, a booking the acceptance.
  static const std::vector<TaskStatus> list = {
      {"requested", {EventKind::clinic_received}, unanswered},
      {"received", {EventKind::clinic_received, EventKind::clinic_opened}, unanswered},
      {"accepted", {EventKind::clinic_accepted}, unanswered | answered},
      {"rejected", {EventKind::clinic_declined}, unanswered | answered | alarmed},
      {"in-progress",
       {EventKind::clinic_scheduled, EventKind::clinic_visited},
       unanswered | answered | booked},
      {"on-hold", {EventKind::clinic_on_hold}, unanswered | answered | booked},
      {"failed", {EventKind::clinic_declined}, answered | booked | alarmed | ending},
      {"completed",
       {EventKind::clinic_reported},
       answered | booked | alarmed | States{cancel_asked, reported, unread, closed}},
      {"cancelled", {EventKind::clinic_cancelled}, ending},
  };
  return list;
}

}  // namespace

std::vector<std::string> task_statuses_after(State state) {
  std::vector<std::string> next;
  for (const auto& each : task_statuses()) {
    const bool legal = std::any_of(each.means.begin(), each.means.end(),
                                   [&](EventKind kind) { return routing::is_legal(state, kind); });
    if (legal && each.when.has(state)) next.emplace_back(each.status);
  }
  return next;
}

}  // namespace meridian::flow
