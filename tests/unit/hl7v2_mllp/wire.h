// SPDX-License-Identifier: Apache-2.0
// Raw sockets on loopback for both ends of a line, and a listener that runs for a test.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "hl7v2/mllp/frame.h"
#include "hl7v2/mllp/listener.h"

namespace meridian::test {

/// One connection. Reads give up after twenty seconds, which no passing test waits for.
class MllpWire {
 public:
  explicit MllpWire(std::uint16_t port);
  /// Takes over an open descriptor.
  static MllpWire of(int descriptor);
  MllpWire(MllpWire&& other) noexcept;
  ~MllpWire();

  void send(std::string_view bytes);
  void send_frame(std::string_view content);
  /// The content of the next frame; "" when the connection ended instead.
  std::string frame();
  /// True when the other end closes without another frame.
  bool ends() { return frame().empty(); }
  /// Nothing more will be sent; answers can still come.
  void half_close();
  /// Closes with a reset.
  void reset();

 private:
  MllpWire() = default;
  int fd_ = -1;
  hl7v2::FrameDecoder decoder_{1 << 20};
  std::string pending_;
};

/// A listener with two io threads.
class RunningListener {
 public:
  RunningListener(hl7v2::ListenerSettings settings, hl7v2::Acknowledger acknowledge);
  ~RunningListener();
  std::uint16_t port() const { return port_; }
  hl7v2::Listener& listener();

 private:
  struct Threads;
  std::unique_ptr<Threads> threads_;
  std::uint16_t port_ = 0;
};

/// A receiver that does what the test says: one function for each connection, in order. After the
/// last it accepts none; without any, nothing listens at its port.
class ScriptedPeer {
 public:
  using Script = std::function<void(MllpWire&)>;
  explicit ScriptedPeer(std::vector<Script> connections);
  ~ScriptedPeer();  ///< waits for the scripts to end
  std::uint16_t port() const { return port_; }

 private:
  int listening_ = -1;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace meridian::test
