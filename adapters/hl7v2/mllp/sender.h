// SPDX-License-Identifier: Apache-2.0
// Delivers HL7 v2 messages to one receiver by MLLP.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/egress.h"
#include "port/ports.h"

namespace meridian::hl7v2 {

struct SenderSettings {
  std::string host;  ///< name or address
  std::uint16_t port = 0;
  bool tls = false;
  std::string ca_file;           ///< PEM; empty: the system's authorities
  std::string certificate_file;  ///< PEM chain; shown to the receiver when it asks
  std::string key_file;          ///< PEM
  /// The receiver's own word that it drops a message whose MSH-10 it has already taken.
  bool recognises_repeats = false;
  std::chrono::milliseconds connect_timeout{10'000};  ///< name, connection, handshake
  std::chrono::milliseconds answer_timeout{60'000};   ///< writing, and the acknowledgement
  std::size_t max_answer = 1 << 20;                   ///< bytes of one acknowledgement
  /// Sees whatever comes back, within send() and before it is judged; may be empty.
  std::function<void(std::string_view frame)> heard;
  std::shared_ptr<const Egress> egress = Egress::this_machine();  ///< where it may connect to
};

/// Keeps one connection and has one message on it at a time, so that order holds. A connection on
/// which a message stayed without answer, or something came unasked, is not used again: what comes
/// late cannot be taken for the answer to the next message.
///
/// AA or CA with our MSH-10 in MSA-2 is a receipt: reference is MSA-2, proof "acknowledged", detail
/// what the receiver says. Acknowledgements of other messages and what is none are passed over.
/// Errors; detail is the code of HL7 table 0357, 0 when none was given:
///  unavailable (nothing was sent, or AE or CE for now), untrusted (certificates; nothing was
///  taken), timed_out and interrupted (sent and not answered: it may have arrived), unsupported and
///  invalid (AR or CR; AE or CE because of the content), conflict (205: it has the key already),
///  malformed (no MSH-10, or a byte that ends a frame), stopping, misconfigured (Egress refuses the
///  receiver's address).
class MllpSender : public Sender {
 public:
  /// Errors: misconfigured (files).
  static Result<std::unique_ptr<MllpSender>> create(SenderSettings settings);
  ~MllpSender() override;

  Result<Receipt> send(const Rendered& letter, bool repeat) override;
  bool recognises_repeats() const override;

  /// Connects, with TLS where it is set, and sends nothing. Not beside send(). Errors: unavailable,
  /// untrusted, misconfigured, stopping.
  Result<void> reach();

  /// Ends a send that is under way, and all that follow. Any thread.
  void stop();

 private:
  class Line;
  explicit MllpSender(std::unique_ptr<Line> line);
  std::unique_ptr<Line> line_;
};

}  // namespace meridian::hl7v2
