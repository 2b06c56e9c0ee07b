// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/readers.h"

namespace meridian::store::postgres {

Result<Connection*> Readers::Loan::get() {
  if (connection_ && connection_->alive()) return connection_.get();
  connection_.reset();
  auto opened = Connection::open(from_.settings_);
  if (!opened) return opened.error();
  connection_ = std::move(*opened);
  return connection_.get();
}

Readers::Loan Readers::lend() {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return stopping_ || !free_.empty(); });
  if (stopping_) return {*this, nullptr, false};
  auto connection = std::move(free_.back());
  free_.pop_back();
  return {*this, std::move(connection), true};
}

void Readers::stop() {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  wake_.notify_all();
  wake_.wait(lock, [this] { return free_.size() == count; });
  for (auto& connection : free_) connection.reset();
}

void Readers::give_back(std::unique_ptr<Connection> connection) {
  const std::lock_guard lock(mutex_);
  free_.push_back(std::move(connection));
  wake_.notify_all();  // under the lock: who waits in stop() may destroy this next
}

}  // namespace meridian::store::postgres
