// SPDX-License-Identifier: Apache-2.0
#include "flow/explain_decision.h"

#include <map>

#include "flow/explain_log.h"
#include "flow/record_words.h"
#include "flow/stored_assessment.h"
#include "flow/stored_history.h"
#include "flow/stored_json.h"
#include "pathway/charts.h"
#include "pathway/screening.h"
#include "port/letter_words.h"

namespace meridian::flow {
namespace {

std::string disposition_words(const std::string& disposition) {
  if (disposition == "route_acupuncture") return "It may go to an acupuncture clinic.";
  if (disposition == "route_surgeon") return "It goes to a spine surgeon.";
  if (disposition == "urgent_surgeon") return "It goes to a spine surgeon, urgently.";
  if (disposition == "emergency") return "It is an emergency: a named contact is alerted.";
  return "It waits for a person.";
}

/// Statements of one kind, each in a line.
class Found {
 public:
  Found(const Core& core, const store::ReferralRow& row, const RecordSet* records)
      : core_(core), statements_(statements_in(row.assessment)), records_(records) {}

  std::vector<std::string> lines() {
    each("flag", "Red flag");
    each("caution", "Caution for needles/current");
    each("missing", "Not known");
    if (records_ != nullptr) {
      each("type", "Pain type");
      each("annotation", "Noted");
    }
    if (lines_.empty()) lines_.emplace_back("No rule found anything, and nothing was missing.");
    const auto before = lines_.size();
    each("coverage", "Coverage");
    if (lines_.size() > before) {
      lines_.insert(lines_.begin() + static_cast<std::ptrdiff_t>(before),
                    "Whether it is paid for is an answer of its own, and holds nothing back:");
    }
    each("lane", "Open way");
    return std::move(lines_);
  }

 private:
  void each(const char* kind, const char* label) {
    for (const auto& statement : statements_) {
      if (statement.kind == kind) lines_.push_back(line(label, statement));
    }
  }

  /// What it says. Stored words may quote a record; those of the rule never do.
  std::string words(const Ground& statement) const {
    if (records_ != nullptr) return statement.text;
    const auto rule = words_of_rule(core_.rules, statement.kind, statement.rule);
    return rule.empty() && statement.kind == "missing" ? statement.text : rule;
  }

  std::string source(const Ground& statement) const {
    const auto found = core_.rules.sources.find(statement.source);
    return found == core_.rules.sources.end() ? statement.source : found->second.title;
  }

  std::string evidence(const Ground& statement) const {
    std::vector<std::string> refs;
    for (const auto& ref : statement.evidence) {
      const auto said = records_ == nullptr ? "" : record_words(*records_, ref);
      refs.push_back(said.empty() ? ref : ref + " (" + said + ")");
    }
    return listed(refs);
  }

  std::string line(const char* label, const Ground& statement) const {
    std::string text = "- " + std::string(label);
    if (statement.rule != statement.kind) text += " " + statement.rule;
    if (!statement.weight.empty()) text += ", " + statement.weight;
    if (const auto said = words(statement); !said.empty()) text += ": " + said;
    text += text.ends_with('.') || text.ends_with('?') ? "" : ".";
    if (!statement.source.empty()) text += " Source: " + source(statement) + ".";
    if (!statement.evidence.empty()) text += " Rests on " + evidence(statement) + ".";
    return text;
  }

