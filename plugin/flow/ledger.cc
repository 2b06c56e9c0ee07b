// SPDX-License-Identifier: Apache-2.0
#include "flow/ledger.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include <rapidjson/document.h>

#include "flow/clock.h"
#include "flow/notice.h"
#include "flow/stored_json.h"

namespace meridian::flow {

using routing::EventKind;

namespace {

/// "sequence:kind", or "sequence@offer:kind", so that two kinds of one sequence are two rows and
/// two receivers may count alike. No receiver's id has an @ in it.
std::string key_of(const routing::Event& event) {
  std::string key = event.sequence;
  if (!event.offer.empty()) key += '@' + event.offer;
  return key + ':' + routing::event_name(event.kind);
}

routing::Event event_of(EventKind kind, const std::string& key) {
  const auto text = key.substr(0, key.size() - std::string_view(event_name(kind)).size() - 1);
  const auto at = text.rfind('@');
  if (at == std::string::npos) return {kind, text};
  return {kind, text.substr(0, at), text.substr(at + 1)};
}

}  // namespace

std::optional<routing::Event> folded(const store::EventRow& event) {
  const auto kind = routing::event_named(event.kind);
  if (!kind) return std::nullopt;
  return event_of(*kind, event.actor_sequence);
}

std::string sortable(std::int64_t number) {
  char text[24];
  std::snprintf(text, sizeof text, "%015lld", static_cast<long long>(number));
  return text;
}

Result<Ledger> Ledger::open(store::Store& store, const ReferralId& id) {
  const auto row = store.referral(id);
  if (!row) return row.error();
  if (!*row) return Error{ErrorCode::not_found, "ledger", "no such referral"};
  const auto events = store.events(id);
  if (!events) return events.error();
  Ledger ledger;
  ledger.row_ = **row;
  ledger.expected_version_ = ledger.row_.version;
  for (const auto& event : *events) {
    auto known = folded(event);
    if (!known) continue;
    ledger.know(*known, event.detail);
    ledger.events_.push_back(std::move(*known));
  }
  ledger.was_reopened_ = ledger.reopened();
  return ledger;
}

Ledger Ledger::begin(store::ReferralRow row) {
  Ledger ledger;
  ledger.row_ = std::move(row);
  ledger.changed_ = true;
  return ledger;
}

routing::State Ledger::state() const {
  return routing::fold(events_);
}

bool Ledger::reopened() const {
  return routing::is_reopened(events_);
}

bool Ledger::knows_later(EventKind kind, std::string_view prefix, std::string_view sequence) const {
  return std::any_of(events_.begin(), events_.end(), [&](const routing::Event& event) {
    return event.kind == kind && event.sequence.starts_with(prefix) && event.sequence > sequence;
  });
}

bool Ledger::has(EventKind kind) const {
  return std::any_of(events_.begin(), events_.end(),
                     [&](const routing::Event& event) { return event.kind == kind; });
}

bool Ledger::has(EventKind kind, const DestinationId& receiver) const {
  return std::any_of(events_.begin(), events_.end(), [&](const routing::Event& event) {
    return event.kind == kind && event.offer == receiver.str();
  });
}

int Ledger::count(EventKind kind) const {
  return static_cast<int>(
      std::count_if(events_.begin(), events_.end(),
                    [&](const routing::Event& event) { return event.kind == kind; }));
}

bool Ledger::says(EventKind kind, std::string_view detail) const {
  if (state() != routing::row_of(kind).to) return false;
  const auto known = latest_detail(kind);
  return detail == (known.empty() ? "{}" : known);
}

bool Ledger::knows_visit(const std::string& detail) const {
  const auto visited = text_in(parsed(detail), "visited");
  return std::any_of(events_.begin(), events_.end(), [&](const routing::Event& event) {
    if (event.kind != EventKind::clinic_visited || event.offer != row_.destination.str()) {
      return false;
    }
    const auto known = details_.find(key_of(event));
    return known != details_.end() && text_in(parsed(known->second), "visited") == visited;
  });
}

std::vector<DestinationId> Ledger::declined_by() const {
  std::vector<DestinationId> receivers;
  for (const auto& event : events_) {
    const DestinationId receiver(event.offer);
    const bool again = std::find(receivers.begin(), receivers.end(), receiver) != receivers.end();
    const bool out =
        event.kind == EventKind::clinic_declined || event.kind == EventKind::passed_over;
    if (out && !again) receivers.push_back(receiver);
  }
  return receivers;
}

std::vector<DestinationId> Ledger::unconfirmed_recalls() const {
  std::vector<DestinationId> receivers;
  for (const auto& receiver : routing::unconfirmed_recalls(events_)) {
    receivers.emplace_back(receiver);
  }
  return receivers;
}

bool Ledger::was_offered_to(const DestinationId& receiver) const {
  return has(EventKind::released, receiver);
}

bool Ledger::add(EventKind kind, Instant at, EventNote note) {
  if (note.sequence.empty()) {
    // Engine and contact events are numbered by the referral's version; several of one commit by
    // their place in it, so that the later one counts.
    note.sequence =
        sortable(next_version()) + "." + sortable(static_cast<std::int64_t>(added_.size()));
  }
  routing::Event event{kind, std::move(note.sequence), std::move(note.offer)};
  const auto key = key_of(event);
  const auto actor = routing::actor_of(kind);
  for (const auto& known : events_) {
    if (routing::actor_of(known.kind) == actor && key_of(known) == key) return false;
  }
  note_offer(kind, event.offer, at);
  know(event, note.detail);
  renewed_ = renewed_ || (renews_clock(kind) && event.offer == row_.destination.str());
  events_.push_back(std::move(event));
  added_.push_back({row_.id, routing::actor_name(actor), key, routing::event_name(kind), at,
                    std::move(note.message), std::move(note.detail)});
  changed_ = true;
  return true;
}

/// What an event means for the offer to a receiver: made, answered, or taken back.
void Ledger::note_offer(EventKind kind, const std::string& receiver, Instant at) {
  const DestinationId to(receiver.empty() ? row_.destination.str() : receiver);
  if (to.empty()) return;
  switch (kind) {
    case EventKind::released:
      offers_.push_back({row_.id, to, at, ""});
      break;
    case EventKind::clinic_accepted:
    case EventKind::clinic_waitlisted:
    case EventKind::clinic_scheduled:
    case EventKind::clinic_visited:
    case EventKind::clinic_reported:
      offers_.push_back({row_.id, to, at, "accepted"});
      break;
    case EventKind::clinic_declined:
      offers_.push_back({row_.id, to, at, "declined"});
      break;
    case EventKind::held:
    case EventKind::emergency:
    case EventKind::revoked:
    case EventKind::entered_in_error:
    case EventKind::undelivered:
    case EventKind::clinic_cancelled:
    case EventKind::passed_over:
    case EventKind::lapsed:
      offers_.push_back({row_.id, to, at, "withdrawn"});
      break;
    default:
      break;
  }
}

void Ledger::know(const routing::Event& event, const std::string& detail) {
  const bool wanted = event.kind == EventKind::ordered ||
                      event.kind == EventKind::clinic_scheduled ||
                      event.kind == EventKind::clinic_visited;
  if (wanted && detail.size() > 2) details_.insert_or_assign(key_of(event), detail);
}

/// Of the latest event of a kind, by its actor's own order and of the receiver that has it.
std::string Ledger::latest_detail(EventKind kind) const {
  const routing::Event* latest = nullptr;
  for (const auto& event : events_) {
    if (event.kind != kind || (!event.offer.empty() && event.offer != row_.destination.str())) {
      continue;
    }
    if (latest == nullptr || latest->sequence < event.sequence) latest = &event;
  }
  if (latest == nullptr) return {};
  const auto found = details_.find(key_of(*latest));
  return found == details_.end() ? std::string() : found->second;
}

bool Ledger::urgent() const {
  const auto priority = text_in(parsed(latest_detail(EventKind::ordered)), "priority");
  return !priority.empty() && priority != "routine";
}

/// Other words of the same state do not, or who touches a Task each night would never be late.
bool Ledger::renews_clock(EventKind kind) {
  return kind == EventKind::clinic_visited || kind == EventKind::clinic_scheduled;
}

Instant Ledger::clock_counts_from(routing::State state, Instant began) const {
  if (state != routing::State::scheduled) return began;
  constexpr std::chrono::days unknown{14};
  const auto visit =
      parse_instant(text_in(parsed(latest_detail(EventKind::clinic_scheduled)), "visit"));
  return std::max(began, visit.value_or(began + unknown));
}

void Ledger::set_clock(const Core& core, routing::State state, store::Changes& changes) {
  if (routing::is_final(state)) {
    changes.cancel_works.push_back(clock_key(row_.id));
    return;
  }
  const auto since = clock_counts_from(state, core.clock());
  plant_clock(core, row_.id, {state, urgent(), since}, changes);
}

void Ledger::show_check_point(std::string_view usual) {
  constexpr std::string_view due = "check-point-due";
  if (row_.worklist == overdue_worklist) return;
  if (*due_ || row_.worklist == due) row_.worklist = *due_ ? due : usual;
}

/// Owner and worklist of the state, and what stands beside it.
void Ledger::show(routing::State state) {
  const bool open_again = reopened();
  const auto turn = routing::turn_of(state, open_again);
  const bool moved = row_.state != routing::state_name(state) && !(open_again && was_reopened_);
  const bool missing = row_.worklist.empty() || row_.owner.empty();
  if (moved || missing || open_again != was_reopened_) row_.worklist = turn.worklist;
  const bool named = state == routing::State::held || open_again;
  if (named && !worklist_.empty()) row_.worklist = worklist_;
  if (due_ && !named) show_check_point(turn.worklist);
  // Alarms have their own list and climb by themselves.
  const bool anothers = turn.owner == "clinic" || turn.owner == "engine";
  if (overdue_ && anothers) row_.worklist = overdue_worklist;
  row_.owner = row_.worklist == overdue_worklist && anothers ? "surgeon" : turn.owner;
}

void Ledger::commit_into(const Core& core, store::Changes& changes) {
  const auto now = core.clock();
  const auto state = routing::fold(events_);
  const bool begins = row_.state != routing::state_name(state);
  const auto before = std::pair(row_.owner, row_.worklist);
  show(state);
  const auto* asked = core.peers.find(row_.source.str());
  // A report that came is in the record, where its reader looks; the clock tells of one that stays.
  const bool waits = row_.owner == "surgeon" && state != routing::State::unread;
  if (asked != nullptr && waits && before != std::pair(row_.owner, row_.worklist)) {
    ask_for_notice(core, *asked, row_.id, changes);
  }
  if (begins || renewed_) set_clock(core, state, changes);
  row_.state = routing::state_name(state);
  row_.version = next_version();
  row_.updated_at = now;
  if (expected_version_ == 0) row_.created_at = now;
  changes.referrals.push_back({row_, expected_version_});
  for (auto& event : added_) changes.events.push_back(std::move(event));
  for (auto& offer : offers_) changes.offers.push_back(std::move(offer));
  added_.clear();
  offers_.clear();
  changed_ = false;
}

}  // namespace meridian::flow
