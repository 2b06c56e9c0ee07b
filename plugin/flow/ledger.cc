// SPDX-License-Identifier: Apache-2.0
#include "flow/ledger.h"

#include <algorithm>
#include <cstdio>

namespace meridian::flow {

using routing::EventKind;

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
    if (const auto kind = routing::event_named(event.kind)) {
      // Stored as "sequence:kind", so that two kinds of one sequence are two rows.
      const auto colon = event.actor_sequence.rfind(':');
      ledger.events_.push_back({*kind, event.actor_sequence.substr(0, colon)});
    }
  }
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

bool Ledger::has(EventKind kind) const {
  return std::any_of(events_.begin(), events_.end(),
                     [&](const routing::Event& event) { return event.kind == kind; });
}

bool Ledger::add(EventKind kind, Instant at, std::string sequence, std::string detail,
                 MessageId message) {
  const auto actor = routing::actor_of(kind);
  if (sequence.empty()) {
    // Engine and contact events are numbered by the referral's version; several of one commit by
    // their place in it, so that the later one counts.
    sequence = sortable(next_version()) + "." + sortable(static_cast<std::int64_t>(added_.size()));
  }
  for (const auto& event : events_) {
    const bool same =
        routing::actor_of(event.kind) == actor && event.sequence == sequence && event.kind == kind;
    if (same) return false;
  }
  events_.push_back({kind, sequence});
  added_.push_back({row_.id, routing::actor_name(actor), sequence + ":" + routing::event_name(kind),
                    routing::event_name(kind), at, std::move(message), std::move(detail)});
  changed_ = true;
  return true;
}

void Ledger::commit_into(store::Changes& changes, Instant now) {
  const auto state = routing::fold(events_);
  const auto turn = routing::turn_of(state);
  row_.state = routing::state_name(state);
  row_.owner = turn.owner;
  row_.worklist = turn.worklist;
  row_.version = next_version();
  row_.updated_at = now;
  if (expected_version_ == 0) row_.created_at = now;
  changes.referrals.push_back({row_, expected_version_});
  for (auto& event : added_) changes.events.push_back(std::move(event));
  added_.clear();
  changed_ = false;
}

}  // namespace meridian::flow
