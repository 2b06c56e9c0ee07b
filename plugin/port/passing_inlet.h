// SPDX-License-Identifier: Apache-2.0
// What stands before an inlet and changes one of its calls: all others go through.
#pragma once

#include <utility>

#include "port/ports.h"

namespace meridian {

class PassingInlet : public Inlet {
 public:
  /// The inlet is borrowed.
  explicit PassingInlet(Inlet& inlet) : inlet_(inlet) {}

  Result<std::string> submit(Envelope envelope) override {
    return inlet_.submit(std::move(envelope));
  }
  Result<std::string> cursor(const SourceId& source, std::string_view name) override {
    return inlet_.cursor(source, name);
  }
  Result<void> set_cursor(const SourceId& source, std::string_view name,
                          std::string_view value) override {
    return inlet_.set_cursor(source, name, value);
  }
  Result<void> change_cursor(const SourceId& source, std::string_view name, std::string_view before,
                             std::string_view value) override {
    return inlet_.change_cursor(source, name, before, value);
  }
  Result<bool> knows(const SourceId& source, std::string_view sender_id) override {
    return inlet_.knows(source, sender_id);
  }
  Result<bool> may_poll(const SourceId& source, std::chrono::milliseconds interval) override {
    return inlet_.may_poll(source, interval);
  }

  void polled(const SourceId& source, const std::optional<Error>& failure) override {
    inlet_.polled(source, failure);
  }

 protected:
  Inlet& inlet_;
};

}  // namespace meridian
