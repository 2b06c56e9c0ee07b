// SPDX-License-Identifier: Apache-2.0
// Of several nodes one sends to a peer that is spoken to over one line, as by MLLP: what it gets
// comes over one connection, in one order.
#pragma once

#include <optional>

#include "flow/core.h"

namespace meridian::flow {

/// This node's hold on the line to one peer: a lease, as long as that of a delivery, renewed while
/// something is due. One thread at a time.
class Line {
 public:
  /// The peer is borrowed.
  explicit Line(const Peer& peer) : peer_(peer) {}

  /// True when this node may send to the peer now. False when another node does, or nothing is due.
  /// Any node may where the peer takes connections as they come. Errors: store errors.
  Result<bool> mine(const Core& core);
  /// The next node need not wait for the end of the lease. Store errors are left to time.
  void give_back(const Core& core);

 private:
  std::string lease_name() const { return "line|" + peer_.id; }

  const Peer& peer_;
  std::optional<Instant> until_;
};

}  // namespace meridian::flow
