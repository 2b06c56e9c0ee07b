// SPDX-License-Identifier: Apache-2.0
// What a family of servers does in a way of its own; a dialect file says it.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace meridian::fhir {

/// What a server's own code in OperationOutcome.issue.details says, where FHIR's code is too
/// coarse. It counts whatever the severity is.
enum class Meaning {
  nothing,     ///< no result, or a remark: the answer is whole
  incomplete,  ///< there is more than was given
  expired,     ///< the pages are forgotten: the search is to be made anew
  withheld,    ///< a person must open the record: never asked again by itself
  forbidden,   ///< this client may not: never asked again by itself
  merged,      ///< the record became part of another: a person must say which one is meant
  tomorrow,    ///< the day's share is used up: not asked again today
};

struct ServerHabits {
  std::map<std::string, Meaning, std::less<>> outcome_codes;
  /// Added to every search, such as the practice that is meant.
  std::vector<std::pair<std::string, std::string>> every_search;
  /// Response headers by which the vendor's support finds a request; names in lower case.
  std::vector<std::string> trace_headers;
  /// A token that was refused is not replaced sooner than this after the last one.
  std::chrono::seconds token_gap{0};
  /// A path of the server's origin, "/v1", where an interface of its own is: requests may go below
  /// it as below the base, credentials too. Empty: none.
  std::string also_below;
  int calls_per_minute = 0;  ///< of all clients together, those for a token included; 0: no limit
};

}  // namespace meridian::fhir
