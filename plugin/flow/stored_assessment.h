// SPDX-License-Identifier: Apache-2.0
// The assessment as it is stored, statement by statement.
#pragma once

#include <string>
#include <vector>

#include "model/rulebook.h"
#include "pathway/grounds.h"

namespace meridian::flow {

/// Every statement of a meridian.assessment/1 JSON. `kind` is flag, caution, missing, coverage,
/// annotation, type or lane; of a missing item `rule` is the question, of a coverage clause
/// "programme clause", of a type or lane its name. `weight` is as in Ground, with ", signed off"
/// where a named person did. Statements of one kind, rule and weight are together once. Empty when
/// it cannot be read.
std::vector<Ground> statements_in(const std::string& assessment);

/// "hold", or "" when the assessment says none.
std::string disposition_in(const std::string& assessment);

/// What the rule asks or says, in the words of the content in use and without anything of a
/// patient; "" when it knows no such rule.
std::string words_of_rule(const RuleBook& rules, const std::string& kind, const std::string& rule);

}  // namespace meridian::flow
