// SPDX-License-Identifier: Apache-2.0
#include "flow/reconcile.h"

#include <algorithm>
#include <map>

#include "base/log.h"
#include "flow/stored_json.h"
#include "report/json.h"

namespace meridian::flow {
namespace {

using store::DeliveryState;

/// Over this time what is over is still compared, and the peers' own words are read at least.
constexpr std::chrono::hours recent{24 * 7};
constexpr const char* last_name = "reconcile.last";
constexpr const char* due_name = "reconcile.due";
constexpr Error stopped{ErrorCode::stopping, "reconcile", "the runtime stops"};

SourceId us() {
  return SourceId("meridian");
}

bool is_open(const store::ReferralRow& row) {
  const auto state = routing::state_named(row.state);
  return state && !routing::is_final(*state);
}

/// Says what would be taken, and takes nothing.
class LookingInlet : public Inlet {
 public:
  explicit LookingInlet(Inlet& inlet) : inlet_(inlet) {}
  Result<std::string> submit(Envelope) override { return std::string(); }
  Result<std::string> cursor(const SourceId& source, std::string_view name) override {
    return inlet_.cursor(source, name);
  }
  Result<void> set_cursor(const SourceId&, std::string_view, std::string_view) override {
    return {};
  }
  Result<bool> knows(const SourceId& source, std::string_view sender_id) override {
    return inlet_.knows(source, sender_id);
  }

 private:
  Inlet& inlet_;
};

/// What was sent last to a receiver of a referral, when nothing more is under way to it and
/// nothing was sent after `before`.
const store::DeliveryRow* settled(const std::vector<store::DeliveryRow>& deliveries,
                                  const DestinationId& to, bool packet, Instant before) {
  const store::DeliveryRow* last = nullptr;
  for (const auto& row : deliveries) {
    if (row.destination != to) continue;
    const bool waits = row.state == DeliveryState::queued ||
                       row.state == DeliveryState::in_flight ||
                       row.state == DeliveryState::ambiguous;
    if (waits || (row.settled_at && *row.settled_at > before)) return nullptr;
    const bool asked_for =
        packet ? row.kind == "referral" : row.kind == "status" || row.kind == "consult_note";
    if (asked_for && row.state == DeliveryState::delivered) last = &row;
  }
  return last;
}

/// One look over everything.
class Comparison {
 public:
  Comparison(const Core& core, Inlet& inlet, bool repair, const GoesOn& goes_on)
      : core_(core), inlet_(inlet), goes_on_(goes_on) {
    found_.at = core.clock();
    found_.repaired = repair;
  }

  Result<Reconciliation> run() {
    constexpr int most = 1'000'000;
    auto rows = core_.store.referrals(most);
    if (!rows) return rows.error();
    found_.since = found_.at - recent;
    for (const auto& row : *rows) {
      if (is_open(row)) found_.since = std::min(found_.since, row.created_at);
    }
    for (const auto& peer : core_.peers.list) {
      if (peer->kind == PeerKind::pager || peer->kind == PeerKind::mail) continue;
      if (!goes_on_()) return stopped;
      found_.peers.push_back({.peer = peer->destination(), .failure = {}});
      read_back(*peer, found_.peers.back());
    }
    rows = core_.store.referrals(most);  // what was read back has changed some, and brought others
    if (!rows) return rows.error();
    for (const auto& row : *rows) {
      if (!goes_on_()) return stopped;
      if (auto done = compare(row); !done) return done.error();
    }
    return std::move(found_);
  }

 private:
  void read_back(const Peer& peer, PeerCompared& entry) {
    LookingInlet looking(inlet_);
    Inlet& inlet = found_.repaired ? inlet_ : looking;
    for (const auto& source : peer.sources) {
      const auto news = source->read_back(inlet, found_.since);
      if (news) {
        entry.news += *news;
      } else if (news.error().code != ErrorCode::unsupported && !entry.failure) {
        entry.failure = news.error();
      }
    }
  }

