// SPDX-License-Identifier: Apache-2.0
#include "host/pause_keeper.h"

#include "base/log.h"

namespace meridian::host {
namespace {

constexpr std::chrono::seconds rhythm{1};

}  // namespace

PauseKeeper::PauseKeeper(store::Store& store, std::vector<PausableListener> listeners,
                         ListeningSockets* sockets)
    : store_(store), listeners_(std::move(listeners)), sockets_(sockets) {}

PauseKeeper::~PauseKeeper() {
  stop();
}

bool PauseKeeper::is_paused_in(const SourceId& source) const {
  const std::lock_guard lock(mutex_);
  return flow::find_pause(pauses_, source.str(), flow::Way::in) != nullptr;
}

Result<void> PauseKeeper::read() {
  auto pauses = flow::read_pauses(store_);
  if (!pauses) return pauses.error();
  const std::lock_guard lock(mutex_);
  pauses_ = std::move(*pauses);
  return {};
}

Result<void> PauseKeeper::open(PausableListener& listener, Inlet& inlet) {
  if (sockets_) {
    const auto socket = sockets_->take(listener.listen);
    if (!socket) return socket.error();
    listener.socket = *socket;
    listener.source->listen_on(*socket);
  }
  auto started = listener.source->start(inlet);
  listener.listens = started.has_value();
  return started;
}

void PauseKeeper::close(PausableListener& listener) {
  listener.source->stop();
  listener.listens = false;
  if (sockets_ && listener.socket >= 0) sockets_->close(listener.socket);
  listener.socket = -1;
}

/// One that cannot listen keeps no other from it; the first error.
Result<void> PauseKeeper::look(Inlet& inlet) {
  if (auto known = read(); !known) return known;
  Result<void> first;
  for (auto& listener : listeners_) {
    const bool paused = is_paused_in(SourceId(listener.peer));
    if (paused && listener.listens) close(listener);
    if (paused || listener.listens) continue;
    auto opened = open(listener, inlet);
    if (first && !opened) first = opened;
  }
  return first;
}

Result<void> PauseKeeper::start(Inlet& inlet) {
  if (auto looked = look(inlet); !looked) return looked;
  thread_ = std::thread([this, &inlet] { run(inlet); });
  return {};
}

void PauseKeeper::run(Inlet& inlet) {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, rhythm, [this] { return stopping_; })) {
    lock.unlock();
    const auto looked = look(inlet);
    if (!looked) log(LogLevel::warning, "pauses.not_followed", {{"error", looked.error()}});
    lock.lock();
  }
}

void PauseKeeper::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  for (auto& listener : listeners_) listener.source->stop();
}

}  // namespace meridian::host
