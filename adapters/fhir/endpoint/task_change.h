// SPDX-License-Identifier: Apache-2.0
// What a clinic wants changed in its Task, by PUT or by JSON Patch: its own members and no others.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/endpoint/answers.h"
#include "fhir/exchange/json_index.h"

namespace meridian::fhir {

/// Root members to set, as raw JSON; nothing as value: to take away.
using TaskChange = std::map<std::string, std::optional<std::string>>;

/// A change, or why it is none.
struct AskedChange {
  TaskChange change;
  std::optional<Refusal> refusal;
};

/// `wanted` is the whole Task as the clinic wants it, `current` as it is: what is not the clinic's
/// to write must be the same in both; meta, id and narrative are not looked at.
AskedChange change_by_put(std::string_view current, std::string_view wanted);

/// RFC 6902 with add, replace, remove and test. Members that no operation names keep their bytes.
AskedChange change_by_patch(std::string_view current, std::string_view patch);

/// Refuses what is no FHIR in the changed members, and a status that may not follow now.
std::optional<Refusal> check_change(std::string_view current, const TaskChange& change,
                                    const std::vector<std::string>& next);

/// The same value, whatever the order of its members and the space between them.
bool is_same_json(const JsonIndex& a_index, const JsonNode& a, const JsonIndex& b_index,
                  const JsonNode& b);

}  // namespace meridian::fhir
