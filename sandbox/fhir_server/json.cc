// SPDX-License-Identifier: Apache-2.0
#include "fhir_server/json.h"

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

namespace meridian::sandbox {
namespace {

constexpr std::size_t max_depth = 100;

const Json null_value;

/// Builds values from RapidJSON's events.
class Builder : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Builder> {
 public:
  bool Null() { return add(Json()); }
  bool Bool(bool value) { return add(Json(value)); }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool) {
    return add(Json::number({text, size}));
  }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    return add(Json(std::string_view(text, size)));
  }
  bool StartObject() { return open(Json::object()); }
  bool StartArray() { return open(Json::array()); }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    keys_.back().assign(text, size);
    return true;
  }
  bool EndObject(rapidjson::SizeType) { return shut(); }
  bool EndArray(rapidjson::SizeType) { return shut(); }

  Json take() { return std::move(root_); }

 private:
  bool open(Json container) {
    if (open_.size() == max_depth) return false;
    open_.push_back(std::move(container));
    keys_.emplace_back();
    return true;
  }

  bool shut() {
    Json done = std::move(open_.back());
    open_.pop_back();
    keys_.pop_back();
    return add(std::move(done));
  }

  bool add(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (open_.back().is_array()) {
      open_.back().push(std::move(value));
    } else {
      open_.back().set(keys_.back(), std::move(value));
    }
    return true;
  }

  Json root_;
  std::vector<Json> open_;
  std::vector<std::string> keys_;
};

void write_string(std::string_view text, std::string& out) {
  static constexpr char digits[] = "0123456789abcdef";
  out.push_back('"');
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20) {
      out += "\\u00";
      out.push_back(digits[byte >> 4]);
      out.push_back(digits[byte & 15]);
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
}

}  // namespace

Json Json::array(std::vector<Json> items) {
  Json out;
  out.kind_ = Kind::array;
  out.items_ = std::move(items);
  return out;
}

Json Json::object(std::initializer_list<std::pair<std::string_view, Json>> members) {
  Json out;
  out.kind_ = Kind::object;
  for (const auto& [key, value] : members) out.set(key, value);
  return out;
}

Json Json::number(std::string_view token) {
  Json out(token);
  out.kind_ = Kind::number;
  return out;
}

std::optional<Json> Json::parse(std::string_view text, std::string* problem) {
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::Reader reader;
  Builder builder;
  constexpr unsigned flags = rapidjson::kParseNumbersAsStringsFlag |
                             rapidjson::kParseValidateEncodingFlag | rapidjson::kParseIterativeFlag;
  const auto result = reader.Parse<flags>(stream, builder);
  if (!result.IsError()) return builder.take();
  if (problem != nullptr) {
    *problem = rapidjson::GetParseError_En(result.Code());
    *problem += " at byte " + std::to_string(result.Offset());
  }
  return std::nullopt;
}

std::string Json::dump() const {
  std::string out;
  write(out);
  return out;
}

const Json& Json::operator[](std::string_view key) const {
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    if (keys_[i] == key) return items_[i];
  }
  return null_value;
}

const Json& Json::operator[](std::size_t index) const {
  return index < items_.size() ? items_[index] : null_value;
}

Json& Json::set(std::string_view key, Json value) {
  member(key) = std::move(value);
  return *this;
}

Json& Json::member(std::string_view key) {
  kind_ = Kind::object;
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    if (keys_[i] == key) return items_[i];
  }
  keys_.emplace_back(key);
  return items_.emplace_back();
}

void Json::remove(std::string_view key) {
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    if (keys_[i] != key) continue;
    keys_.erase(keys_.begin() + static_cast<std::ptrdiff_t>(i));
    items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(i));
    return;
  }
}

Json& Json::push(Json value) {
  kind_ = Kind::array;
  items_.push_back(std::move(value));
  return *this;
}

void Json::write(std::string& out) const {
  switch (kind_) {
    case Kind::null:
      out += "null";
      return;
    case Kind::boolean:
    case Kind::number:
      out += text_;
      return;
    case Kind::string:
      write_string(text_, out);
      return;
    case Kind::array:
    case Kind::object:
      break;
  }
  const bool object = kind_ == Kind::object;
  out.push_back(object ? '{' : '[');
  for (std::size_t i = 0; i < items_.size(); ++i) {
    if (i > 0) out.push_back(',');
    if (object) {
      write_string(keys_[i], out);
      out.push_back(':');
    }
    items_[i].write(out);
  }
  out.push_back(object ? '}' : ']');
}

}  // namespace meridian::sandbox
