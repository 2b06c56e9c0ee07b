// SPDX-License-Identifier: Apache-2.0
// JSON that we write and store; what is looked for and not there is empty.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <rapidjson/document.h>

namespace meridian::flow {

/// null when it is no JSON.
rapidjson::Document parsed(const std::string& text);
/// A member of a JSON object that is an array; null when there is none.
const rapidjson::Value* list_in(const rapidjson::Value& json, const char* name);
std::string text_in(const rapidjson::Value& json, const char* name);
/// 0 when it is no whole number.
std::int64_t number_in(const rapidjson::Value& json, const char* name);
bool flag_in(const rapidjson::Value& json, const char* name);
std::vector<std::string> texts_in(const rapidjson::Value& json, const char* name);

/// An object of one member, a text.
std::string one_text(const char* name, const std::string& text);

}  // namespace meridian::flow
