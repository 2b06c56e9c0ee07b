// SPDX-License-Identifier: Apache-2.0
// What came from each system and went to it since this process started, and how that ended: the
// ports of a system with a counter before them.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "flow/peers.h"
#include "port/passing_inlet.h"
#include "port/site_view.h"

namespace meridian::host {

/// Thread-safe. Keeps a day, by the minute.
class Pulse {
 public:
  explicit Pulse(Clock clock = system_now) : clock_(std::move(clock)), started_(clock_()) {}

  enum class Way { heard, asked, sent };
  void worked(const std::string& peer, Way way);
  void failed(const std::string& peer, Way way, const Error& error);
  /// A look at the peer: one that failed stands until one succeeds or a message comes, and is no
  /// traffic.
  void polled(const std::string& peer, const std::optional<Error>& failure);

  /// Puts counters before senders and gatherers of all systems. The pulse must outlive them.
  void listen_to(flow::Peers& peers);

  /// How often each way of a system ended well and how often not. Ways that were never used are
  /// left out.
  struct Total {
    std::string peer;
    Way way;
    std::int64_t worked = 0;
    std::int64_t failed = 0;
  };
  std::vector<Total> totals() const;

  /// Adds traffic and links to the systems of a view.
  void show(SiteView& view) const;

 private:
  struct Counts {
    std::int64_t in = 0;
    std::int64_t out = 0;
  };
  struct Peer {
    LinkState links[3];
    std::int64_t worked[3] = {};  ///< ever
    std::int64_t failed[3] = {};
    bool poll_failed = false;                ///< that is what stands as failure of `heard`
    std::map<std::int64_t, Counts> minutes;  ///< by minutes since 1970
  };
  static void show(const Peer& peer, Instant now, PeerState& state);

  Clock clock_;
  const Instant started_;
  mutable std::mutex mutex_;
  std::map<std::string, Peer> peers_;
};

/// An inlet with the counter before it.
class CountedInlet : public PassingInlet {
 public:
  CountedInlet(Inlet& inlet, Pulse& pulse) : PassingInlet(inlet), pulse_(pulse) {}

  Result<std::string> submit(Envelope envelope) override;
  void polled(const SourceId& source, const std::optional<Error>& failure) override;

 private:
  Pulse& pulse_;
};

}  // namespace meridian::host
