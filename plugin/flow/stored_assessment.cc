// SPDX-License-Identifier: Apache-2.0
#include "flow/stored_assessment.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "flow/stored_json.h"

namespace meridian::flow {
namespace {

using rapidjson::Value;

/// Reads one list after the other; what says the same comes together.
class Statements {
 public:
  explicit Statements(const Value& assessment) : assessment_(assessment) {}

  std::vector<Ground> read() {
    each("flags", [](const Value& json) {
      return entry("flag", text_in(json, "rule"), text_in(json, "severity"), json);
    });
    each("cautions", [](const Value& json) {
      const auto weight = text_in(json, "manual") + "/" + text_in(json, "electro");
      return entry("caution", text_in(json, "rule"), weight, json);
    });
    each("missing", [](const Value& json) {
      const auto* weight = flag_in(json, "blocksAcupuncture") ? "open" : "asked";
      return entry("missing", text_in(json, "question"), weight, json);
    });
    each("coverage", [](const Value& json) {
      return entry("coverage", clause_of(json), text_in(json, "status"), json);
    });
    each("annotations",
         [](const Value& json) { return entry("annotation", text_in(json, "rule"), "", json); });
    each("painTypes", [](const Value& json) {
      Ground type{"type", text_in(json, "type"), "", "", "", texts_in(json, "basis")};
      return type;
    });
    each("lanes", [](const Value& json) {
      auto weight = text_in(json, "urgency");
      const auto modality = text_in(json, "modality");
      if (!modality.empty()) weight += ", " + modality;
      std::string rules;
      for (const auto& rule : texts_in(json, "rules")) rules += (rules.empty() ? "" : ", ") + rule;
      return Ground{"lane", text_in(json, "service"), weight, rules, "", {}};
    });
    std::vector<Ground> list;
    list.reserve(found_.size());
    for (auto& [key, ground] : found_) list.push_back(std::move(ground));
    return list;
  }

 private:
  template <typename Read>
  void each(const char* name, const Read& read) {
    const auto* list = list_in(assessment_, name);
    if (list == nullptr) return;
    for (const auto& json : list->GetArray()) add(read(json));
  }

  static Ground entry(const char* kind, std::string rule, std::string weight, const Value& json) {
    if (!text_in(json, "signedOff").empty()) weight += ", signed off";
    return {kind,
            std::move(rule),
            std::move(weight),
            text_in(json, "text"),
            text_in(json, "source"),
            texts_in(json, "evidence")};
  }

  static std::string clause_of(const Value& json) {
    const auto program = text_in(json, "program");
    const auto rule = text_in(json, "rule");
    return program.empty() || program == rule ? rule : program + " " + rule;
  }

  void add(Ground ground) {
    auto& known = found_[{ground.kind, ground.rule, ground.weight}];
    if (known.kind.empty()) {
      known = std::move(ground);
      std::sort(known.evidence.begin(), known.evidence.end());
      return;
    }
    known.text += "; " + ground.text;
    std::set<std::string> refs(known.evidence.begin(), known.evidence.end());
    refs.insert(ground.evidence.begin(), ground.evidence.end());
    known.evidence.assign(refs.begin(), refs.end());
  }

  const Value& assessment_;
  std::map<std::tuple<std::string, std::string, std::string>, Ground> found_;
};

template <typename Rule>
std::string label_in(const std::vector<Rule>& rules, const std::string& id) {
  const auto found =
      std::find_if(rules.begin(), rules.end(), [&](const Rule& rule) { return rule.id == id; });
  return found == rules.end() ? "" : found->label;
}

std::string question_in(const std::vector<ScreeningQuestion>& questions, const std::string& id) {
  const auto found =
      std::find_if(questions.begin(), questions.end(),
                   [&](const ScreeningQuestion& question) { return question.id == id; });
  return found == questions.end() ? "" : found->text;
}

/// Of "programme clause" the clause's words.
std::string clause_in(const std::vector<CoverageProgram>& programs, const std::string& rule) {
  for (const auto& program : programs) {
    if (rule == program.id) return "acupuncture for this episode";
    if (rule == program.id + " visits") return "visits";
    for (const auto& clause : program.clauses) {
      if (rule == program.id + " " + clause.id) return clause.text;
    }
  }
  return {};
}

}  // namespace

std::vector<Ground> statements_in(const std::string& assessment) {
  const auto json = parsed(assessment);
  return Statements(json).read();
}

std::string disposition_in(const std::string& assessment) {
  return text_in(parsed(assessment), "disposition");
}

std::string words_of_rule(const RuleBook& rules, const std::string& kind, const std::string& rule) {
  if (kind == "flag" || kind == "alert") return label_in(rules.red_flags, rule);
  if (kind == "caution") return label_in(rules.contraindications, rule);
  if (kind == "missing") return question_in(rules.screening, rule);
  if (kind == "coverage") return clause_in(rules.coverage, rule);
  return {};
}

}  // namespace meridian::flow
