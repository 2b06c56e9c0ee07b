// SPDX-License-Identifier: Apache-2.0
// What a service tells systemd: it is ready, alive, reloading, it stops. Source: sd_notify(3),
// whose protocol is a datagram; libsystemd would be a library for one call.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace meridian::host {

/// Does nothing where no service manager asked for it. One thread.
class ServiceNotice {
 public:
  /// Of the environment: NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID.
  ServiceNotice();

  void ready() const { tell("READY=1"); }
  void alive() const { tell("WATCHDOG=1"); }
  /// Until the next ready().
  void reloading() const { tell("RELOADING=1"); }
  void stopping() const { tell("STOPPING=1"); }
  /// How often to say alive(): half of what is allowed. None: it is not asked for.
  std::optional<std::chrono::microseconds> rhythm() const { return rhythm_; }

 private:
  void tell(std::string_view state) const;

  std::string socket_;  ///< a path, or "@" and an abstract name; "": nobody listens
  std::optional<std::chrono::microseconds> rhythm_;
};

}  // namespace meridian::host