  Result<void> compare(const store::ReferralRow& row) {
    const bool open = is_open(row);
    if (!open && found_.at - row.updated_at > recent) return {};
    const auto deliveries = core_.store.deliveries(row.id);
    if (!deliveries) return deliveries.error();
    const DestinationId origin(row.source.str());
    const Instant before = found_.at - core_.settings.reconcile_settle;
    if (auto done = ask(row, settled(*deliveries, origin, false, before)); !done) return done;
    if (!open || row.destination == origin) return {};
    return ask(row, settled(*deliveries, row.destination, true, before));
  }

  PeerCompared* entry_of(const DestinationId& peer) {
    for (auto& entry : found_.peers) {
      if (entry.peer == peer) return &entry;
    }
    return nullptr;
  }

  Result<void> ask(const store::ReferralRow& row, const store::DeliveryRow* sent) {
    if (sent == nullptr) return {};
    const auto* peer = core_.peers.find(sent->destination.str());
    auto* entry = entry_of(sent->destination);
    if (peer == nullptr || entry == nullptr || peer->reads_here) return {};
    if (!peer->sender) {
      ++entry->cannot_ask;
      return {};
    }
    const auto standing = peer->sender->look({sent->key, sent->media_type, sent->body, {}});
    if (!standing) {
      if (!entry->failure) entry->failure = standing.error();
      return {};
    }
    if (*standing == Standing::unknown) {
      ++entry->cannot_ask;
      return {};
    }
    ++entry->compared;
    if (*standing == Standing::there) return {};
    found_.differences.push_back(
        {row.id, sent->destination, *standing, is_safe(row, *sent, *peer, *standing)});
    const auto& difference = found_.differences.back();
    return difference.safe && found_.repaired ? send_again(*sent) : Result<void>();
  }

  /// What shows a referral at its origin is ours to write. A packet is sent again only while nobody
  /// answered to it, to a receiver that takes no second one.
  static bool is_safe(const store::ReferralRow& row, const store::DeliveryRow& sent,
                      const Peer& peer, Standing standing) {
    if (standing == Standing::doubled) return false;
    if (sent.kind != "referral") return true;
    return standing == Standing::missing && peer.sender->recognises_repeats() &&
           row.state == routing::state_name(routing::State::delivered);
  }

  /// The same bytes under another key. A packet looks before it is sent; what we keep up to date at
  /// the origin is put in the place of what is there.
  Result<void> send_again(const store::DeliveryRow& sent) {
    store::Changes changes;
    changes.deliveries.push_back({sent.referral, sent.destination, sent.kind,
                                  sent.key + "/again/" + to_string(found_.at), sent.media_type,
                                  sent.body, found_.at, 0, sent.kind == "referral"});
    changes.audits.push_back({"Delivery.reconciled", "engine",
                              sent.referral.str() + "/" + std::to_string(sent.number), "success"});
    auto applied = core_.store.apply(changes);
    if (applied) core_.wake();
    return applied;
  }

