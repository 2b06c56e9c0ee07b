// SPDX-License-Identifier: Apache-2.0
#include "store/readers.h"

namespace meridian::store {

Readers::Loan Readers::lend() {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return stopping_ || !free_.empty(); });
  if (stopping_) return {*this, nullptr};
  auto connection = std::move(free_.back());
  free_.pop_back();
  return {*this, std::move(connection)};
}

void Readers::stop() {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  wake_.notify_all();
  wake_.wait(lock, [this] { return free_.size() == count_; });
}

void Readers::give_back(std::unique_ptr<Connection> connection) {
  const std::lock_guard lock(mutex_);
  free_.push_back(std::move(connection));
  wake_.notify_all();  // under the lock: who waits in stop() may destroy this next
}

}  // namespace meridian::store
