// SPDX-License-Identifier: Apache-2.0
#include "unit/hostile/fields.h"

#include <rapidjson/document.h>
#include <rapidjson/pointer.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace meridian::test {
namespace {

void collect(const rapidjson::Value& value, const std::string& path,
             std::vector<std::string>& found) {
  if (value.IsString()) found.push_back(path);
  if (value.IsObject()) {
    for (const auto& member : value.GetObject()) {
      collect(member.value, path + "/" + member.name.GetString(), found);
    }
  }
  if (!value.IsArray()) return;
  for (rapidjson::SizeType i = 0; i < value.Size(); ++i) {
    collect(value[i], path + "/" + std::to_string(i), found);
  }
}

std::string escaped_hl7(const std::string& value) {
  std::string text;
  for (const char c : value) {
    switch (c) {
      case '|':
        text += "\\F\\";
        break;
      case '^':
        text += "\\S\\";
        break;
      case '&':
        text += "\\T\\";
        break;
      case '~':
        text += "\\R\\";
        break;
      case '\\':
        text += "\\E\\";
        break;
      case '\r':
        text += "\\X0D\\";
        break;
      case '\n':
        text += "\\X0A\\";
        break;
      default:
        text += c;
    }
  }
  return text;
}

}  // namespace

std::vector<std::string> json_fields(const std::string& json) {
  rapidjson::Document document;
  document.Parse(json.data(), json.size());
  std::vector<std::string> found;
  collect(document, "", found);
  return found;
}

std::string json_text(const std::string& json, const std::string& pointer) {
  rapidjson::Document document;
  document.Parse(json.data(), json.size());
  const auto* value = rapidjson::Pointer(pointer.c_str()).Get(document);
  if (value == nullptr || !value->IsString()) return {};
  return {value->GetString(), value->GetStringLength()};
}

std::string with_json(const std::string& json, const std::string& pointer,
                      const std::string& value) {
  rapidjson::Document document;
  document.Parse(json.data(), json.size());
  rapidjson::Value text(value.data(), static_cast<rapidjson::SizeType>(value.size()),
                        document.GetAllocator());
  rapidjson::Pointer(pointer.c_str()).Set(document, text);
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  document.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

std::vector<Hl7Field> hl7_fields(const std::string& message) {
  std::vector<Hl7Field> found;
  std::string segment;
  std::size_t begin = 0;
  int field = 0;
  int component = 1;
  const auto take = [&](std::size_t end) {
    const bool delimiters = segment == "MSH" && field == 1;
    if (field == 0) {
      segment = message.substr(begin, end - begin);
    } else if (end > begin && !delimiters) {
      const int number = segment == "MSH" ? field + 1 : field;
      found.push_back({segment + "-" + std::to_string(number) + "." + std::to_string(component),
                       begin, end - begin});
    }
    begin = end + 1;
  };
  for (std::size_t i = 0; i < message.size(); ++i) {
    const char c = message[i];
    const bool delimiters = segment == "MSH" && field == 1;
    if (c != '\r' && c != '|' && (delimiters || (c != '^' && c != '&' && c != '~'))) continue;
    take(i);
    if (c == '\r') {
      field = 0;
      component = 1;
    } else if (c == '|') {
      ++field;
      component = 1;
    } else {
      component = c == '~' ? 1 : component + (c == '^' ? 1 : 0);
    }
  }
  return found;
}

std::string with_hl7(const std::string& message, const Hl7Field& field, const std::string& value) {
  return message.substr(0, field.begin) + escaped_hl7(value) +
         message.substr(field.begin + field.size);
}

}  // namespace meridian::test
