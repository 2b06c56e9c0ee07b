// SPDX-License-Identifier: Apache-2.0
// The path IN: receive -> parse -> map -> commit -> acknowledge.
#pragma once

#include <string>

#include "flow/core.h"
#include "port/ports.h"

namespace meridian::flow {

/// Takes one message from bytes to a durable decision about what it says. The sender is told yes
/// only when the message and all that follows from it are committed. What cannot be read is kept
/// too, in quarantine. Thread-safe; blocks.
class In : public Inlet {
 public:
  explicit In(const Core& core) : core_(core) {}

  /// Errors: conflict (same key, other body), unsupported (no reader), store errors. A message that
  /// could not be parsed is no error: its answer is an OperationOutcome that says so.
  Result<std::string> submit(Envelope envelope) override;
  Result<std::string> cursor(const SourceId& source, std::string_view name) override;
  Result<void> set_cursor(const SourceId& source, std::string_view name,
                          std::string_view value) override;
  Result<void> change_cursor(const SourceId& source, std::string_view name, std::string_view before,
                             std::string_view value) override;
  Result<bool> knows(const SourceId& source, std::string_view sender_id) override;
  Result<bool> may_poll(const SourceId& source, std::chrono::milliseconds interval) override;

  /// Keeps a message unread, with what is wrong with it. The value is the sender's answer.
  Result<std::string> quarantine(const Envelope& envelope, Issues issues);

 private:
  Result<std::string> commit(const Envelope& envelope, const RecordSet& records);

  const Core& core_;
};

}  // namespace meridian::flow
