// SPDX-License-Identifier: Apache-2.0
#include "pathway/coverage.h"

#include <algorithm>
#include <string_view>

#include "pathway/coverage_clauses.h"

namespace meridian {
namespace {

std::string lower(std::string text) {
  for (auto& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

bool is_current(const Coverage& coverage, Instant at) {
  if (coverage.status == "cancelled" || coverage.status == "entered-in-error" ||
      coverage.status == "draft") {
    return false;
  }
  const auto starts = earliest(coverage.period.start);
  const auto ends = latest(coverage.period.end);
  return (!starts || *starts <= at) && (!ends || *ends >= at);
}

bool belongs(const Coverage& coverage, const CoverageProgram& program) {
  const auto& types = program.payer_types;
  for (const auto& coding : coverage.type.codings) {
    if (std::find(types.begin(), types.end(), coding.code) != types.end()) return true;
  }
  const auto name = lower(coverage.payor_name);
  const auto type = lower(coverage.type.text);
  return std::any_of(
      program.payer_names.begin(), program.payer_names.end(), [&](const std::string& words) {
        return name.find(words) != std::string::npos || type.find(words) != std::string::npos;
      });
}

CoverageAnswer answer_of(const CoverageProgram& program, const std::string& rule,
                         const Verdict& verdict, const std::string& text) {
  CoverageAnswer answer;
  answer.rule = rule;
  answer.source = program.source;
  answer.text = verdict.why.empty() ? text : text + ": " + verdict.why;
  answer.evidence.assign(verdict.evidence.begin(), verdict.evidence.end());
  answer.program = program.id;
  answer.name = program.name;
  answer.status = verdict.status;
  return answer;
}

/// What the ledger says of the next visit; nothing when the programme counts none.
std::optional<Verdict> judge_visits(const CoverageProgram& program,
                                    const CoverageCase& coverage_case) {
  const bool counts = program.visits > 0 || program.yearly_visits > 0;
  if (!counts || coverage_case.ledger == nullptr) return std::nullopt;
  for (const auto& allowance : coverage_case.ledger->allowances) {
    if (allowance.rule == program.id) return Verdict{allowance.status, allowance.text, {}};
  }
  return std::nullopt;
}

int rank(const std::string& status) {
  return status == "not_covered" ? 2 : status == "uncertain" ? 1 : 0;
}

void judge_program(const CoverageProgram& program, const std::set<std::string>& coverage_refs,
                   const CoverageCase& coverage_case, CoverageAnswers& result) {
  Verdict whole;
  whole.evidence = coverage_refs;
  const auto visits = judge_visits(program, coverage_case);
  if (program.clauses.empty()) {
    const bool past = visits && visits->status == "not_covered";
    whole.status = past ? "not_covered" : "unknown";
    result.answers.push_back(answer_of(program, program.id, whole,
                                       "the plan's own rules are not loaded: check the plan"));
    if (visits) result.answers.push_back(answer_of(program, "visits", *visits, "visits"));
    return;
  }
  std::vector<CoverageAnswer> clauses;
  for (const auto& clause : program.clauses) {
    clauses.push_back(answer_of(program, clause.id,
                                judge_clause(clause, coverage_case, result.missing), clause.text));
  }
  if (visits) clauses.push_back(answer_of(program, "visits", *visits, "visits"));
  std::string deciding;
  for (const auto& clause : clauses) {
    if (rank(clause.status) > rank(whole.status)) {
      whole.status = clause.status;
      deciding.clear();
    }
    const bool decides = clause.status == whole.status && whole.status != "covered";
    if (decides && deciding.find(clause.rule) == std::string::npos) {
      deciding += (deciding.empty() ? "" : ", ") + clause.rule;
    }
  }
  whole.why = deciding;
  result.answers.push_back(answer_of(program, program.id, whole, "acupuncture for this episode"));
  for (auto& clause : clauses) result.answers.push_back(std::move(clause));
}

CoverageAnswer unknown_coverage(const History& history, bool any_current) {
  CoverageAnswer answer;
  answer.rule = "coverage";
  answer.source = "SELF";
  answer.status = "unknown";
  const bool read = completeness_of(history, "coverage") == Completeness::complete;
  answer.text = any_current ? "the payer is in no programme we know: check the plan"
                : read      ? "no coverage is on record"
                            : "coverage was not read completely";
  return answer;
}

}  // namespace

std::vector<const CoverageProgram*> programs_of(const RuleContext& context) {
  std::vector<const CoverageProgram*> programs;
  for (const auto& program : context.rules.coverage) {
    const auto& coverages = context.chart.records.coverages;
    const bool any = std::any_of(coverages.begin(), coverages.end(), [&](const Coverage& coverage) {
      return is_current(coverage, context.at) && belongs(coverage, program);
    });
    if (any) programs.push_back(&program);
  }
  return programs;
}

CoverageAnswers coverage_answers(const CoverageCase& coverage_case) {
  CoverageAnswers result;
  const auto& context = coverage_case.context;
  std::set<std::string> current;
  for (const auto& coverage : context.chart.records.coverages) {
    if (is_current(coverage, context.at)) current.insert(coverage.ref);
  }
  for (const auto& program : context.rules.coverage) {
    std::set<std::string> refs;
    for (const auto& coverage : context.chart.records.coverages) {
      if (current.contains(coverage.ref) && belongs(coverage, program)) refs.insert(coverage.ref);
    }
    if (!refs.empty()) judge_program(program, refs, coverage_case, result);
  }
  if (result.answers.empty()) {
    result.answers.push_back(unknown_coverage(coverage_case.history, !current.empty()));
    result.answers.back().evidence.assign(current.begin(), current.end());
  }
  return result;
}

}  // namespace meridian
