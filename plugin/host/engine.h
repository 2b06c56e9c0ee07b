// SPDX-License-Identifier: Apache-2.0
// One running Meridian: everything that a configuration names, wired together.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "host/config.h"
#include "host/listening_sockets.h"
#include "port/desk.h"
#include "port/envelope.h"
#include "store/rows.h"
#include "store/site_key.h"

namespace meridian::host {

/// Who listens: the runtime, or the program that it is part of.
enum class Doors { open, closed };

/// Life: opened, used from any thread, closed by its destructor.
class Engine {
 public:
  /// Opens database, polls and, unless the doors are closed, listeners. Issues say what is wrong
  /// and the fix. Sockets that outlive the engine are borrowed; none: it makes its own. Errors:
  /// misconfigured, store errors, unavailable (the port is taken).
  static Result<std::unique_ptr<Engine>> open(const Config& config, Issues& issues,
                                              Doors doors = Doors::open,
                                              ListeningSockets* sockets = nullptr);
  /// The same without listeners, polls and loops: what is asked of the desk is done, and what
  /// follows from it waits for the next open. Errors: those of open; store_busy first of all.
  static Result<std::unique_ptr<Engine>> open_idle(const Config& config, Issues& issues);
  /// What can be made of another configuration while this engine runs: content, ports, directory.
  /// It may wait for the systems that are configured. Errors: misconfigured.
  Result<std::unique_ptr<Engine>> prepare(const Config& config, Issues& issues) const;
  /// Begins what was prepared: stops `running`, which is empty afterwards, and goes on in its place
  /// with its open claims. Errors: those of open.
  Result<void> take_over(std::unique_ptr<Engine>& running, Issues& issues, Doors doors,
                         ListeningSockets* sockets);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  Desk& desk();
  const Config& config() const;
  /// A configuration was not taken: remembered until one is, kept in the audit and logged.
  void note_refused(const Issues& issues);
  /// When that was, and why; empty: the configuration that runs was read last.
  std::string refused() const;
  /// "http://127.0.0.1:8480"; empty with closed doors.
  const std::string& web_address() const;
  /// Where HL7 v2 comes in, "127.0.0.1:2575", in the order of the [[mllp]] tables; none with
  /// closed doors.
  std::vector<std::string> mllp_addresses() const;

  /// Claims a delivery for a destination that the host delivers to (deliver = "host").
  /// Errors: not_found (nothing is due), forbidden (no such destination, or not the host's).
  Result<store::Delivery> take(std::string_view destination);
  /// Settles a claim of take(). Errors: stale.
  Result<void> settle(std::int64_t number, std::string_view lease, const Result<Receipt>& sent);

 private:
  struct Parts;
  static Result<std::unique_ptr<Parts>> make(const Config& config, const store::SecretKey& key,
                                             Issues& issues);
  explicit Engine(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace meridian::host
