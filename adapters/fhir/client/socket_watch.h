// SPDX-License-Identifier: Apache-2.0
// Ends exchanges that last too long, whatever the socket's own time-outs make of a slow peer.
#pragma once

#include <atomic>
#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>

#include "fhir/client/http_message.h"

namespace meridian::fhir::wire {

/// Shuts a watched socket down at its deadline, or all of them on stop(); the blocked call then
/// returns. One thread. A time-out per receive cannot do this: a peer that sends one byte now and
/// then never reaches it, and TLS receives wait twice as long as they are told (Poco 3725).
class SocketWatch {
 public:
  /// A watched socket; it must not be closed before this ends.
  class Guard {
   public:
    Guard(SocketWatch& watch, int socket, SteadyTime deadline);
    ~Guard();
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

    /// True when the watch shut the socket down, for the deadline or for stop().
    bool ended() const { return entry_->ended; }

   private:
    friend class SocketWatch;
    struct Entry {
      int socket;
      SteadyTime deadline;
      std::atomic<bool> ended = false;
    };
    SocketWatch& watch_;
    std::list<Entry>::iterator entry_;
  };

  SocketWatch();
  ~SocketWatch();

  /// Ends all running exchanges and every later one. Any thread.
  void stop();
  bool stopped() const { return stopped_; }

  /// Waits, unless stopped before; false then.
  bool wait(std::chrono::milliseconds time);

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::list<Guard::Entry> entries_;
  std::atomic<bool> stopped_ = false;
  bool finished_ = false;
  SteadyTime wakes_ = SteadyTime::min();  ///< when the thread looks again by itself
  std::thread thread_;
};

}  // namespace meridian::fhir::wire
