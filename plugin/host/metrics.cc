// SPDX-License-Identifier: Apache-2.0
#include "host/metrics.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "flow/funnel_groups.h"
#include "flow/missed.h"
#include "flow/pauses.h"
#include "flow/reconcile.h"
#include "flow/retention.h"
#include "flow/watch.h"

namespace meridian::host {
namespace {

using Labels = prometheus::Labels;
using Gauges = prometheus::Family<prometheus::Gauge>;

/// Seconds. A parse takes less than a millisecond, a gather some seconds.
const prometheus::Histogram::BucketBoundaries buckets = {0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05,
                                                         0.1,    0.5,    1,     5,     30};

double seconds_between(Instant from, Instant to) {
  return std::max(0.0, std::chrono::duration<double>(to - from).count());
}

Gauges& gauges(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}

void add_deliveries(prometheus::Registry& registry, const store::Tallies& tallies, Instant now) {
  auto& depth = gauges(registry, "meridian_queue_depth", "Deliveries that wait or are under way");
  auto& age = gauges(registry, "meridian_queue_oldest_seconds", "Age of the oldest of them");
  auto& outbox = gauges(registry, "meridian_outbox", "Deliveries by state, without delivered ones");
  auto& dead = gauges(registry, "meridian_dead_letters", "Deliveries given up, by error");
  for (const auto& one : tallies.deliveries) {
    const Labels destination = {{"destination", one.destination.str()}};
    const auto count = static_cast<double>(one.count);
    outbox.Add({{"state", store::delivery_state_name(one.state)}}).Increment(count);
    if (one.oldest) {
      depth.Add(destination).Increment(count);
      auto& oldest = age.Add(destination);
      oldest.Set(std::max(oldest.Value(), seconds_between(*one.oldest, now)));
    }
    if (one.state == store::DeliveryState::dead) {
      dead.Add({{"destination", one.destination.str()}, {"error", one.error}}).Increment(count);
    }
  }
}

void add_counts(prometheus::Registry& registry, const store::Counts& counts) {
  const auto add = [&](const char* name, const char* help, std::int64_t value) {
    gauges(registry, name, help).Add({}).Set(static_cast<double>(value));
  };
  add("meridian_messages", "Messages kept", counts.messages);
  add("meridian_quarantined", "Messages that could not be read", counts.quarantined);
  add("meridian_work_due", "Work items that are due", counts.work_due);
  add("meridian_work_given_up", "Work items that a person must look at", counts.work_dead);
  add("meridian_deliveries_delivered", "Deliveries that arrived", counts.delivered);
}

/// What the last look at the peers found; nothing before the first.
void add_reconciliation(prometheus::Registry& registry, store::Store& store, Instant now) {
  const auto last = flow::last_reconciliation(store);
  if (!last || !*last) return;
  gauges(registry, "meridian_reconciled_seconds_ago", "Since the peers were compared last")
      .Add({})
      .Set(seconds_between((*last)->at, now));
  gauges(registry, "meridian_reconcile_differing", "Referrals that a peer has otherwise")
      .Add({})
      .Set((*last)->differing);
  auto& failed =
      gauges(registry, "meridian_reconcile_failed", "1: this peer could not be compared");
  auto& news =
      gauges(registry, "meridian_reconcile_news", "Messages that had not come by themselves");
  for (const auto& peer : (*last)->peers) {
    failed.Add({{"peer", peer.peer}}).Set(peer.failed ? 1 : 0);
    news.Add({{"peer", peer.peer}}).Set(peer.news);
  }
}

/// How large the database is, and what the last walk through the bodies did.
void add_retention(prometheus::Registry& registry, store::Store& store, Instant now) {
  if (const auto bytes = store.size()) {
    gauges(registry, "meridian_database_bytes", "Bytes of the database that are used")
        .Add({})
        .Set(static_cast<double>(*bytes));
  }
  const auto last = flow::last_retention(store);
  if (!last || !*last) return;
  gauges(registry, "meridian_retention_seconds_ago", "Since the last walk through the bodies ended")
      .Add({})
      .Set(seconds_between((*last)->at, now));
  gauges(registry, "meridian_retention_bodies", "Bodies that it took away")
      .Add({})
      .Set(static_cast<double>((*last)->bodies));
  gauges(registry, "meridian_retention_over",
         "1: the database is larger than [retention] most_gb, and nothing more may go")
      .Add({})
      .Set((*last)->over ? 1 : 0);
}

/// How far the referrals of the last 90 days came, by group; see routing/funnel.h.
void add_funnels(prometheus::Registry& registry, const flow::FunnelGroups& funnels) {
  auto& reached = gauges(registry, "meridian_funnel_reached",
                         "Referrals of the last 90 days that came to this step or farther");
  auto& standing = gauges(registry, "meridian_funnel_standing",
                          "Those of them that came just so far, by the state they are in");
  auto& median =
      gauges(registry, "meridian_funnel_median_seconds", "Median time from the step before");
  auto& unknown =
      gauges(registry, "meridian_funnel_not_known",
             "Those of the step before of which nobody can tell whether they came here");
  auto& reasons = gauges(registry, "meridian_funnel_reasons",
                         "Why those that are held, declined or called off are so");
  for (const auto& [group, funnel] : funnels) {
    for (std::size_t i = 0; i < routing::step_count; ++i) {
      const std::string step = routing::step_name(static_cast<routing::Step>(i));
      const Labels labels = {{"group", group}, {"step", step}};
      if (!routing::is_unknown(funnel[i])) reached.Add(labels).Set(funnel[i].reached);
      if (funnel[i].not_known > 0) unknown.Add(labels).Set(funnel[i].not_known);
      if (funnel[i].median) median.Add(labels).Set(static_cast<double>(funnel[i].median->count()));
      for (const auto& [state, count] : funnel[i].standing) {
        standing.Add({{"group", group}, {"step", step}, {"state", state}}).Set(count);
      }
      for (const auto& [reason, count] : funnel[i].reasons) {
        reasons.Add({{"group", group}, {"step", step}, {"reason", reason}}).Set(count);
      }
    }
  }
}

/// Deadlines of the last 90 days that passed without what they waited for; see flow/missed.h.
void add_missed(prometheus::Registry& registry, const flow::Missed& missed) {
  auto& family = gauges(registry, "meridian_deadlines_missed",
                        "Deadlines of referrals of the last 90 days that passed, by what followed");
  for (const auto& [key, count] : missed) {
    family.Add({{"hospital", key.hospital}, {"kind", key.kind}, {"clinic", key.clinic}}).Set(count);
  }
}

/// Totals that were counted elsewhere. Counters are made anew for each text, and begin at nothing.
void add_systems(prometheus::Registry& registry, const std::vector<Pulse::Total>& systems) {
  constexpr const char* ways[] = {"heard", "asked", "sent"};
  auto& family = prometheus::BuildCounter()
                     .Name("meridian_system_total")
                     .Help(
                         "What came from each system, was asked of it and sent to it, by how it "
                         "ended, since this process began")
                     .Register(registry);
  for (const auto& one : systems) {
    const std::string way = ways[static_cast<int>(one.way)];
    const auto add = [&](const char* outcome, std::int64_t count) {
      family.Add({{"system", one.peer}, {"way", way}, {"outcome", outcome}})
          .Increment(static_cast<double>(count));
    };
    add("done", one.worked);
    add("failed", one.failed);
  }
}

/// What operators paused.
void add_pauses(prometheus::Registry& registry, store::Store& store) {
  const auto pauses = flow::read_pauses(store);
  if (!pauses) return;
  auto& family = gauges(registry, "meridian_paused", "1: an operator paused this way of a system");
  for (const auto& one : *pauses) {
    family.Add({{"system", one.peer}, {"way", std::string(flow::way_name(one.way))}}).Set(1);
  }
}

void add_alerts(prometheus::Registry& registry, const std::vector<store::AlertRow>& alerts,
                Instant now) {
  double oldest = 0;
  for (const auto& alert : alerts) oldest = std::max(oldest, seconds_between(alert.at, now));
  gauges(registry, "meridian_open_alerts", "Emergency alerts that nobody acknowledged yet")
      .Add({})
      .Set(static_cast<double>(alerts.size()));
  gauges(registry, "meridian_open_alerts_oldest_seconds", "Age of the oldest of them")
      .Add({})
      .Set(oldest);
}

}  // namespace

struct Metrics::Counters {
  struct Days {
    flow::FunnelGroups funnels;
    flow::Missed missed;
  };
  /// Read anew when they are a minute old: they walk over 90 days of events. Without orderers: how
  /// one person's orders fare is not for all to see, and unsealing who it was costs the most.
  Days days_of(store::Store& store, const std::set<std::string>& reading_seen_at, Instant now) {
    const std::lock_guard lock(days_mutex);
    if (days_at && now - *days_at < std::chrono::minutes(1)) return days;
    const auto walks = store.walks(now - std::chrono::days(90), store::Orderers::left_out);
    if (!walks) return days;
    days = {flow::funnels_of(*walks, reading_seen_at), flow::missed_of(*walks)};
    days_at = now;
    return days;
  }

