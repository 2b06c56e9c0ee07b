// SPDX-License-Identifier: Apache-2.0
// Runs the paths WORK and OUT until it is stopped: one io_context, loops as coroutines, blocking
// calls on a pool.
#pragma once

#include <memory>

#include "flow/core.h"

namespace meridian::flow {

/// Life: made, started once, stopped once. Thread-safe after start.
class Runtime {
 public:
  /// `core` is copied but for what it borrows; its `wake` is replaced by this runtime's.
  /// `workers` is how many referrals are assessed at the same time.
  Runtime(Core core, int workers);
  ~Runtime();
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  /// What the paths share, with `wake` set.
  const Core& core() const;
  /// `inlet` takes what a nightly look at the peers brings; it must live until stop() returns.
  void start(Inlet& inlet);
  /// Takes nothing new, waits for what is under way, joins. What is not done is done after the next
  /// start: it is all in the store.
  void stop();

 private:
  struct Loops;
  std::unique_ptr<Loops> loops_;
};

}  // namespace meridian::flow
