// SPDX-License-Identifier: Apache-2.0
// Follows what operators paused on any node: listeners of a paused system are closed here.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "flow/pauses.h"
#include "hl7v2/mllp/source.h"
#include "host/listening_sockets.h"

namespace meridian::host {

/// A listener that is closed while its system is paused, so that senders keep what they have.
struct PausableListener {
  std::string peer;
  std::string listen;  ///< where, as [[mllp]] says
  hl7v2::MllpSource* source = nullptr;
  int socket = -1;  ///< of ListeningSockets, while it listens
  bool listens = false;
};

/// Life: made, started once, stopped once or more.
class PauseKeeper {
 public:
  /// Store and sockets are borrowed; no sockets: listeners make their own.
  PauseKeeper(store::Store& store, std::vector<PausableListener> listeners,
              ListeningSockets* sockets);
  ~PauseKeeper();
  PauseKeeper(const PauseKeeper&) = delete;
  PauseKeeper& operator=(const PauseKeeper&) = delete;

  /// As of the last second: any thread, without asking the store.
  bool is_paused_in(const SourceId& source) const;

  /// Reads what is paused. Before start. Errors: store errors.
  Result<void> read();
  /// Starts the listeners of whoever is not paused, and looks again each second, on a thread of its
  /// own. Errors: store errors; those of MllpSource::start.
  Result<void> start(Inlet& inlet);
  /// No listener listens after it.
  void stop();

 private:
  Result<void> look(Inlet& inlet);
  Result<void> open(PausableListener& listener, Inlet& inlet);
  void close(PausableListener& listener);
  void run(Inlet& inlet);

  store::Store& store_;
  std::vector<PausableListener> listeners_;
  ListeningSockets* sockets_;
  mutable std::mutex mutex_;  ///< guards pauses_ and stopping_
  std::vector<flow::Pause> pauses_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace meridian::host