  std::mutex days_mutex;
  Days days;
  std::optional<Instant> days_at;
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& stages =
      prometheus::BuildCounter()
          .Name("meridian_stage_total")
          .Help("How often each stage of the path ended, by outcome")
          .Register(registry);
  prometheus::Family<prometheus::Histogram>& times = prometheus::BuildHistogram()
                                                         .Name("meridian_stage_seconds")
                                                         .Help("How long each stage took")
                                                         .Register(registry);
  prometheus::Family<prometheus::Counter>& requests = prometheus::BuildCounter()
                                                          .Name("meridian_http_requests_total")
                                                          .Help("HTTP requests by route and status")
                                                          .Register(registry);
  prometheus::Family<prometheus::Counter>& cards = prometheus::BuildCounter()
                                                       .Name("meridian_cards_total")
                                                       .Help("Cards shown at signing")
                                                       .Register(registry);
  prometheus::Family<prometheus::Counter>& feedback = prometheus::BuildCounter()
                                                          .Name("meridian_card_feedback_total")
                                                          .Help("What clinicians did about cards")
                                                          .Register(registry);
};

Metrics::Metrics() : counters_(std::make_unique<Counters>()) {}
Metrics::~Metrics() = default;

void Metrics::passed(Stage stage, Literal outcome, std::chrono::nanoseconds took) {
  count(stage, outcome.view(), took);
}

void Metrics::failed(Stage stage, ErrorCode code, std::chrono::nanoseconds took) {
  count(stage, error_row(code).name, took);
}

void Metrics::count(Stage stage, std::string_view outcome, std::chrono::nanoseconds took) {
  const std::string name(stage_name(stage));
  counters_->stages.Add({{"stage", name}, {"outcome", std::string(outcome)}}).Increment();
  counters_->times.Add({{"stage", name}}, buckets)
      .Observe(std::chrono::duration<double>(took).count());
}

void Metrics::answered(std::string_view method, std::string_view route, int status) {
  counters_->requests
      .Add({{"method", std::string(method)},
            {"route", std::string(route)},
            {"status", std::to_string(status)}})
      .Increment();
}

void Metrics::advised(std::string_view topic, std::string_view level) {
  counters_->cards.Add({{"topic", std::string(topic)}, {"level", std::string(level)}}).Increment();
}

void Metrics::fed_back(std::string_view topic, bool accepted) {
  counters_->feedback
      .Add({{"topic", std::string(topic)}, {"outcome", accepted ? "accepted" : "overridden"}})
      .Increment();
}

std::string Metrics::text(store::Store& store, const std::set<std::string>& reading_seen_at,
                          Instant now, const std::vector<Pulse::Total>& systems) const {
  prometheus::Registry seen;
  add_systems(seen, systems);
  const auto counts = store.counts();
  const auto tallies = store.tallies();
  const auto alerts = store.open_alerts();
  const bool works = counts && tallies && alerts;
  gauges(seen, "meridian_store_up", "1 when the database answers").Add({}).Set(works ? 1 : 0);
  if (works) {
    add_counts(seen, *counts);
    add_deliveries(seen, *tallies, now);
    add_alerts(seen, *alerts, now);
    add_reconciliation(seen, store, now);
    add_retention(seen, store, now);
    add_pauses(seen, store);
    const auto days = counters_->days_of(store, reading_seen_at, now);
    add_funnels(seen, days.funnels);
    add_missed(seen, days.missed);
    const auto unguarded = flow::count_unguarded(store);
    gauges(seen, "meridian_referrals_unguarded", "Referrals without owner, worklist or clock")
        .Add({})
        .Set(unguarded ? *unguarded : 0);
    auto& states = gauges(seen, "meridian_referrals", "Referrals by state");
    for (const auto& one : tallies->referrals) {
      states.Add({{"state", one.state}}).Set(static_cast<double>(one.count));
    }
  }
  auto families = counters_->registry.Collect();
  for (auto& family : seen.Collect()) families.push_back(std::move(family));
  std::erase_if(families, [](const auto& family) { return family.metric.empty(); });
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace meridian::host
