// SPDX-License-Identifier: Apache-2.0
// Meridian's own failures: a code of the table and two literals, so that no patient data can enter.
#pragma once

#include <cstdint>
#include <string_view>

namespace meridian {

/// A string known at compile time; a run-time string does not compile.
class Literal {
 public:
  consteval Literal(const char* text) : text_(text) {}  // NOLINT: implicit by design
  constexpr std::string_view view() const { return text_; }

 private:
  std::string_view text_;
};

enum class ErrorCode : std::int32_t {
#define MERIDIAN_ERROR(name, abi, issue, http, msa, retry, fix) name = abi,
#include "base/error_table.def"
#undef MERIDIAN_ERROR
};

/// What a sender may do after an error.
enum class RetryClass {
  transient,  ///< nothing happened: send again later
  ambiguous,  ///< it may have happened: look first
  permanent,  ///< sending the same again cannot help
};

/// One row of error_table.def.
struct ErrorRow {
  ErrorCode code;
  std::string_view name;
  std::string_view fhir_issue;  ///< OperationOutcome.issue.code
  int http_status;
  std::string_view msa1;  ///< HL7 table 0008
  RetryClass retry;
  std::string_view fix;  ///< for people: what it means and what to do about it
};

/// The row of a code; every code has one.
const ErrorRow& error_row(ErrorCode code);
/// The row of a stored name; nothing for one that is not in the table.
const ErrorRow* find_error(std::string_view name);
/// transient, ambiguous or permanent.
std::string_view retry_class_name(RetryClass retry);

/// A failure of ours. `where` names the function or stage, `what` says what went wrong.
struct Error {
  ErrorCode code;
  Literal where;
  Literal what;
  std::int64_t detail = 0;  ///< HTTP status, errno, SQLite code, byte offset or line: says `what`
};

}  // namespace meridian
