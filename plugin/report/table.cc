// SPDX-License-Identifier: Apache-2.0
#include "report/table.h"

#include <algorithm>

#include <rapidjson/document.h>

namespace meridian::report {
namespace {

using rapidjson::Value;

bool is_plain(const Value& value) {
  return !value.IsObject() && !value.IsArray();
}

std::string text_of(const Value& value) {
  if (value.IsString()) return value.GetString();
  if (value.IsBool()) return value.GetBool() ? "yes" : "no";
  if (value.IsInt64()) return std::to_string(value.GetInt64());
  if (value.IsDouble()) return std::to_string(value.GetDouble());
  return {};
}

/// How many characters UTF-8 text shows.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

struct Column {
  std::string name;
  std::size_t width = 0;
};

std::vector<Column> columns_of(const std::vector<rapidjson::Document>& objects) {
  std::vector<Column> columns;
  for (const auto& object : objects) {
    for (const auto& member : object.GetObject()) {
      if (!is_plain(member.value)) continue;
      const std::string name = member.name.GetString();
      auto known = std::find_if(columns.begin(), columns.end(),
                                [&](const Column& each) { return each.name == name; });
      if (known == columns.end()) known = columns.insert(columns.end(), {name, name.size()});
      known->width = std::max(known->width, width_of(text_of(member.value)));
    }
  }
  return columns;
}

/// Padded to its column; nothing follows the last one.
void add_cell(std::string& row, const std::string& text, const Column& column) {
  row += text + std::string(column.width + 2 - width_of(text), ' ');
}

void end_row(std::string& table, std::string row) {
  row.erase(row.find_last_not_of(' ') + 1);
  table += row + '\n';
}

void add_lines(std::string& text, const Value& value, const std::string& indent);

void add_member(std::string& text, const std::string& head, const Value& value,
                const std::string& indent) {
  if (is_plain(value)) {
    text += head + " " + text_of(value) + '\n';
    return;
  }
  text += head + '\n';
  add_lines(text, value, indent + "  ");
}

void add_lines(std::string& text, const Value& value, const std::string& indent) {
  if (value.IsObject()) {
    for (const auto& member : value.GetObject()) {
      add_member(text, indent + member.name.GetString() + ":", member.value, indent);
    }
  }
  if (value.IsArray()) {
    for (const auto& item : value.GetArray()) add_member(text, indent + "-", item, indent);
  }
}

}  // namespace

std::string table(const std::vector<std::string>& objects) {
  std::vector<rapidjson::Document> read;
  for (const auto& object : objects) {
    rapidjson::Document json;
    json.Parse(object.data(), object.size());
    if (!json.HasParseError() && json.IsObject()) read.push_back(std::move(json));
  }
  const auto columns = columns_of(read);
  std::string text;
  std::string head;
  for (const auto& column : columns) add_cell(head, column.name, column);
  if (!columns.empty()) end_row(text, std::move(head));
  for (const auto& object : read) {
    std::string row;
    for (const auto& column : columns) {
      const auto found = object.FindMember(column.name.c_str());
      add_cell(row, found == object.MemberEnd() ? "" : text_of(found->value), column);
    }
    end_row(text, std::move(row));
  }
  return text;
}

std::string lines(const std::string& object) {
  rapidjson::Document json;
  json.Parse(object.data(), object.size());
  std::string text;
  if (!json.HasParseError()) add_lines(text, json, "");
  return text;
}

}  // namespace meridian::report
