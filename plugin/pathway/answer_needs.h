// SPDX-License-Identifier: Apache-2.0
// What the referrer needs to find in a clinic's answer, and what of it is there as data.
#pragma once

#include <string_view>
#include <vector>

#include "model/assessment.h"
#include "model/rulebook.h"
#include "model/terminology.h"

namespace meridian {

/// Words of PacketElement::found_in for the service "back".
///
/// answer.note: a document with content, or a link to it; answer.visits: a procedure of
/// acupuncture or dry needling; answer.scores: an outcome score with a value; answer.adverse: a
/// record in a value set of the adverse events of rules/course.json.
bool is_answer_word(std::string_view word);

/// One item per element of the service "back", in the order of the content: there or missing. The
/// note may say in words what is missing here. Pure.
std::vector<PacketItem> answer_items(const RecordSet& answer, const RuleBook& rules,
                                     const Terminology& terminology);

}  // namespace meridian
