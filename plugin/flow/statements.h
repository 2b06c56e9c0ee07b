// SPDX-License-Identifier: Apache-2.0
// What a named person stated on a page of ours, as an event of the referral.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/clinical.h"
#include "routing/standing.h"

namespace meridian::flow {

/// The event that a response states; nothing for one that answers questions.
std::optional<routing::EventKind> stated(const QuestionnaireResponse& response);

struct Statement {
  std::string by;
  std::optional<Instant> at;
  std::vector<std::pair<std::string, std::vector<std::string>>> items;  ///< by name, repeats stay

  /// The first text of an item; "" when there is none.
  std::string text(std::string_view name) const;
};

/// Detail of the event, and back. What cannot be read is empty.
std::string statement_detail(const QuestionnaireResponse& response);
Statement read_statement(const std::string& detail);

}  // namespace meridian::flow
