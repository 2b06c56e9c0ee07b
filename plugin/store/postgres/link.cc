// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/link.h"

#include <thread>

#include "base/log.h"
#include "store/postgres/queries.h"

namespace meridian::store::postgres {
namespace {

constexpr char where[] = "store.link";
constexpr std::chrono::milliseconds pause{50};

}  // namespace

Result<Connection*> Link::get() {
  if (connection_ && connection_->alive()) return connection_.get();
  connection_.reset();
  auto opened = Connection::open(settings_);
  if (!opened) return opened.error();
  if (auto taken = take_name(**opened); !taken) return taken.error();
  if (last_backend_ != 0) log(LogLevel::info, "store reconnected");
  connection_ = std::move(*opened);
  last_backend_ = connection_->backend();
  return connection_.get();
}

/// A session of ours that was cut off holds the name until the server misses it: it is ended, which
/// rolls back what it had not committed. One of another runtime is waited for a little.
Result<void> Link::take_name(Connection& connection) {
  const auto ends = std::chrono::steady_clock::now() + patience_;
  for (;;) {
    auto rows = connection.select(Queries::take_node, node_key_);
    if (!rows.next()) return rows.error(where);
    if (rows.integer(0) != 0) return {};
    if (last_backend_ != 0) {
      const auto ended = connection.select(Queries::end_backend, last_backend_);
      if (ended.failed()) return ended.error(where);
    }
    if (std::chrono::steady_clock::now() > ends) {
      return Error{ErrorCode::store_busy, where,
                   "another runtime with this [site] node has the database open"};
    }
    std::this_thread::sleep_for(pause);
  }
}

}  // namespace meridian::store::postgres
