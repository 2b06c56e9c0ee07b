// SPDX-License-Identifier: Apache-2.0
#include "fhir/client/socket_watch.h"

#include <algorithm>
#include <sys/socket.h>

namespace meridian::fhir::wire {

SocketWatch::Guard::Guard(SocketWatch& watch, int socket, SteadyTime deadline) : watch_(watch) {
  const std::scoped_lock lock(watch.mutex_);
  entry_ = watch.entries_.emplace(watch.entries_.begin());
  entry_->socket = socket;
  entry_->deadline = watch.stopped_ ? SteadyTime::min() : deadline;
  // Mostly the thread is due before: an exchange of milliseconds need not wake it.
  if (entry_->deadline < watch.wakes_) watch.changed_.notify_all();
}

SocketWatch::Guard::~Guard() {
  const std::scoped_lock lock(watch_.mutex_);
  watch_.entries_.erase(entry_);
}

SocketWatch::SocketWatch() : thread_([this] { run(); }) {}

SocketWatch::~SocketWatch() {
  {
    const std::scoped_lock lock(mutex_);
    finished_ = true;
    changed_.notify_all();
  }
  thread_.join();
}

void SocketWatch::stop() {
  const std::scoped_lock lock(mutex_);
  stopped_ = true;
  for (auto& entry : entries_) entry.deadline = SteadyTime::min();
  changed_.notify_all();
}

bool SocketWatch::wait(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, time, [this] { return stopped_.load(); });
}

void SocketWatch::run() {
  std::unique_lock lock(mutex_);
  while (!finished_) {
    wakes_ = SteadyTime::max();
    const auto now = std::chrono::steady_clock::now();
    for (auto& entry : entries_) {
      if (entry.ended) continue;
      if (entry.deadline <= now) {
        entry.ended = true;
        ::shutdown(entry.socket, SHUT_RDWR);
      } else {
        wakes_ = std::min(wakes_, entry.deadline);
      }
    }
    if (wakes_ == SteadyTime::max()) {
      changed_.wait(lock);
    } else {
      changed_.wait_until(lock, SteadyTime(wakes_));
    }
  }
}

}  // namespace meridian::fhir::wire
