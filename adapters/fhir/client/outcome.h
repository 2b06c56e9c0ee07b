// SPDX-License-Identifier: Apache-2.0
// OperationOutcome as servers send it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/client/server_habits.h"
#include "model/issue.h"

namespace meridian::fhir::wire {

/// One issue with the vendor's own codes beside FHIR's.
struct OutcomeIssue {
  Issue issue;
  std::vector<std::string> detail_codes;  ///< issue.details.coding.code: Epic's "4113"

  bool has_detail(std::string_view code) const;
};

using Outcome = std::vector<OutcomeIssue>;

/// What the vendor's codes say, the first that is known; nothing when none is.
std::optional<Meaning> meaning_of(const OutcomeIssue& entry, const ServerHabits& habits);
/// True when an issue has that meaning.
bool any_means(const Outcome& outcome, Meaning meaning, const ServerHabits& habits);

/// All issues of an OperationOutcome. Empty when the JSON is none. The text joins details.text,
/// the detail codes with their display, and diagnostics; the path is expression, else location.
Outcome read_outcome(std::string_view json);

/// The issues without the vendor's codes.
Issues issues_of(const Outcome& outcome);

}  // namespace meridian::fhir::wire
