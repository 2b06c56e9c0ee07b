// SPDX-License-Identifier: Apache-2.0
// Answers to the screening questions, wherever a record holds one.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "model/episode.h"
#include "model/rulebook.h"
#include "model/terminology.h"

namespace meridian {

/// Every readable answer of the chart, "yes" or "no", in the order of the records.
/// A QuestionnaireResponse counts when it is completed or amended: items by linkId (that of our own
/// Questionnaire, or one in RuleBook::answer_maps), by definition, by code, by text, or by a coded
/// answer that is itself the finding. An Observation counts when it is final, amended or corrected:
/// by its code or a component's, or by the coded value; a finding without any value says that it is
/// present. Values are read by the concept map "answer-value"; one that cannot be read, says
/// unknown, or contradicts itself gives no answer. Pure.
std::vector<Answer> read_answers(const Chart& chart, const RuleBook& rules,
                                 const Terminology& terminology);

/// The newest answer of each question, by question; those dated more than a day after `at` are
/// not known yet. Of two answers of one instant the one that says yes is kept; an undated answer
/// gives way to a dated one.
std::vector<Answer> newest_answers(const std::vector<Answer>& answers, Instant at);

/// The answer to a question among the newest, or null.
const Answer* answer_to(const std::vector<Answer>& newest, std::string_view question);

/// Until when an answer is no older than `hours`, counted from the earliest instant its date may
/// mean; nothing when it has no date.
std::optional<Instant> fresh_until(const Answer& answer, int hours);

const ScreeningQuestion* question_of(const RuleBook& rules, std::string_view id);

}  // namespace meridian
