// SPDX-License-Identifier: Apache-2.0
#include "host/directory_keeper.h"

#include <algorithm>

#include "base/log.h"

namespace meridian::host {
namespace {

/// After a failure it is tried again sooner than it is due.
constexpr std::chrono::milliseconds after_failure{60'000};

}  // namespace

DirectoryKeeper::DirectoryKeeper(Read read, routing::Directory first, KeeperSettings settings)
    : read_(std::move(read)),
      settings_(settings),
      current_(std::make_shared<routing::Directory>(std::move(first))) {}

DirectoryKeeper::~DirectoryKeeper() {
  stop();
}

std::shared_ptr<const routing::Directory> DirectoryKeeper::current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

bool DirectoryKeeper::refresh() {
  Issues issues;
  auto read = read_(issues);
  if (!read) {
    log(LogLevel::error, "directory not read, the old one stays", {{"error", read.error()}});
    return false;
  }
  auto fresh = std::make_shared<const routing::Directory>(std::move(*read));
  const std::lock_guard lock(mutex_);
  const auto before = current_->receivers().size();
  const auto now = fresh->receivers().size();
  const double least = static_cast<double>(before) * (1 - settings_.most_lost);
  // What the site alone states is no measure for what a directory holds.
  if (now == 0 || (was_read_ && static_cast<double>(now) < least)) {
    log(LogLevel::error, "directory lost too many, the old one stays",
        {{"receivers", now}, {"before", before}});
    return false;
  }
  const bool changed = fresh->version() != current_->version();
  log(LogLevel::info, "directory read",
      {{"receivers", now}, {"changed", int{changed}}, {"issues", issues.size()}});
  current_ = std::move(fresh);
  was_read_ = true;
  return true;
}

void DirectoryKeeper::start() {
  if (settings_.interval.count() > 0) thread_ = std::thread([this] { run(); });
}

void DirectoryKeeper::run() {
  bool good = true;
  {
    const std::lock_guard lock(mutex_);
    good = was_read_;
  }
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const auto pause = good ? settings_.interval : std::min(after_failure, settings_.interval);
    if (wake_.wait_for(lock, pause, [this] { return stopping_; })) return;
    lock.unlock();
    good = refresh();
    lock.lock();
  }
}

void DirectoryKeeper::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

}  // namespace meridian::host
