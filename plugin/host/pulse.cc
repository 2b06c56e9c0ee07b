// SPDX-License-Identifier: Apache-2.0
#include "host/pulse.h"

#include <algorithm>

namespace meridian::host {
namespace {

constexpr std::int64_t minutes_of_day = 24 * 60;
constexpr std::int64_t minutes_of_now = 5;

std::int64_t minute_of(Instant at) {
  return std::chrono::floor<std::chrono::minutes>(at.time_since_epoch()).count();
}

class CountedSender : public Sender {
 public:
  CountedSender(std::string peer, std::unique_ptr<Sender> sender, Pulse& pulse)
      : peer_(std::move(peer)), sender_(std::move(sender)), pulse_(pulse) {}

  Result<Receipt> send(const Rendered& letter, bool repeat) override {
    auto sent = sender_->send(letter, repeat);
    if (sent) {
      pulse_.worked(peer_, Pulse::Way::sent);
    } else {
      pulse_.failed(peer_, Pulse::Way::sent, sent.error());
    }
    return sent;
  }
  Result<Standing> look(const Rendered& letter) override { return sender_->look(letter); }
  bool recognises_repeats() const override { return sender_->recognises_repeats(); }

 private:
  std::string peer_;
  std::unique_ptr<Sender> sender_;
  Pulse& pulse_;
};

class CountedGatherer : public Gatherer {
 public:
  CountedGatherer(std::string peer, std::unique_ptr<Gatherer> gatherer, Pulse& pulse)
      : peer_(std::move(peer)), gatherer_(std::move(gatherer)), pulse_(pulse) {}

  std::vector<Query> queries() const override { return gatherer_->queries(); }
  Result<Gathered> gather(const GatherRequest& request) override {
    auto gathered = gatherer_->gather(request);
    if (gathered) {
      pulse_.worked(peer_, Pulse::Way::asked);
    } else {
      pulse_.failed(peer_, Pulse::Way::asked, gathered.error());
    }
    return gathered;
  }
  Result<std::string> doubt(const GatherRequest& request) override {
    return gatherer_->doubt(request);
  }

 private:
  std::string peer_;
  std::unique_ptr<Gatherer> gatherer_;
  Pulse& pulse_;
};

}  // namespace

void Pulse::worked(const std::string& peer, Way way) {
  const auto now = clock_();
  const std::lock_guard lock(mutex_);
  auto& one = peers_[peer];
  one.links[static_cast<int>(way)].worked = now;
  ++one.worked[static_cast<int>(way)];
  if (way == Way::asked) return;
  const auto minute = minute_of(now);
  auto& counts = one.minutes[minute];
  ++(way == Way::heard ? counts.in : counts.out);
  one.minutes.erase(one.minutes.begin(), one.minutes.upper_bound(minute - minutes_of_day));
}

void Pulse::failed(const std::string& peer, Way way, const Error& error) {
  const auto now = clock_();
  const std::lock_guard lock(mutex_);
  auto& one = peers_[peer];
  ++one.failed[static_cast<int>(way)];
  auto& link = one.links[static_cast<int>(way)];
  link.failed = now;
  link.error = error_row(error.code).name;
  link.words = error.what.view();
}

void Pulse::polled(const std::string& peer, const std::optional<Error>& failure) {
  if (failure) failed(peer, Way::heard, *failure);
  const std::lock_guard lock(mutex_);
  auto& one = peers_[peer];
  auto& link = one.links[static_cast<int>(Way::heard)];
  if (!failure && one.poll_failed) {
    link.failed.reset();
    link.error.clear();
    link.words.clear();
  }
  one.poll_failed = failure.has_value();
}

std::vector<Pulse::Total> Pulse::totals() const {
  std::vector<Total> totals;
  const std::lock_guard lock(mutex_);
  for (const auto& [id, peer] : peers_) {
    for (const auto way : {Way::heard, Way::asked, Way::sent}) {
      const auto i = static_cast<int>(way);
      if (peer.worked[i] + peer.failed[i] == 0) continue;
      totals.push_back({id, way, peer.worked[i], peer.failed[i]});
    }
  }
  return totals;
}

void Pulse::listen_to(flow::Peers& peers) {
  for (auto& peer : peers.list) {
    if (peer->sender) {
      peer->sender = std::make_unique<CountedSender>(peer->id, std::move(peer->sender), *this);
    }
    if (peer->gatherer) {
      peer->gatherer =
          std::make_unique<CountedGatherer>(peer->id, std::move(peer->gatherer), *this);
    }
  }
}

void Pulse::show(const Peer& peer, Instant now, PeerState& state) {
  LinkState* const links[] = {&state.heard, &state.asked, &state.sent};
  for (std::size_t i = 0; i < std::size(links); ++i) {
    const bool there = links[i]->there || peer.links[i].worked || peer.links[i].failed;
    auto paused = std::move(links[i]->paused);
    *links[i] = peer.links[i];
    links[i]->there = there;
    links[i]->paused = std::move(paused);
  }
  const auto this_minute = minute_of(now);
  const auto this_hour = this_minute / 60;
  for (const auto& [minute, counts] : peer.minutes) {
    const auto ago = this_hour - minute / 60;
    if (ago >= 0 && ago < static_cast<std::int64_t>(Traffic::hours)) {
      state.traffic.in[Traffic::hours - 1 - ago] += counts.in;
      state.traffic.out[Traffic::hours - 1 - ago] += counts.out;
    }
    if (this_minute - minute < minutes_of_now) {
      state.traffic.in_now += counts.in;
      state.traffic.out_now += counts.out;
    }
  }
}

void Pulse::show(SiteView& view) const {
  view.started = started_;
  const std::lock_guard lock(mutex_);
  for (auto& state : view.peers) {
    const auto found = peers_.find(state.id);
    if (found != peers_.end()) show(found->second, view.at, state);
  }
}

Result<std::string> CountedInlet::submit(Envelope envelope) {
  const auto source = envelope.source.str();
  auto answer = inlet_.submit(std::move(envelope));
  if (answer) {
    pulse_.worked(source, Pulse::Way::heard);
  } else {
    pulse_.failed(source, Pulse::Way::heard, answer.error());
  }
  return answer;
}

void CountedInlet::polled(const SourceId& source, const std::optional<Error>& failure) {
  pulse_.polled(source.str(), failure);
  inlet_.polled(source, failure);
}

}  // namespace meridian::host
