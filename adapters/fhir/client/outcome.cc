// SPDX-License-Identifier: Apache-2.0
#include "fhir/client/outcome.h"

#include <algorithm>

#include <rapidjson/document.h>

namespace meridian::fhir::wire {
namespace {

using Json = rapidjson::Value;

const Json* member(const Json& object, const char* name) {
  if (!object.IsObject()) return nullptr;
  const auto found = object.FindMember(name);
  return found == object.MemberEnd() ? nullptr : &found->value;
}

std::string text_of(const Json& object, const char* name) {
  const Json* value = member(object, name);
  if (value == nullptr || !value->IsString()) return {};
  return {value->GetString(), value->GetStringLength()};
}

Severity severity_of(const std::string& word) {
  if (word == "fatal") return Severity::fatal;
  if (word == "warning") return Severity::warning;
  if (word == "information") return Severity::information;
  return Severity::error;  // also for what is missing or unknown: never taken lightly
}

void append(std::string& into, const std::string& text, const char* between) {
  if (text.empty() || into.find(text) != std::string::npos) return;
  if (!into.empty()) into += between;
  into += text;
}

std::string joined(const Json& issue, const char* name) {
  std::string text;
  const Json* list = member(issue, name);
  if (list == nullptr || !list->IsArray()) return text;
  for (const auto& item : list->GetArray()) {
    if (item.IsString()) append(text, {item.GetString(), item.GetStringLength()}, " | ");
  }
  return text;
}

OutcomeIssue read_issue(const Json& json) {
  OutcomeIssue out;
  out.issue.severity = severity_of(text_of(json, "severity"));
  out.issue.code = text_of(json, "code");
  out.issue.path = joined(json, "expression");
  if (out.issue.path.empty()) out.issue.path = joined(json, "location");
  if (const Json* details = member(json, "details")) {
    const Json* codings = member(*details, "coding");
    if (codings != nullptr && codings->IsArray()) {
      for (const auto& coding : codings->GetArray()) {
        const auto code = text_of(coding, "code");
        if (code.empty()) continue;
        out.detail_codes.push_back(code);
        append(out.issue.text, code, "; ");
        append(out.issue.text, text_of(coding, "display"), " ");
      }
    }
    append(out.issue.text, text_of(*details, "text"), "; ");
  }
  append(out.issue.text, text_of(json, "diagnostics"), "; ");
  return out;
}

}  // namespace

bool OutcomeIssue::has_detail(std::string_view code) const {
  return std::find(detail_codes.begin(), detail_codes.end(), code) != detail_codes.end();
}

std::optional<Meaning> meaning_of(const OutcomeIssue& entry, const ServerHabits& habits) {
  for (const auto& code : entry.detail_codes) {
    const auto known = habits.outcome_codes.find(code);
    if (known != habits.outcome_codes.end()) return known->second;
  }
  return std::nullopt;
}

bool any_means(const Outcome& outcome, Meaning meaning, const ServerHabits& habits) {
  return std::any_of(outcome.begin(), outcome.end(), [&](const OutcomeIssue& entry) {
    return meaning_of(entry, habits) == meaning;
  });
}

Outcome read_outcome(std::string_view json) {
  Outcome outcome;
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag>(json.data(), json.size());
  if (document.HasParseError() || text_of(document, "resourceType") != "OperationOutcome") {
    return outcome;
  }
  const Json* issues = member(document, "issue");
  if (issues == nullptr || !issues->IsArray()) return outcome;
  for (const auto& issue : issues->GetArray()) {
    if (issue.IsObject()) outcome.push_back(read_issue(issue));
  }
  return outcome;
}

Issues issues_of(const Outcome& outcome) {
  Issues issues;
  for (const auto& entry : outcome) issues.push_back(entry.issue);
  return issues;
}

}  // namespace meridian::fhir::wire
