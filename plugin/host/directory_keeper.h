// SPDX-License-Identifier: Apache-2.0
// Keeps the directory of this moment, and reads it anew from time to time.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "base/result.h"
#include "model/issue.h"
#include "routing/directory.h"

namespace meridian::host {

struct KeeperSettings {
  std::chrono::milliseconds interval{0};  ///< between readings; 0: never again
  double most_lost = 0.2;                 ///< share of the receivers that a reading may lose
};

/// Any thread may ask for the directory at any time; it is swapped whole.
class DirectoryKeeper {
 public:
  using Read = std::function<Result<routing::Directory>(Issues&)>;

  /// `first` holds until a reading succeeds.
  DirectoryKeeper(Read read, routing::Directory first, KeeperSettings settings);
  ~DirectoryKeeper();
  DirectoryKeeper(const DirectoryKeeper&) = delete;
  DirectoryKeeper& operator=(const DirectoryKeeper&) = delete;

  std::shared_ptr<const routing::Directory> current() const;

  /// Reads once, in the caller's thread. A reading that fails, holds nobody or lost more than it
  /// may is logged, and what there is stays: false.
  bool refresh();

  void start();
  void stop();

 private:
  void run();

  const Read read_;
  const KeeperSettings settings_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::shared_ptr<const routing::Directory> current_;
  bool was_read_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace meridian::host
