// SPDX-License-Identifier: Apache-2.0
// A runtime whose configuration can be read anew while it runs.
#pragma once

#include <memory>
#include <mutex>
#include <shared_mutex>

#include "host/engine.h"
#include "host/listening_sockets.h"

namespace meridian::host {

/// Life: opened, used from any thread, closed by its destructor.
class Reloadable {
 public:
  /// Errors: those of Engine::open.
  static Result<std::unique_ptr<Reloadable>> open(const Config& config, Issues& issues,
                                                  Doors doors);

  /// The engine for as long as this is held; a reload waits for that, and it for a reload.
  class Use {
   public:
    explicit Use(Reloadable& owner) : lock_(owner.swap_), engine_(owner.engine_.get()) {}
    /// False when a reload left none behind.
    explicit operator bool() const { return engine_ != nullptr; }
    Engine* operator->() const { return engine_; }
    Engine& operator*() const { return *engine_; }

   private:
    std::shared_lock<std::shared_mutex> lock_;
    Engine* engine_;
  };
  Use use() { return Use(*this); }

  /// Takes another configuration in the place of the one that runs. First it is checked as
  /// `meridian check` does, but for asking systems, and everything that needs no database is made;
  /// then the engine stops, and the next one begins: callers wait, whoever connects waits in the
  /// queue of a socket that stays open, and what was under way ends or is done after. When that
  /// fails, the configuration before is opened again. Issues say what is wrong, faults that the
  /// configuration before has too excepted. Errors: misconfigured, and nothing was stopped; those
  /// of Engine::open.
  Result<void> reload(const Config& config, Issues& issues);

 private:
  explicit Reloadable(Doors doors) : doors_(doors) {}
  Result<void> check(const Config& config, Issues& issues) const;
  Result<void> replace(std::unique_ptr<Engine> next, Issues& issues);
  Result<void> go_back(const Config& before, Error why, Issues& issues);

  const Doors doors_;
  ListeningSockets sockets_;
  std::mutex one_reload_;
  std::shared_mutex swap_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace meridian::host
