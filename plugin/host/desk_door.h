// SPDX-License-Identifier: Apache-2.0
// How the command line reaches the desk: through the running serve, or with one of its own.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "host/config.h"
#include "host/engine.h"
#include "port/intervention.h"

namespace meridian::host {

/// True when a runtime of this site listens on this machine: one that was killed leaves its address
/// file behind, so the address is tried.
bool serve_runs(const Config& config);

/// Life: opened, asked any number of times. While it has an engine of its own, no serve can start.
class DeskDoor {
 public:
  /// Errors: not_found (no database); store_busy, when a runtime has the database open and does not
  /// say where it listens; those of Engine::open_idle.
  static Result<DeskDoor> open(const Config& config, Issues& issues);

  /// What the desk answers; see Desk::intervene. `words` says what went wrong when it fails.
  Result<std::string> intervene(const Intervention& given, const std::string& by,
                                std::string& words);
  /// True when what was changed goes on only after the next start of serve.
  bool is_idle() const { return engine_ != nullptr; }

 private:
  std::unique_ptr<Engine> engine_;  ///< none: the running serve is asked
  std::string url_;
  std::string token_;
  std::string certificate_;
};

}  // namespace meridian::host
