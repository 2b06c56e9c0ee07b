// SPDX-License-Identifier: Apache-2.0
#include "flow/restored.h"

#include <algorithm>

#include "base/log.h"
#include "flow/aliases.h"

namespace meridian::flow {
namespace {

using routing::EventKind;

constexpr const char* caught_up = "restore.caught-up";
/// How long a Task waits for its order.
constexpr std::chrono::hours patience{24};

Result<std::optional<store::RestoreRow>> last_restore(const Core& core) {
  auto restores = core.store.restores();
  if (!restores) return restores.error();
  if (restores->empty()) return std::optional<store::RestoreRow>();
  return std::optional(std::move(restores->front()));
}

/// The latest instant that a record names as its own; nothing when it names none.
std::optional<Instant> written_at(const Record& record, const PartialDate& authored) {
  if (const auto at = record.last_updated.instant()) return at;
  return authored.instant();
}

bool is_ours(const Task& task) {
  return std::any_of(task.identifiers.begin(), task.identifiers.end(),
                     [](const Identifier& each) { return each.system == referral_system; });
}

bool is_in_gap(const store::RestoreRow& restore, const Task& task, const Settings& settings) {
  const auto authored = task.authored.instant();
  // The release that wrote it may have begun before the backup and ended after.
  return authored && *authored >= restore.taken_at - settings.lease &&
         *authored <= restore.restored_at;
}

Result<bool> read(const Peer& peer, Inlet& inlet) {
  bool complete = true;
  for (const auto& source : peer.sources) {
    const auto done = source->read_now(inlet);
    if (done) continue;
    complete = false;
    log(LogLevel::warning, "not caught up", {{"source", peer.source()}, {"error", done.error()}});
  }
  return complete;
}

}  // namespace

Result<bool> may_have_been_sent(const Core& core, const ServiceRequest& order) {
  const auto restore = last_restore(core);
  if (!restore) return restore.error();
  if (!*restore) return false;
  const auto at = written_at(order, order.authored);
  return !at || *at <= (*restore)->restored_at;
}

Result<bool> was_sent_in_lost_life(const Core& core, const Task& task) {
  const auto restore = last_restore(core);
  if (!restore) return restore.error();
  return *restore && is_ours(task) && is_in_gap(**restore, task, core.settings);
}

void adopt(const Core& core, Ledger& ledger, const DestinationId& receiver,
           store::Changes& changes) {
  const auto& id = ledger.row().id;
  changes.supersede.push_back(id);
  changes.cancel_works.push_back("assess|" + id.str());
  changes.cancel_works.push_back("redirect|" + id.str());
  ledger.row().destination = receiver;
  ledger.add(EventKind::released, core.clock(), {.offer = receiver.str()});
  ledger.add(EventKind::sent, core.clock(), {.offer = receiver.str()});
  changes.audits.push_back({"PrivacyDisclosure.Source", receiver.str(), id.str(), "found again"});
  log(LogLevel::info, "found again", {{"referral", id}, {"at", receiver}});
}

Result<void> wait_for_order(const Core& core, const Task& task) {
  const auto restore = last_restore(core);
  if (!restore) return restore.error();
  const bool waits = *restore && is_ours(task) && is_in_gap(**restore, task, core.settings) &&
                     core.clock() < (*restore)->restored_at + patience;
  if (!waits) return {};
  return Error{ErrorCode::not_found, "in", "the order of this task has not been read again yet"};
}

void catch_up(const Core& core, Inlet& inlet) {
  const auto restore = last_restore(core);
  if (!restore || !*restore) return;
  const auto mark = to_string((*restore)->restored_at);
  for (const auto& peer : core.peers.list) {
    const auto known = inlet.cursor(peer->source(), caught_up);
    if (!known || *known == mark) continue;
    const auto complete = read(*peer, inlet);
    if (complete && *complete) (void)inlet.set_cursor(peer->source(), caught_up, mark);
  }
}

}  // namespace meridian::flow
