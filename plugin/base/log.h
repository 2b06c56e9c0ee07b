// SPDX-License-Identifier: Apache-2.0
// Structured log lines without patient data: a field is a number, a literal or one of our ids.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/ids.h"

namespace meridian {

enum class LogLevel { debug, info, warning, error };

/// One field of a log line. There is no constructor from a run-time string on purpose.
class LogField {
 public:
  template <std::integral T>
  LogField(Literal key, T value) : key_(key.view()), value_(std::to_string(value)) {}
  LogField(Literal key, Literal value) : key_(key.view()), value_(quoted(value.view())) {}
  template <typename Tag>
  LogField(Literal key, const Id<Tag>& id) : key_(key.view()), value_(quoted(id.str())) {}
  LogField(Literal key, const Error& error) : key_(key.view()), value_(describe(error)) {}

  std::string_view key() const { return key_; }
  std::string_view json() const { return value_; }

 private:
  static std::string quoted(std::string_view text);
  static std::string describe(const Error& error);

  std::string_view key_;
  std::string value_;
};

/// Writes one JSON line to standard error: at, level, event, fields. Thread-safe.
void log(LogLevel level, Literal event, std::initializer_list<LogField> fields = {});

/// Writes to the end of this file from now on, made when it is not there; "" is standard error.
/// Called again with the same name it opens the file anew, which is how a file that was moved away
/// is let go. False, and nothing changes, when it cannot be opened.
bool log_to(const std::string& file);

/// Lines below this level are dropped; the default is info.
void set_log_level(LogLevel level);

}  // namespace meridian
