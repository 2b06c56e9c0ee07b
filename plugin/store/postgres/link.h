// SPDX-License-Identifier: Apache-2.0
// A node's session on the server: connected again when it was lost, and the only one of its name.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/result.h"
#include "store/postgres/connection.h"

namespace meridian::store::postgres {

/// Connects with the name of a node: two runtimes of one name would write one audit chain. The name
/// is a lock of the session, so it is free when the server knows that the session has ended. One
/// thread at a time.
class Link {
 public:
  /// `patience` is how long to wait for a session of this name that is still there.
  Link(ConnectSettings settings, std::int64_t node_key, std::chrono::milliseconds patience)
      : settings_(std::move(settings)), node_key_(node_key), patience_(patience) {}

  /// The session, made anew when there is none. Errors: as Connection::open; store_busy when
  /// another runtime has this node's name.
  Result<Connection*> get();

  /// Ends the session: its outcome is in doubt, or the server no longer answers.
  void drop() { connection_.reset(); }

 private:
  Result<void> take_name(Connection& connection);

  ConnectSettings settings_;
  std::int64_t node_key_;
  std::chrono::milliseconds patience_;
  std::unique_ptr<Connection> connection_;
  int last_backend_ = 0;  ///< of the session before; the server may not know yet that it is gone
};

}  // namespace meridian::store::postgres
