// SPDX-License-Identifier: Apache-2.0
// The sockets on which a process listens, kept open while the runtime behind them is made anew:
// whoever connects meanwhile waits in the queue of the kernel and is not refused.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace meridian::host {

/// Owns the sockets. One thread at a time.
class ListeningSockets {
 public:
  ListeningSockets() = default;
  ~ListeningSockets();
  ListeningSockets(const ListeningSockets&) = delete;
  ListeningSockets& operator=(const ListeningSockets&) = delete;

  /// Lets each socket be taken once more, and closes those that are not `wanted` any more, so that
  /// another address with the same port can be had.
  void begin(std::vector<std::string> wanted);
  /// The socket that listens on "127.0.0.1:8480", made when there is none; borrowed. Of a port 0
  /// the first call takes the first such socket, the next call another. Errors: misconfigured
  /// (no numeric address and port), unavailable (the port cannot be had; detail is errno).
  Result<int> take(const std::string& listen);
  /// Closes one that was taken: nobody connects there any more.
  void close(int number);
  /// Closes those that nobody took since begin().
  void close_rest();

 private:
  struct Socket {
    std::string listen;
    int number;
    bool taken;
  };
  std::vector<Socket> sockets_;
};

}  // namespace meridian::host