  const Core& core_;
  const std::vector<Ground> statements_;
  const RecordSet* records_;  ///< null: nothing of the patient is shown
  std::vector<std::string> lines_;
};

std::vector<std::string> history_lines(const History& history) {
  std::vector<std::string> whole;
  std::vector<std::string> others;
  for (const auto& query : history) {
    if (query.completeness == Completeness::complete) {
      whole.push_back(query.kind);
      continue;
    }
    const std::string why =
        query.detail.empty() ? completeness_name(query.completeness) : query.detail;
    others.push_back(query.kind + " (" + why + ")");
  }
  std::vector<std::string> lines;
  if (!whole.empty()) lines.push_back("Read completely: " + listed(whole) + ".");
  if (!others.empty()) {
    lines.push_back("Not read completely: " + listed(others) +
                    ". What is not in them is unknown, not absent.");
  }
  return lines;
}

/// Who asked for what, and why.
std::string order_line(const Past& past) {
  for (const auto& order : past.facts.records.service_requests) {
    if (order.ref != past.row.order_ref) continue;
    std::vector<std::string> reasons;
    for (const auto& reason : order.reason_codes) reasons.push_back(name_of(reason));
    for (const auto& reason : order.reason_references) {
      reasons.push_back(record_words(past.facts.records, reason.target));
    }
    std::erase(reasons, "");
    const auto& by =
        order.requester.display.empty() ? order.requester.written : order.requester.display;
    return "Ordered: " + name_of(order.code) + (by.empty() ? "" : ", by " + by) +
           (reasons.empty() ? "" : ", for " + listed(reasons)) + ".";
  }
  return "The order is not in it.";
}

/// The newest answer to each question, as it was known then.
std::vector<std::string> answer_lines(const Core& core, const Past& past, const Inputs& inputs,
                                      bool patient_data) {
  std::vector<std::string> lines;
  for (const auto& chart : split_charts(past.facts.known).charts) {
    if (chart.patient.ref != past.row.patient_ref) continue;
    const auto answers =
        newest_answers(read_answers(chart, core.rules, core.terminology), inputs.at);
    if (answers.empty()) {
      lines.emplace_back("No screening question was answered.");
      continue;
    }
    lines.push_back("Screening questions answered: " + std::to_string(answers.size()) + ".");
    if (!patient_data) continue;
    for (const auto& answer : answers) {
      const auto* question = question_of(core.rules, answer.question);
      lines.push_back("- " + answer.question + (question ? ", " + question->text : "") + ": " +
                      answer.value + (answer.at.empty() ? "" : " (" + answer.at.text + ")"));
    }
  }
  return lines;
}

void append(std::vector<std::string>& lines, std::vector<std::string> more) {
  for (auto& line : more) lines.push_back(std::move(line));
}

Happening told_records(const Core& core, const store::FactsRow& facts, const Past& past,
                       const Inputs& inputs, bool patient_data) {
  Happening happening{facts.at, Rank::read, "What is on record was read.", {}};
  append(happening.details, history_lines(read_history(facts.history)));
  if (!past.missing.empty()) {
    happening.details.push_back("Not kept any more: " + past.missing + ".");
    return happening;
  }
  if (!inputs.recalled.empty()) {
    happening.details.emplace_back(
        "What could not be read this time was taken as an earlier look had it.");
  }
  if (patient_data) happening.details.push_back(order_line(past));
  append(happening.details, answer_lines(core, past, inputs, patient_data));
  return happening;
}

std::string action_words(const Core& core, const rapidjson::Document& decision) {
  const auto action = text_in(decision, "action");
  if (action == "deliver") {
    return "Decided: it goes to " + name_of_peer(core, text_in(decision, "to")) + ".";
  }
  return action == "escalate" ? "Decided: a named contact is alerted."
                              : "Decided: it is held for a person.";
}

std::vector<std::string> candidate_lines(const rapidjson::Document& decision) {
  std::vector<std::string> lines;
  const auto* candidates = list_in(decision, "candidates");
  if (candidates == nullptr) return lines;
  for (const auto& candidate : candidates->GetArray()) {
    auto name = text_in(candidate, "name");
    const auto id = text_in(candidate, "id");
    if (name.empty()) name = id;
    if (!id.empty() && id != name) name += " (" + id + ")";
    lines.push_back("- " + name + (flag_in(candidate, "taken") ? " fits: " : " was left out: ") +
                    text_in(candidate, "why") + ".");
  }
  if (!lines.empty()) lines.insert(lines.begin(), "Receivers that were looked at, best first:");
  return lines;
}

std::optional<Happening> told_choice(const Core& core, const store::ReferralRow& row) {
  const auto decision = parsed(row.decision);
  const auto at = parse_instant(text_in(decision, "at"));
  if (!at) return std::nullopt;
  Happening happening{*at, Rank::decided, action_words(core, decision), {}};
  const auto reasons = texts_in(decision, "reasons");
  if (!reasons.empty()) happening.details.push_back("Reasons: " + listed(reasons) + ".");
  const auto doors = texts_in(decision, "doors");
  if (!doors.empty()) happening.details.push_back("What may release it: " + listed(doors) + ".");
  append(happening.details, candidate_lines(decision));
  const auto directory = text_in(decision, "directory");
  if (!directory.empty()) happening.details.push_back("Directory: " + directory + ".");
  return happening;
}

}  // namespace

Result<std::vector<Happening>> told_decision(const Core& core, const store::ReferralRow& row,
                                             const Events& events, bool patient_data) {
  std::vector<Happening> happenings;
  const auto inputs = read_basis(row.decision).inputs;
  if (!inputs) return happenings;
  const auto facts = core.store.facts(inputs->facts);
  if (!facts) return facts.error();
  const auto past = past_of(core, row, events, *inputs);
  if (!past) return past.error();
  if (*facts) {
    happenings.push_back(told_records(core, **facts, *past, *inputs, patient_data));
  } else if (!inputs->facts.empty()) {
    happenings.push_back(
        {inputs->at, Rank::read, "What is on record was read; it is kept no more.", {}});
  }
  Happening found{inputs->at, Rank::found, "", {}};
  if (inputs->resolved) {
    found.what =
        "The rules were asked (content " + inputs->content + ", program " + inputs->build + ").";
    const bool show = patient_data && past->missing.empty();
    found.details = Found(core, row, show ? &past->facts.known : nullptr).lines();
    found.details.push_back(disposition_words(disposition_in(row.assessment)));
  } else {
    found.what = "The rules were not asked: it was not clear whose record is meant.";
  }
  happenings.push_back(std::move(found));
  if (auto choice = told_choice(core, row)) happenings.push_back(std::move(*choice));
  return happenings;
}

}  // namespace meridian::flow
