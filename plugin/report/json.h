// SPDX-License-Identifier: Apache-2.0
// A JSON text under construction; a thin face over RapidJSON's writer for the files of report/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace meridian::report {

/// Strings that are not UTF-8 are replaced by U+FFFD before they get here (readers refuse them).
class Json {
 public:
  void open() { writer_.StartObject(); }
  void open(std::string_view key) { name(key), writer_.StartObject(); }
  void close() { writer_.EndObject(); }
  void open_list(std::string_view key) { name(key), writer_.StartArray(); }
  void close_list() { writer_.EndArray(); }

  void name(std::string_view key) { writer_.Key(key.data(), static_cast<unsigned>(key.size())); }
  void item(std::string_view text) {
    writer_.String(text.data(), static_cast<unsigned>(text.size()));
  }
  void text(std::string_view key, std::string_view value) { name(key), item(value); }
  /// null when empty.
  void text_or_null(std::string_view key, std::string_view value) {
    name(key);
    value.empty() ? static_cast<void>(writer_.Null()) : item(value);
  }
  void number(std::string_view key, long long value) { name(key), writer_.Int64(value); }
  /// A decimal as it was written, not quoted.
  void raw(std::string_view key, std::string_view json) {
    name(key);
    writer_.RawValue(json.data(), json.size(), rapidjson::kStringType);
  }
  void flag(std::string_view key, bool value) { name(key), writer_.Bool(value); }
  void list(std::string_view key, const std::vector<std::string>& values) {
    open_list(key);
    for (const auto& value : values) item(value);
    close_list();
  }

  std::string str() const { return {buffer_.GetString(), buffer_.GetSize()}; }

 private:
  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer> writer_{buffer_};
};

}  // namespace meridian::report
