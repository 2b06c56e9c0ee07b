// SPDX-License-Identifier: Apache-2.0
// Remembers which messages were being read when the process died, so that one that kills it every
// time is set aside the second time. Reference: engine.md 2.2 (the crash loop) and 6.8.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>

#include "base/hash.h"
#include "base/result.h"
#include "base/stages.h"
#include "flow/in.h"
#include "port/passing_inlet.h"

namespace meridian::host {

/// A table in a mapped file; what is written there survives the process (not a power cut, which
/// kills no message). Thread-safe.
class PoisonGuard {
 public:
  /// Opens or makes the file. Messages that were in flight count one death more.
  /// Errors: store_failed (detail is errno).
  static Result<std::unique_ptr<PoisonGuard>> open(const std::string& path);
  ~PoisonGuard();
  PoisonGuard(const PoisonGuard&) = delete;
  PoisonGuard& operator=(const PoisonGuard&) = delete;

  /// True when the process died twice while it read this message.
  bool is_poison(const Sha256& digest);

  /// Marks a message as in flight until the mark goes out of scope.
  class Mark {
   public:
    Mark(PoisonGuard& guard, const Sha256& digest);
    ~Mark();
    Mark(const Mark&) = delete;
    Mark& operator=(const Mark&) = delete;

   private:
    PoisonGuard& guard_;
    std::size_t slot_;
  };

 private:
  struct Table;
  explicit PoisonGuard(Table* table) : table_(table) {}
  std::size_t enter(const Sha256& digest);
  void leave(std::size_t slot);

  Table* table_;
  std::mutex mutex_;
};

/// The inlet with the guard before it: a poison goes to quarantine unread.
class GuardedInlet : public PassingInlet {
 public:
  GuardedInlet(flow::In& in, PoisonGuard& guard, StageObserver* stages = nullptr)
      : PassingInlet(in), in_(in), guard_(guard), stages_(stages) {}

  Result<std::string> submit(Envelope envelope) override;

 private:
  flow::In& in_;  ///< the same inlet, which can also set a message aside
  PoisonGuard& guard_;
  StageObserver* stages_;  ///< told how often and how long something was received; may be none
};

}  // namespace meridian::host