  const Core& core_;
  Inlet& inlet_;
  const GoesOn& goes_on_;
  Reconciliation found_;
};

int count_in(const rapidjson::Value& json, const char* name) {
  return static_cast<int>(number_in(json, name));
}

Literal standing_name(Standing standing) {
  switch (standing) {
    case Standing::unknown:
      return "unknown";
    case Standing::there:
      return "there";
    case Standing::other:
      return "other";
    case Standing::missing:
      return "missing";
    case Standing::doubled:
      return "doubled";
  }
  return "";
}

Literal done_about(const Difference& difference, bool repaired) {
  if (!difference.safe) return "left to a person";
  if (repaired) return "sent again";
  return "can be sent again";
}

void show_in_log(const Reconciliation& found) {
  for (const auto& each : found.differences) {
    log(LogLevel::warning, "reconciled: differs",
        {{"referral", each.referral},
         {"peer", each.peer},
         {"standing", standing_name(each.standing)},
         {"done", done_about(each, found.repaired)}});
  }
  for (const auto& peer : found.peers) {
    if (peer.failure) {
      log(LogLevel::warning, "not reconciled", {{"peer", peer.peer}, {"error", *peer.failure}});
    }
    if (peer.news > 0) {
      log(LogLevel::warning, "reconciled: news that had not come",
          {{"peer", peer.peer}, {"messages", peer.news}});
    }
  }
}

}  // namespace

Result<Reconciliation> reconcile(const Core& core, Inlet& inlet, bool repair,
                                 const GoesOn& goes_on) {
  auto found = Comparison(core, inlet, repair, goes_on).run();
  if (!found) return found;
  show_in_log(*found);
  const auto kept = core.store.set_cursor(us(), last_name, reconciliation_json(*found));
  if (!kept) return kept.error();
  return found;
}

std::string reconciliation_json(const Reconciliation& found) {
  constexpr std::size_t most = 1000;
  report::Json json;
  json.open();
  json.text("format", "meridian.reconciliation/1");
  json.text("at", to_string(found.at));
  json.text("since", to_string(found.since));
  json.flag("repaired", found.repaired);
  json.open_list("peers");
  for (const auto& each : found.peers) {
    json.open();
    json.text("peer", each.peer.str());
    json.number("news", each.news);
    json.number("compared", each.compared);
    json.number("cannotAsk", each.cannot_ask);
    if (each.failure) {
      json.text("failed", error_row(each.failure->code).name);
      json.text("why", each.failure->what.view());
    }
    json.close();
  }
  json.close_list();
  json.number("differing", static_cast<long long>(found.differences.size()));
  json.open_list("differences");
  for (std::size_t i = 0; i < std::min(most, found.differences.size()); ++i) {
    const auto& each = found.differences[i];
    json.open();
    json.text("referral", each.referral.str());
    json.text("peer", each.peer.str());
    json.text("standing", standing_name(each.standing).view());
    json.text("done", done_about(each, found.repaired).view());
    json.close();
  }
  json.close_list();
  json.close();
  return json.str();
}

Result<std::optional<LastReconciliation>> last_reconciliation(store::Store& store) {
  const auto kept = store.cursor(us(), last_name);
  if (!kept) return kept.error();
  const auto json = parsed(*kept);
  const auto at = parse_instant(text_in(json, "at"));
  const auto* peers = list_in(json, "peers");
  if (!at || peers == nullptr) return std::optional<LastReconciliation>();
  LastReconciliation last{*at, {}, count_in(json, "differing")};
  for (const auto& peer : peers->GetArray()) {
    const auto error = text_in(peer, "failed");
    last.peers.push_back({text_in(peer, "peer"), count_in(peer, "news"), !error.empty(),
                          count_in(peer, "compared"), count_in(peer, "cannotAsk"), error,
                          text_in(peer, "why")});
  }
  if (const auto* differences = list_in(json, "differences")) {
    for (const auto& one : differences->GetArray()) {
      last.differences.push_back({text_in(one, "referral"), text_in(one, "peer"),
                                  text_in(one, "standing"), text_in(one, "done")});
    }
  }
  return std::optional(std::move(last));
}

Result<bool> Nightly::look(const Core& core) {
  constexpr std::chrono::minutes every{1};
  constexpr std::chrono::hours longest{2};
  const auto now = core.clock();
  if (!core.settings.reconcile_at || (looked_ && now - *looked_ < every)) return false;
  looked_ = now;
  const auto kept = core.store.cursor(us(), due_name);
  if (!kept) return kept.error();
  const auto due = parse_instant(*kept);
  if (due && now < *due) return false;
  const auto next = core.settings.clocks.calendar().next(*core.settings.reconcile_at, now);
  if (!due) {  // the first start of this site
    if (auto set = core.store.set_cursor(us(), due_name, to_string(next)); !set) return set.error();
    return false;
  }
  const auto mine = core.store.hold_lease(due_name, core.settings.node, longest);
  if (!mine) return mine.error();
  if (!*mine) return false;
  const auto found = reconcile(core, inlet_, true, goes_on_);
  if (!found) return found.error();
  if (auto set = core.store.set_cursor(us(), due_name, to_string(next)); !set) return set.error();
  return false;
}

}  // namespace meridian::flow
