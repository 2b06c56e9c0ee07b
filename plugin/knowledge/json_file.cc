// SPDX-License-Identifier: Apache-2.0
#include "knowledge/json_file.h"

#include <algorithm>

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>

namespace meridian {
namespace {

using Value = rapidjson::Value;

constexpr unsigned ascii_flags = rapidjson::kParseInsituFlag | rapidjson::kParseIterativeFlag;
constexpr unsigned utf8_flags = ascii_flags | rapidjson::kParseValidateEncodingFlag;

const Value& json(const void* value) {
  return *static_cast<const Value*>(value);
}

std::string_view view(const Value& text) {
  return {text.GetString(), text.GetStringLength()};
}

bool is_ascii(std::string_view text) {
  unsigned char all = 0;
  for (const char c : text) all |= static_cast<unsigned char>(c);
  return all < 0x80;
}

Issue error_issue(std::string_view code, std::string path, std::string text) {
  return Issue{Severity::error, std::string(code), std::move(path), std::move(text)};
}

}  // namespace

struct JsonFile::Parsed {
  Parsed(std::string given_name, std::string_view given_text)
      : name(std::move(given_name)), text(given_text), memory(text.size()) {}

  std::string name;
  std::string text;                         ///< parsed in place
  rapidjson::MemoryPoolAllocator<> memory;  ///< most files need less than RapidJSON's own 64 kB
  rapidjson::Document document{&memory};
};

JsonFile::JsonFile(std::unique_ptr<Parsed> parsed) : parsed_(std::move(parsed)) {}
JsonFile::JsonFile(JsonFile&&) noexcept = default;
JsonFile& JsonFile::operator=(JsonFile&&) noexcept = default;
JsonFile::~JsonFile() = default;

std::optional<JsonFile> JsonFile::parse(std::string name, std::string_view text, Issues& issues) {
  if (text.find('\0') != std::string_view::npos) {
    issues.push_back(error_issue("structure", name + ":1", "contains a zero byte"));
    return std::nullopt;
  }
  auto parsed = std::make_unique<Parsed>(std::move(name), text);
  if (is_ascii(text)) {  // nearly all content, and a third faster without validation
    parsed->document.ParseInsitu<ascii_flags>(parsed->text.data());
  } else {
    parsed->document.ParseInsitu<utf8_flags>(parsed->text.data());
  }
  if (parsed->document.HasParseError()) {
    const auto end = std::min(parsed->document.GetErrorOffset(), text.size());
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<long>(end), '\n');
    issues.push_back(error_issue("structure", parsed->name + ":" + std::to_string(line),
                                 rapidjson::GetParseError_En(parsed->document.GetParseError())));
    return std::nullopt;
  }
  if (!parsed->document.IsObject()) {
    issues.push_back(error_issue("structure", parsed->name + ":1", "expected a JSON object"));
    return std::nullopt;
  }
  return JsonFile(std::move(parsed));
}

const std::string& JsonFile::name() const {
  return parsed_->name;
}

void JsonFile::read(Issues& issues, const JsonNode::Visit& visit) const {
  const Value& root = parsed_->document;
  visit(JsonNode(&root, parsed_->name, issues));
}

std::string JsonNode::path() const {
  std::string path = parent_ ? parent_->path() : file_ + ": ";
  if (!key_.empty()) {
    if (!path.ends_with(": ")) path += '.';
    path += key_;
  }
  if (index_ >= 0) path += '[' + std::to_string(index_) + ']';
  return path;
}

void JsonNode::fault(std::string_view code, std::string text, std::string_view key) const {
  std::string where = path();
  if (!key.empty()) {
    if (!where.ends_with(": ")) where += '.';
    where += key;
  }
  if (where.ends_with(": ")) where.resize(where.size() - 2);
  issues_.push_back(error_issue(code, std::move(where), std::move(text)));
}

const void* JsonNode::find(std::string_view key) const {
  for (const auto& member : json(value_).GetObject()) {
    if (view(member.name) == key) return &member.value;
  }
  return nullptr;
}

bool JsonNode::has(std::string_view key) const {
  return find(key) != nullptr;
}

void JsonNode::only(std::span<const std::string_view> keys) const {
  const auto& object = json(value_);
  for (auto member = object.MemberBegin(); member != object.MemberEnd(); ++member) {
    const auto name = view(member->name);
    if (std::find(keys.begin(), keys.end(), name) == keys.end()) {
      fault("invalid", "unknown key", name);
    }
    const auto same = [&](const auto& other) { return view(other.name) == name; };
    if (std::any_of(object.MemberBegin(), member, same))
      fault("duplicate", "key stands twice", name);
  }
}

std::string_view JsonNode::text_or(std::string_view key, std::string_view fallback) const {
  const void* found = find(key);
  if (!found) return fallback;
  if (json(found).IsString()) return view(json(found));
  fault("value", "expected a string", key);
  return fallback;
}

std::string_view JsonNode::text(std::string_view key) const {
  if (!has(key)) {
    fault("required", "missing", key);
    return {};
  }
  const auto text = text_or(key, "-");
  if (text.empty()) fault("value", "must not be empty", key);
  return text;
}

std::vector<std::string> JsonNode::as_texts() const {
  std::vector<std::string> texts;
  if (!json(value_).IsArray()) {
    fault("value", "expected an array of strings");
    return texts;
  }
  int index = 0;
  for (const auto& item : json(value_).GetArray()) {
    if (item.IsString() && item.GetStringLength() > 0) {
      texts.emplace_back(view(item));
    } else {
      JsonNode(&item, *this, {}, index).fault("value", "expected a string that is not empty");
    }
    ++index;
  }
  return texts;
}

std::vector<std::string> JsonNode::texts(std::string_view key) const {
  const void* found = find(key);
  if (!found) return {};
  return JsonNode(found, *this, key, -1).as_texts();
}

std::optional<int> JsonNode::number(std::string_view key) const {
  const void* found = find(key);
  if (!found) return std::nullopt;
  if (json(found).IsInt() && json(found).GetInt() >= 0) return json(found).GetInt();
  fault("value", "expected a whole number from 0 on", key);
  return std::nullopt;
}

std::optional<double> JsonNode::decimal(std::string_view key) const {
  const void* found = find(key);
  if (!found) return std::nullopt;
  if (json(found).IsNumber()) return json(found).GetDouble();
  fault("value", "expected a number", key);
  return std::nullopt;
}

bool JsonNode::flag_or(std::string_view key, bool fallback) const {
  const void* found = find(key);
  if (!found) return fallback;
  if (json(found).IsBool()) return json(found).GetBool();
  fault("value", "expected true or false", key);
  return fallback;
}

void JsonNode::each(std::string_view key, const Visit& visit) const {
  const void* found = find(key);
  if (!found) return;
  if (!json(found).IsArray()) return fault("value", "expected an array", key);
  int index = 0;
  for (const auto& item : json(found).GetArray()) {
    const JsonNode child(&item, *this, key, index++);
    if (item.IsObject()) {
      visit(child);
    } else {
      child.fault("value", "expected an object");
    }
  }
}

void JsonNode::member(std::string_view key, const Visit& visit) const {
  const void* found = find(key);
  if (!found) return;
  if (!json(found).IsObject()) return fault("value", "expected an object", key);
  visit(JsonNode(found, *this, key, -1));
}

void JsonNode::members(const Visit& visit) const {
  for (const auto& item : json(value_).GetObject()) {
    visit(JsonNode(&item.value, *this, view(item.name), -1));
  }
}

}  // namespace meridian
