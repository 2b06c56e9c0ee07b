// SPDX-License-Identifier: Apache-2.0
#include "flow/stored_json.h"

#include "report/json.h"

namespace meridian::flow {

rapidjson::Document parsed(const std::string& text) {
  rapidjson::Document json;
  json.Parse(text.data(), text.size());
  if (json.HasParseError()) json.SetNull();
  return json;
}

const rapidjson::Value* list_in(const rapidjson::Value& json, const char* name) {
  if (!json.IsObject()) return nullptr;
  const auto found = json.FindMember(name);
  return found != json.MemberEnd() && found->value.IsArray() ? &found->value : nullptr;
}

std::string text_in(const rapidjson::Value& json, const char* name) {
  if (!json.IsObject()) return {};
  const auto found = json.FindMember(name);
  return found != json.MemberEnd() && found->value.IsString() ? found->value.GetString() : "";
}

bool flag_in(const rapidjson::Value& json, const char* name) {
  if (!json.IsObject()) return false;
  const auto found = json.FindMember(name);
  return found != json.MemberEnd() && found->value.IsTrue();
}

std::int64_t number_in(const rapidjson::Value& json, const char* name) {
  if (!json.IsObject()) return 0;
  const auto found = json.FindMember(name);
  return found != json.MemberEnd() && found->value.IsInt64() ? found->value.GetInt64() : 0;
}

std::vector<std::string> texts_in(const rapidjson::Value& json, const char* name) {
  std::vector<std::string> texts;
  if (const auto* list = list_in(json, name)) {
    for (const auto& item : list->GetArray()) {
      if (item.IsString()) texts.emplace_back(item.GetString());
    }
  }
  return texts;
}

std::string one_text(const char* name, const std::string& text) {
  report::Json json;
  json.open();
  json.text(name, text);
  json.close();
  return json.str();
}

}  // namespace meridian::flow
