// SPDX-License-Identifier: Apache-2.0
#include "flow/out.h"

#include "base/log.h"
#include "flow/aliases.h"
#include "flow/ledger.h"
#include "flow/notice.h"
#include "flow/pauses.h"
#include "flow/retry.h"
#include "flow/siblings.h"
#include "flow/traces.h"
#include "report/episode_json.h"

namespace meridian::flow {
namespace {

using routing::EventKind;
using routing::State;
using store::DeliveryState;

Result<void> write_down(const Core& core, const store::Delivery& delivery,
                        store::Settlement settlement, store::Changes changes) {
  auto settled = core.store.settle_delivery(delivery, settlement, changes);
  // The lease ran out while we sent: whoever claims it next asks the receiver first.
  if (!settled && settled.error().code == ErrorCode::stale) return {};
  if (settled) core.wake_for(changes);
  return settled;
}

/// A packet goes out only while the decision behind it holds. The first send is the release;
/// later tries of the same packet go on even when the screen has aged since.
Result<bool> is_current(const Core& core, const store::Delivery& delivery) {
  if (delivery.kind == "notice") return is_notice_wanted(core, delivery);
  if (delivery.kind != "referral") return true;
  const auto ledger = Ledger::open(core.store, delivery.referral);
  if (!ledger) return ledger.error();
  const bool first_try = delivery.attempts == 0 && !delivery.maybe_arrived;
  const auto until = report::valid_until_of(ledger->row().assessment);
  if (first_try && until && *until < core.clock()) return false;
  const bool wanted =
      ledger->state() == State::sending && ledger->row().destination == delivery.destination;
  return wanted || delivery.maybe_arrived;
}

/// An alert is never held back, whatever is kept.
Result<bool> is_paused(const Core& core, const Peer& peer) {
  if (peer.kind == PeerKind::pager) return false;
  const auto pauses = read_pauses(core.store);
  if (!pauses) return pauses.error();
  return find_pause(*pauses, peer.id, Way::out) != nullptr;
}

/// Nobody can ask this receiver whether it has it: a person must look before it is sent again.
bool must_be_looked_at(const Peer& peer, const store::Delivery& delivery) {
  return delivery.maybe_arrived && peer.sender && !peer.sender->recognises_repeats();
}

Result<void> show_as_ambiguous(const Core& core, const store::Delivery& delivery) {
  const std::string name(error_row(ErrorCode::interrupted).name);
  return write_down(core, delivery, {DeliveryState::ambiguous, {}, "", name, true}, {});
}

/// Two letters of one referral that were written at the same moment can say the same; the receiver
/// that has the first needs no second.
Result<bool> says_nothing_new(const Core& core, const store::Delivery& delivery) {
  if (delivery.kind != "status" && delivery.kind != "consult_note") return false;
  if (delivery.attempts > 0 || delivery.maybe_arrived) return false;
  const auto rows = core.store.deliveries(delivery.referral);
  if (!rows) return rows.error();
  const store::DeliveryRow* last = nullptr;
  for (const auto& row : *rows) {
    const bool before = row.destination == delivery.destination && row.number < delivery.number &&
                        row.state == DeliveryState::delivered;
    if (before && (last == nullptr || last->number < row.number)) last = &row;
  }
  return last != nullptr && last->key == delivery.key;
}

Result<void> drop(const Core& core, const store::Delivery& delivery) {
  return write_down(core, delivery, {DeliveryState::superseded, {}, "", "", false}, {});
}

/// Back to WORK: the decision is made anew. A notice is only dropped.
Result<void> send_back(const Core& core, const store::Delivery& delivery) {
  store::Changes changes;
  if (delivery.kind == "notice") return drop(core, delivery);
  changes.works.push_back(
      {"assess", delivery.referral, core.clock(), "{}", "assess|" + delivery.referral.str()});
  return write_down(core, delivery, {DeliveryState::superseded, {}, "", "", false},
                    std::move(changes));
}

/// Where the surgeon's view shows who read the report, it stays on a list until somebody has.
void ask_to_read(const Core& core, Ledger& ledger) {
  const bool asked = core.settings.reading_asked_at.contains(ledger.row().source.str());
  const bool settled = ledger.has(EventKind::report_read) || ledger.has(EventKind::reading_asked);
  if (asked && !settled) ledger.add(EventKind::reading_asked, core.clock());
}

}  // namespace

Result<store::Changes> after_success(const Core& core, const store::NewDelivery& delivery,
                                     const std::string& reference) {
  store::Changes changes;
  if (delivery.kind == "alert" || delivery.kind == "notice") return changes;
  const auto* peer = core.peers.find(delivery.destination.str());
  if (peer != nullptr && peer->reads_here) {
    changes.shelves.push_back({delivery.destination, delivery.referral});
    ask_for_notice(core, *peer, delivery.referral, changes);
  }
  auto ledger = Ledger::open(core.store, delivery.referral);
  if (!ledger) return ledger.error();
  if (delivery.kind == "referral") {
    ledger->add(EventKind::sent, core.clock(), {.offer = delivery.destination.str()});
    const auto& receiver = delivery.destination.str();
    if (!reference.empty()) {
      changes.aliases.push_back(
          {"task", task_alias(receiver, reference), delivery.referral, false});
    }
    changes.works.push_back({"reflect", delivery.referral, core.clock(), "{}",
                             "reflect|" + delivery.referral.str() + "|engine"});
    // What changed while it was under way went into no packet.
    const bool behind = ledger->row().version != delivery.rests_on_version;
    if (behind) {
      changes.works.push_back(
          {"assess", delivery.referral, core.clock(), "{}", "assess|" + delivery.referral.str()});
    }
  }
  if (delivery.kind == "referral" || delivery.kind == "referral_update") {
    changes.audits.push_back({"PrivacyDisclosure.Source", delivery.destination.str(),
                              delivery.referral.str(), "success"});
  }
  if (delivery.kind == "consult_note") {
    ledger->add(EventKind::written_back, core.clock());
    ask_to_read(core, *ledger);
  }
  if (!ledger->changed()) return changes;
  ledger->commit_into(core, changes);
  if (routing::is_over(ledger->state())) {
    if (auto woken = wake_siblings(core, ledger->row(), changes); !woken) return woken.error();
  }
  return changes;
}

Result<store::Changes> after_failure(const Core& core, const store::NewDelivery& delivery) {
  store::Changes changes;
  if (delivery.kind != "referral") return changes;
  auto ledger = Ledger::open(core.store, delivery.referral);
  if (!ledger) return ledger.error();
  ledger->add(EventKind::undelivered, core.clock(), {.offer = delivery.destination.str()});
  changes.works.push_back({"reflect", delivery.referral, core.clock(), "{}",
                           "reflect|" + delivery.referral.str() + "|engine"});
  ledger->commit_into(core, changes);
  return changes;
}

namespace {

Result<void> succeed(const Core& core, const Peer& peer, const store::Delivery& delivery,
                     const Receipt& receipt) {
  log(LogLevel::info, "delivered",
      {{"referral", delivery.referral},
       {"to", peer.destination()},
       {"attempt", delivery.attempts + 1}});
  // Something else may change the referral at this moment: look again until one commit fits.
  constexpr int tries = 8;
  Result<void> settled;
  for (int i = 0; i < tries; ++i) {
    auto changes = after_success(core, delivery, receipt.reference);
    if (!changes) return changes.error();
    settled = core.store.settle_delivery(
        delivery, {DeliveryState::delivered, {}, receipt.reference, "", false}, *changes);
    if (settled) core.wake_for(*changes);
    if (settled || settled.error().code != ErrorCode::stale) return settled;
  }
  return {};
}

Result<void> fail(const Core& core, const Peer& peer, const store::Delivery& delivery,
                  const Error& error) {
  const auto& row = error_row(error.code);
  log(LogLevel::warning, "not delivered",
      {{"referral", delivery.referral},
       {"to", peer.destination()},
       {"attempt", delivery.attempts + 1},
       {"error", error}});
  const auto due = core.clock() + retry_delay(core.settings, delivery.attempts);
  const std::string name(row.name);
  if (row.retry == RetryClass::transient) {
    return write_down(core, delivery,
                      {DeliveryState::queued, due, "", name, delivery.maybe_arrived}, {});
  }
  if (row.retry == RetryClass::ambiguous) {
    // A receiver that recognises repeats is asked first and then sent to again; for any other a
    // person must look: it is shown as ambiguous and never sent again by itself.
    const bool again = peer.sender && peer.sender->recognises_repeats();
    const auto state = again ? DeliveryState::queued : DeliveryState::ambiguous;
    return write_down(core, delivery,
                      {state, again ? std::optional(due) : std::nullopt, "", name, true}, {});
  }
  auto changes = after_failure(core, delivery);
  if (!changes) return changes.error();
  return write_down(core, delivery, {DeliveryState::dead, {}, "", name, delivery.maybe_arrived},
                    std::move(*changes));
}

/// Ends what is not to be sent; false when it is to be.
Result<bool> settle_unsent(const Core& core, const Peer& peer, const store::Delivery& delivery) {
  const auto current = is_current(core, delivery);
  if (!current) return current.error();
  const auto known = says_nothing_new(core, delivery);
  if (!known) return known.error();
  const bool unclear = must_be_looked_at(peer, delivery);
  if (*current && !*known && !unclear) return false;
  const auto settled = !*current ? send_back(core, delivery)
                       : *known  ? drop(core, delivery)
                                 : show_as_ambiguous(core, delivery);
  if (!settled) return settled.error();
  return true;
}

}  // namespace

Result<std::optional<store::Delivery>> claim(const Core& core, const Peer& peer) {
  const auto paused = is_paused(core, peer);
  if (!paused) return paused.error();
  if (*paused) return std::optional<store::Delivery>();
  while (true) {
    const auto begin = std::chrono::steady_clock::now();
    auto claimed =
        core.store.claim_delivery(peer.destination(), core.settings.node, core.settings.lease);
    if (!claimed || !*claimed) return claimed;  // an idle line is looked at all the time: no claim
    if (core.stages)
      core.stages->passed(Stage::claim, "done", std::chrono::steady_clock::now() - begin);
    const auto settled = settle_unsent(core, peer, **claimed);
    if (!settled) return settled.error();
    if (!*settled) return claimed;
  }
}

Result<void> settle(const Core& core, const Peer& peer, const store::Delivery& delivery,
                    const Result<Receipt>& sent) {
  return observed(core.stages, Stage::settle, [&] {
    return sent ? succeed(core, peer, delivery, *sent) : fail(core, peer, delivery, sent.error());
  });
}

Result<bool> deliver_once(const Core& core, const Peer& peer) {
  const auto claimed = claim(core, peer);
  if (!claimed) return claimed.error();
  if (!*claimed) return false;
  const auto& delivery = **claimed;
  const TraceScope scope(trace_of(delivery.referral));
  const Rendered letter{delivery.key, delivery.media_type, delivery.body, {}};
  const auto sent = observed(core.stages, Stage::send,
                             [&] { return peer.sender->send(letter, delivery.maybe_arrived); });
  const auto settled = settle(core, peer, delivery, sent);
  if (!settled) return settled.error();
  return true;
}

}  // namespace meridian::flow
