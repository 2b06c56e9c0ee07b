// SPDX-License-Identifier: Apache-2.0
#include "flow/site_view.h"

#include <algorithm>
#include <map>

#include "flow/clock.h"
#include "flow/funnel_groups.h"
#include "flow/pauses.h"
#include "flow/reconcile.h"
#include "flow/retention.h"

namespace meridian::flow {
namespace {

// Rows of one kind that are looked at, the newest first: a page that is asked for each minute must
// not read a whole database.
constexpr int most_read = 10'000;
constexpr std::size_t most_shown = 12;  // of one kind

template <typename Row, typename Make>
void add_first(SiteView& view, ToDoKind kind, const std::vector<Row>& rows, const Make& make) {
  if (rows.empty()) return;
  ToDos all{kind, static_cast<std::int64_t>(rows.size()), {}};
  for (std::size_t i = 0; i < std::min(most_shown, rows.size()); ++i) {
    all.first.push_back(make(rows[i]));
  }
  view.to_do.push_back(std::move(all));
}

ToDo of_delivery(const store::DeliveryRow& row) {
  return {std::to_string(row.number),
          row.referral.str(),
          row.destination.str(),
          row.kind,
          row.error,
          row.settled_at ? row.settled_at : std::optional(row.due)};
}

Result<void> add_deliveries(const Core& core, SiteView& view) {
  auto outbox = core.store.outbox(most_read);
  if (!outbox) return outbox.error();
  std::erase_if(*outbox, [](const store::DeliveryRow& row) {
    return row.state != store::DeliveryState::ambiguous;
  });
  add_first(view, ToDoKind::ambiguous, *outbox, of_delivery);
  const auto dead = core.store.dead_letters(most_read);
  if (!dead) return dead.error();
  add_first(view, ToDoKind::dead_letter, *dead, of_delivery);
  return {};
}

Result<void> add_alerts(const Core& core, SiteView& view) {
  const auto alerts = core.store.open_alerts();
  if (!alerts) return alerts.error();
  add_first(view, ToDoKind::alert, *alerts, [](const store::AlertRow& row) {
    return ToDo{"", row.referral.str(), row.contact, row.rule, "", row.at};
  });
  return {};
}

Result<void> add_given_up(const Core& core, SiteView& view) {
  const auto work = core.store.dead_work(most_read);
  if (!work) return work.error();
  add_first(view, ToDoKind::work, *work, [](const store::DeadWork& row) {
    return ToDo{"w" + std::to_string(row.number), row.referral.str(), "", row.kind, row.error, {}};
  });
  const auto messages = core.store.quarantine(most_read);
  if (!messages) return messages.error();
  add_first(view, ToDoKind::message, *messages, [](const store::QuarantineRow& row) {
    return ToDo{row.id.str(),
                "",
                row.source.str(),
                row.media_type,
                std::string(error_row(ErrorCode::quarantined).name),
                row.received_at};
  });
  return {};
}

Result<void> add_comparison(const Core& core, SiteView& view) {
  const auto last = last_reconciliation(core.store);
  if (!last) return last.error();
  if (!*last) return {};
  LastComparison comparison{(*last)->at, (*last)->differing, {}};
  for (const auto& peer : (*last)->peers) {
    comparison.peers.push_back(
        {peer.peer, peer.news, peer.compared, peer.cannot_ask, peer.error, peer.why});
  }
  add_first(view, ToDoKind::difference, (*last)->differences,
            [&](const LastReconciliation::Difference& one) {
              return ToDo{"", one.referral, one.peer, one.standing + ": " + one.done,
                          "", (*last)->at};
            });
  view.comparison = std::move(comparison);
  return {};
}

Result<void> add_kept(const Core& core, SiteView& view) {
  const auto bytes = core.store.size();
  if (!bytes) return bytes.error();
  view.kept.bytes = *bytes;
  const auto last = last_retention(core.store);
  if (!last) return last.error();
  if (*last) view.kept = {*bytes, (*last)->at, (*last)->bodies, (*last)->over};
  return {};
}

Result<void> add_worklists(const Core& core, SiteView& view) {
  const auto rows = core.store.referrals(most_read);
  if (!rows) return rows.error();
  std::map<std::pair<std::string, std::string>, WorklistState> lists;
  std::vector<store::ReferralRow> late;
  for (const auto& row : *rows) {
    if (row.worklist.empty()) continue;
    auto& list = lists[{row.worklist, row.owner}];
    if (list.count++ == 0 || row.updated_at < list.oldest) list.oldest = row.updated_at;
    if (row.worklist == overdue_worklist) late.push_back(row);
  }
  for (auto& [key, list] : lists) {
    std::tie(list.name, list.owner) = key;
    view.worklists.push_back(std::move(list));
  }
  std::reverse(late.begin(), late.end());  // the oldest first
  add_first(view, ToDoKind::overdue, late, [](const store::ReferralRow& row) {
    return ToDo{"", row.id.str(), row.destination.str(), row.state, "", row.updated_at};
  });
  return {};
}

Result<void> add_funnel(const Core& core, SiteView& view) {
  const auto groups = read_funnels(core.store, {.since = view.at - std::chrono::days(90),
                                                .reading_seen_at = core.settings.reading_seen_at});
  if (!groups) return groups.error();
  const auto all = groups->find("all");
  if (all == groups->end()) return {};
  const auto& funnel = all->second;
  for (std::size_t i = 0; i < routing::step_count; ++i) {
    FunnelLine line{routing::step_name(static_cast<routing::Step>(i)), funnel[i].reached,
                    funnel[i].median, "", funnel[i].not_known};
    for (const auto& [state, count] : funnel[i].standing) {
      line.standing += (line.standing.empty() ? "" : ", ") + state + " " + std::to_string(count);
    }
    view.funnel.push_back(std::move(line));
  }
  return {};
}

Result<void> add_peers(const Core& core, SiteView& view) {
  constexpr const char* kinds[] = {"hospital", "clinic", "pager", "mail"};
  for (const auto& peer : core.peers.list) {
    PeerState state;
    state.id = peer->id;
    state.name = peer->name.empty() ? peer->id : peer->name;
    state.kind = kinds[static_cast<std::size_t>(peer->kind)];
    state.heard.there = !peer->sources.empty();
    state.asked.there = peer->gatherer != nullptr;
    state.sent.there = peer->sender != nullptr;
    view.peers.push_back(std::move(state));
  }
  const auto pauses = read_pauses(core.store);
  if (!pauses) return pauses.error();
  for (auto& peer : view.peers) {
    if (const auto* in = find_pause(*pauses, peer.id, Way::in)) peer.heard.paused = words_of(*in);
    if (const auto* out = find_pause(*pauses, peer.id, Way::out)) peer.sent.paused = words_of(*out);
  }
  const auto tallies = core.store.tallies();
  if (!tallies) return tallies.error();
  for (const auto& tally : tallies->deliveries) {
    const auto peer = std::find_if(view.peers.begin(), view.peers.end(), [&](const auto& one) {
      return one.id == tally.destination.str();
    });
    if (peer == view.peers.end()) continue;
    if (tally.state == store::DeliveryState::ambiguous) peer->ambiguous += tally.count;
    if (tally.state == store::DeliveryState::dead) peer->dead += tally.count;
    if (!tally.oldest) continue;
    peer->waiting += tally.count;
    peer->oldest = std::min(peer->oldest.value_or(*tally.oldest), *tally.oldest);
  }
  return {};
}

}  // namespace

Result<SiteView> view_of_site(const Core& core) {
  SiteView view;
  view.at = core.clock();
  view.version = core.settings.build;
  view.content = core.settings.content;
  view.node = core.settings.node;
  const auto counts = core.store.counts();
  if (!counts) return counts.error();
  view.work_due = counts->work_due;
  for (const auto& add : {add_peers, add_alerts, add_deliveries, add_given_up, add_worklists,
                          add_comparison, add_funnel, add_kept}) {
    if (auto added = add(core, view); !added) return added.error();
  }
  return view;
}

}  // namespace meridian::flow
