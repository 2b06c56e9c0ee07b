// SPDX-License-Identifier: Apache-2.0
// hl7v2_fields: the messages of standard input (one a line, their segments end with CR) as our
// parser sees them, a line of JSON for each: {"segments": [name...], "values": {"OBX[2]-5[1].1.1":
// text...}}, or {"error": why} for what it refuses.
#include <iostream>
#include <string>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "hl7v2/syntax/message.h"

namespace {

using namespace meridian::hl7v2;  // NOLINT: a program of one file
using Json = rapidjson::Writer<rapidjson::StringBuffer>;

void put(Json& json, const std::string& text) {
  json.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

std::size_t parts_of(const Part& part, char delimiter) {
  std::size_t count = 1;
  for (const char c : part.raw()) count += c == delimiter && c != 0 ? 1 : 0;
  return count;
}

void put_value(Json& json, const std::string& path, const std::string& value) {
  if (value.empty()) return;
  put(json, path);
  put(json, value);
}

void put_repetition(Json& json, const std::string& path, const Part& repetition,
                    const Delimiters& delimiters) {
  for (std::size_t c = 1; c <= parts_of(repetition, delimiters.component); ++c) {
    const auto component = repetition.component(c);
    for (std::size_t s = 1; s <= parts_of(component, delimiters.subcomponent); ++s) {
      const auto part = component.subcomponent(s);
      put_value(json, path + '.' + std::to_string(c) + '.' + std::to_string(s),
                part.is_null() ? std::string(part.raw()) : part.text());
    }
  }
}

void put_segment(Json& json, const Segment& segment, const Delimiters& delimiters) {
  const auto path = std::string(segment.name()) + '[' + std::to_string(segment.position()) + "]-";
  for (std::size_t f = 1; f <= segment.size(); ++f) {
    const auto field = segment.field(f);
    const auto of_field = path + std::to_string(f) + '[';
    if (segment.name() == "MSH" && f <= 2) {  // text without parts
      put_value(json, of_field + "1].1.1", std::string(field.raw()));
      continue;
    }
    for (std::size_t r = 1; r <= field.repetitions(); ++r) {
      put_repetition(json, of_field + std::to_string(r) + ']', field.repetition(r), delimiters);
    }
  }
}

void put_message(Json& json, const Message& message) {
  json.Key("segments");
  json.StartArray();
  for (std::size_t i = 0; i < message.size(); ++i) put(json, std::string(message[i].name()));
  json.EndArray();
  json.Key("values");
  json.StartObject();
  for (std::size_t i = 0; i < message.size(); ++i) {
    put_segment(json, message[i], message.delimiters());
  }
  json.EndObject();
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    rapidjson::StringBuffer buffer;
    Json json(buffer);
    json.StartObject();
    meridian::Issues issues;
    if (const auto message = parse(line, issues)) {
      put_message(json, *message);
    } else {
      json.Key("error");
      put(json, issues.back().path + ": " + issues.back().text);
    }
    json.EndObject();
    std::cout << buffer.GetString() << '\n';
  }
}
