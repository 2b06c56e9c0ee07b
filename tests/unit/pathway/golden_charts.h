// SPDX-License-Identifier: Apache-2.0
// Charts and answers written down as data: the records of a golden case.
#pragma once

#include <string>
#include <vector>

#include <rapidjson/document.h>

#include "unit/pathway/builders.h"

namespace meridian::test {

/// A member that is a string; empty when it is absent.
std::string text_of(const rapidjson::Value& json, const char* key);

/// The parsed file below tests/golden; fails the test when it is none.
rapidjson::Document golden_file(const std::string& path);

/// `builder` with the records, sex, birth date, the order's `reason`, `note` and `priority`, and
/// who can be `reached`, as the case states them: one chart with its reports read.
Chart golden_chart(ChartBuilder builder, const rapidjson::Value& example);

/// A no of two hours ago to every question, save those in `yes` and in `unanswered` ("all" of
/// them), and what is `answered` at another time.
std::vector<Answer> golden_answers(const rapidjson::Value& example);

/// complete_history() and what the case says in `not_read` (kinds that failed) and `read` (more
/// kinds that are complete).
History golden_history(const rapidjson::Value& example);

}  // namespace meridian::test
