// SPDX-License-Identifier: Apache-2.0
#include "unit/hl7v2_write/facts.h"

#include <rapidjson/document.h>

#include "base/base64.h"
#include "fhir/write/records_json.h"
#include "model/values.h"

namespace meridian::hl7v2::test {
namespace {

using Value = rapidjson::Value;

std::string scalar(const std::string& name, const Value& value) {
  if (value.IsBool()) return value.GetBool() ? "true" : "false";
  std::string text(value.GetString(), value.GetStringLength());
  if (name == "data") return decode_base64(text).value_or(text);
  const auto date = parse_partial_date(text);
  const bool instant = date && date->precision == Precision::instant;
  return instant ? to_string(*date->instant()) : text;
}

void add_leaves(const Value& value, const std::string& path, const std::string& name,
                std::vector<std::string>& lines) {
  if (value.IsArray()) {
    for (const auto& each : value.GetArray()) add_leaves(each, path, name, lines);
  } else if (value.IsObject()) {
    for (const auto& member : value.GetObject()) {
      add_leaves(member.value, path + '.' + member.name.GetString(), member.name.GetString(),
                 lines);
    }
  } else if (value.IsString() && name != "data") {
    lines.push_back(path + '=' + value.GetString());
  } else {
    lines.push_back(path + '=' + scalar(name, value));
  }
}

/// Reads a collection.
class Facts {
 public:
  Facts(const RecordSet& records, const std::vector<std::string>& paths) : paths_(paths) {
    bundle_.Parse<rapidjson::kParseNumbersAsStringsFlag>(fhir::collection_json(records).c_str());
  }

  std::multiset<std::string> run() {
    std::multiset<std::string> all;
    if (!bundle_.HasMember("entry")) return all;
    for (const auto& entry : bundle_["entry"].GetArray()) {
      const auto text = of(entry["resource"]);
      if (!text.empty()) all.insert(text);
    }
    return all;
  }

 private:
  std::string of(const Value& resource) {
    const std::string type = resource["resourceType"].GetString();
    std::set<std::string> lines;
    bool named = false;
    for (const auto& path : paths_) {
      if (path.substr(0, path.find('.')) != type) continue;
      named = true;
      select(resource, path.substr(path.find('.') + 1), path, lines);
    }
    std::string text = named ? type + '\n' : std::string();
    for (const auto& line : lines) text += "  " + line + '\n';
    return text;
  }

  void select(const Value& value, const std::string& rest, const std::string& path,
              std::set<std::string>& lines) {
    if (value.IsArray()) {
      for (const auto& each : value.GetArray()) select(each, rest, path, lines);
    } else if (rest.empty()) {
      if (const auto text = written({}, value); !text.empty()) lines.insert(path + ": " + text);
    } else if (value.IsObject()) {
      const auto dot = std::min(rest.find('.'), rest.size());
      const auto found = value.FindMember(rest.substr(0, dot).c_str());
      if (found == value.MemberEnd()) return;
      select(found->value, rest.substr(std::min(dot + 1, rest.size())), path, lines);
    }
  }

  std::string written(const std::string& name, const Value& value) {
    if (value.IsArray()) {
      std::string text;
      for (const auto& each : value.GetArray()) text += '[' + written(name, each) + ']';
      return text;
    }
    if (!value.IsObject()) return scalar(name, value);
    if (value.HasMember("reference")) return target(value["reference"].GetString());
    const bool identifier = value.HasMember("value") && value.HasMember("system") &&
                            !value.HasMember("code") && !value.HasMember("unit");
    std::set<std::string> members;
    for (const auto& member : value.GetObject()) {
      const std::string key = member.name.GetString();
      if (identifier && key == "type") continue;
      members.insert(key + '=' + written(key, member.value));
    }
    std::string text;
    for (const auto& member : members) text += member + ' ';
    return text;
  }

  /// What tells one record from another: its code, or its name.
  std::string target(const std::string& reference) {
    for (const auto& entry : bundle_["entry"].GetArray()) {
      const auto& resource = entry["resource"];
      const std::string ref =
          std::string(resource["resourceType"].GetString()) + '/' + resource["id"].GetString();
      if (ref != reference) continue;
      for (const char* member : {"code", "name", "payor"}) {
        if (resource.HasMember(member)) return written(member, resource[member]);
      }
    }
    return "?";
  }

  const std::vector<std::string>& paths_;
  rapidjson::Document bundle_;
};

}  // namespace

std::vector<std::string> leaves(const RecordSet& records) {
  rapidjson::Document bundle;
  bundle.Parse<rapidjson::kParseNumbersAsStringsFlag>(fhir::collection_json(records).c_str());
  std::vector<std::string> lines;
  if (!bundle.HasMember("entry")) return lines;
  for (const auto& entry : bundle["entry"].GetArray()) {
    const auto& resource = entry["resource"];
    add_leaves(resource, resource["resourceType"].GetString(), {}, lines);
  }
  return lines;
}

std::multiset<std::string> facts(const RecordSet& records, const std::vector<std::string>& paths) {
  return Facts(records, paths).run();
}

}  // namespace meridian::hl7v2::test
