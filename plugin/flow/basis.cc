// SPDX-License-Identifier: Apache-2.0
#include "flow/basis.h"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "flow/stored_json.h"
#include "report/json.h"

namespace meridian::flow {
namespace {

constexpr const char* member_name = "basis";

Ground ground_in(const rapidjson::Value& json) {
  Ground ground;
  ground.kind = text_in(json, "kind");
  ground.rule = text_in(json, "rule");
  ground.weight = text_in(json, "weight");
  ground.text = text_in(json, "text");
  ground.source = text_in(json, "source");
  ground.evidence = texts_in(json, "evidence");
  ground.withheld = flag_in(json, "withheld");
  return ground;
}

void write_inputs(report::Json& json, const Inputs& inputs) {
  json.open("inputs");
  json.text("facts", inputs.facts);
  json.list("recalled", inputs.recalled);
  json.number("events", static_cast<long long>(inputs.events));
  json.flag("resolved", inputs.resolved);
  json.text("at", to_string(inputs.at));
  json.text_or_null("screened_at", inputs.screened_at ? to_string(*inputs.screened_at) : "");
  json.text("content", inputs.content);
  json.text("build", inputs.build);
  json.close();
}

std::optional<Inputs> inputs_in(const rapidjson::Value& json) {
  const auto found = json.FindMember("inputs");
  if (found == json.MemberEnd() || !found->value.IsObject()) return std::nullopt;
  const auto& kept = found->value;
  const auto at = parse_instant(text_in(kept, "at"));
  const auto events = kept.FindMember("events");
  if (!at || events == kept.MemberEnd() || !events->value.IsUint64()) return std::nullopt;
  Inputs inputs;
  inputs.facts = text_in(kept, "facts");
  inputs.recalled = texts_in(kept, "recalled");
  inputs.events = events->value.GetUint64();
  inputs.resolved = flag_in(kept, "resolved");
  inputs.at = *at;
  inputs.screened_at = parse_instant(text_in(kept, "screened_at"));
  inputs.content = text_in(kept, "content");
  inputs.build = text_in(kept, "build");
  return inputs;
}

std::string basis_json(const Basis& basis) {
  report::Json json;
  json.open();
  if (basis.inputs) write_inputs(json, *basis.inputs);
  json.text_or_null("released_at", basis.released_at ? to_string(*basis.released_at) : "");
  json.list("facts", basis.facts);
  json.open_list("grounds");
  for (const auto& ground : basis.grounds) {
    json.open();
    json.text("kind", ground.kind);
    json.text("rule", ground.rule);
    json.text("weight", ground.weight);
    json.text("text", ground.text);
    json.text("source", ground.source);
    json.list("evidence", ground.evidence);
    json.flag("withheld", ground.withheld);
    json.close();
  }
  json.close_list();
  json.open("records");
  for (const auto& [ref, digest] : basis.records) json.text(ref, digest);
  json.close();
  json.list("open", basis.open);
  json.text("words", basis.words);
  json.text_or_null("settled_in", basis.settled_in);
  if (basis.return_offered_at) {
    json.text("return_offered_at", to_string(*basis.return_offered_at));
    json.text("return_offered", basis.return_offered);
  }
  json.close();
  return json.str();
}

}  // namespace

Basis read_basis(const std::string& decision) {
  Basis basis;
  rapidjson::Document json;
  json.Parse(decision.data(), decision.size());
  if (json.HasParseError() || !json.IsObject()) return basis;
  const auto found = json.FindMember(member_name);
  if (found == json.MemberEnd() || !found->value.IsObject()) return basis;
  const auto& kept = found->value;
  basis.inputs = inputs_in(kept);
  basis.released_at = parse_instant(text_in(kept, "released_at"));
  basis.facts = texts_in(kept, "facts");
  basis.open = texts_in(kept, "open");
  basis.words = text_in(kept, "words");
  basis.settled_in = text_in(kept, "settled_in");
  basis.return_offered_at = parse_instant(text_in(kept, "return_offered_at"));
  basis.return_offered = text_in(kept, "return_offered");
  if (const auto grounds = kept.FindMember("grounds");
      grounds != kept.MemberEnd() && grounds->value.IsArray()) {
    for (const auto& ground : grounds->value.GetArray()) {
      if (ground.IsObject()) basis.grounds.push_back(ground_in(ground));
    }
  }
  if (const auto records = kept.FindMember("records");
      records != kept.MemberEnd() && records->value.IsObject()) {
    for (const auto& record : records->value.GetObject()) {
      if (record.value.IsString()) {
        basis.records[record.name.GetString()] = record.value.GetString();
      }
    }
  }
  return basis;
}

std::string with_basis(const std::string& decision, const Basis& basis) {
  rapidjson::Document json;
  json.Parse(decision.data(), decision.size());
  if (json.HasParseError() || !json.IsObject()) return decision;
  rapidjson::Document kept(&json.GetAllocator());
  kept.Parse(basis_json(basis).c_str());
  json.RemoveMember(member_name);
  json.AddMember(rapidjson::StringRef(member_name), kept, json.GetAllocator());
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  json.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

std::map<std::string, std::string> digests_of(const Rendered& packet) {
  std::map<std::string, std::string> digests;
  for (const auto& record : packet.records) digests[record.ref] = record.digest;
  return digests;
}

}  // namespace meridian::flow
