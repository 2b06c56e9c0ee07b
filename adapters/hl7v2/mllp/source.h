// SPDX-License-Identifier: Apache-2.0
// The port's source for HL7 v2 by MLLP: one listener, whose messages go to the inlet.
#pragma once

#include <atomic>
#include <memory>

#include "hl7v2/mllp/ack.h"
#include "hl7v2/mllp/listener.h"
#include "port/ports.h"

namespace meridian::hl7v2 {

/// Acknowledges a message when the inlet has it. What could not be read is kept there in quarantine
/// and refused (AR, CR), so that its sender goes on to the next one; what we cannot keep now is to
/// be sent again (AE, CE). A repeat gets the stored answer. An MSH-10 that comes again with another
/// content is another message, since senders restart their counters; the log says so.
class MllpSource : public Source {
 public:
  MllpSource(SourceId source, ListenerSettings settings, Clock clock);
  ~MllpSource() override;

  /// A socket that listens there already, for the next start; borrowed until then.
  void listen_on(int listening) { settings_.listening = listening; }
  /// Errors: those of Listener::start.
  Result<void> start(Inlet& inlet) override;
  void stop() override;

  /// Where it listens, "127.0.0.1:2575" or "[::1]:2575"; port 0 while it does not. Any thread.
  std::string address() const;
  std::uint16_t port() const;

 private:
  class Running;
  SourceId source_;
  ListenerSettings settings_;
  Clock clock_;
  std::unique_ptr<Running> running_;
  std::atomic<std::uint16_t> port_{0};
};

/// What an inlet's answer, an OperationOutcome, means for the sender: refused when an issue of it
/// is fatal, denied when an error of it is of the kind business-rule. Pure.
Verdict verdict_of_outcome(std::string_view outcome);

}  // namespace meridian::hl7v2
