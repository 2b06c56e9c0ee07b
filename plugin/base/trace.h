// SPDX-License-Identifier: Apache-2.0
// Whose request this thread works for, so that others can join our log lines and calls to theirs.
// W3C Trace Context, Recommendation of 2021-11-23, section 3.2:
// https://www.w3.org/TR/trace-context/
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace meridian {

struct Trace {
  std::string id;        ///< 32 lower-case hexadecimal digits; no name or number of a patient
  bool sampled = false;  ///< the caller may have recorded it
};

/// Reads a header traceparent. Nothing when it is not right: the trace then ends here.
std::optional<Trace> read_traceparent(std::string_view header);

/// What this thread works for; null: nothing that is traced.
const Trace* current_trace();

/// The header for a call that this thread makes, with a parent-id of its own; empty: none.
std::string next_traceparent();

/// This thread works for a trace, or for none, until the end of the scope.
class TraceScope {
 public:
  explicit TraceScope(std::optional<Trace> trace);
  ~TraceScope();
  TraceScope(const TraceScope&) = delete;
  TraceScope& operator=(const TraceScope&) = delete;

 private:
  std::optional<Trace> trace_;
  const Trace* before_;
};

}  // namespace meridian
