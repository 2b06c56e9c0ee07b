// SPDX-License-Identifier: Apache-2.0
// `meridian normalize` and `meridian assess`: files in, one line per patient out.
#include <algorithm>
#include <functional>
#include <iostream>
#include <iterator>
#include <sstream>

#include "fhir/read/reader.h"
#include "fhir/write/records_json.h"
#include "host/commands.h"
#include "host/read_together.h"
#include "knowledge/knowledge.h"
#include "pathway/assess.h"
#include "pathway/charts.h"
#include "pathway/episodes.h"
#include "pathway/imaging/imaging.h"
#include "pathway/screening.h"
#include "report/episode_json.h"

namespace meridian::host {
namespace {

/// What a command prints: its format, and the line of one chart.
struct Output {
  std::string_view format;
  std::function<std::string(Chart&, const Issues&)> line;
};

std::optional<Knowledge> knowledge_for(const ReadCommand& command) {
  Issues issues;
  auto loaded =
      command.profiles.empty() ? load_knowledge(issues) : load_knowledge(command.profiles, issues);
  print_issues(issues);
  if (!loaded) return std::nullopt;
  if (follow_guideline(command.guideline, loaded->rules)) return std::move(*loaded);
  print_issues({{Severity::error, "not-found", "--guideline",
                 "\"" + command.guideline + "\" is none of" + guideline_names(loaded->rules)}});
  return std::nullopt;
}

void print_charts(std::vector<Chart>& charts, Issues issues, const Output& output) {
  if (charts.empty() && output.format.empty()) {
    print_issues(issues);
  } else if (charts.empty() && !issues.empty()) {
    std::cout << report::nobody_line(output.format, issues) << '\n';
  }
  for (auto& chart : charts) {
    std::cout << output.line(chart, issues) << '\n';
    issues.clear();  // an input's issues stand on its first line
  }
}

void print_records(RecordSet records, const Output& output) {
  Issues issues = std::move(records.issues);
  records.issues.clear();
  auto split = split_charts(std::move(records));
  for (auto& issue : split.issues) issues.push_back(std::move(issue));
  print_charts(split.charts, std::move(issues), output);
}

bool failed(const RecordSet& records) {
  for (const auto& issue : records.issues) {
    if (issue.severity == Severity::fatal) return true;
  }
  return false;
}

Issue unreadable(const std::string& file, const Error& error) {
  std::string text(error.what.view());
  if (error.detail != 0) text += " (" + std::to_string(error.detail) + ")";
  return {Severity::fatal, std::string(error_row(error.code).fhir_issue), file, std::move(text)};
}

/// NDJSON: a line that is a Bundle stands for itself; single resources belong together.
bool print_lines(std::istream& in, const std::string& file, const ReadOptions& options,
                 const Output& output) {
  bool good = true;
  RecordSet loose;
  const auto read = read_ndjson(in, options, [&](NdjsonLine line) {
    if (!line.records) {
      print_issues({unreadable(file + ":" + std::to_string(line.number), line.records.error())});
      good = false;
      return true;
    }
    good = good && !failed(*line.records);
    if (line.records->bundle_type.empty()) {
      merge(loose, std::move(*line.records));
    } else {
      print_records(std::move(*line.records), output);
    }
    return true;
  });
  if (!read) print_issues({unreadable(file, read.error())});
  print_records(std::move(loose), output);
  return good && read.has_value();
}

bool print_file(const std::string& file, const Output& output) {
  const auto opened = open_input(file);
  if (!opened) {
    print_issues({{Severity::fatal, "not-found", file, "the file cannot be read"}});
    return false;
  }
  auto& in = *opened;
  ReadOptions options;
  options.source_id = file;
  options.message_id = file;
  if (file.ends_with(".ndjson") || file.ends_with(".jsonl")) {
    return print_lines(in, file, options, output);
  }
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (looks_like_ndjson(bytes)) {
    std::istringstream lines(bytes);
    return print_lines(lines, file, options, output);
  }
  auto records = read_fhir(bytes, options);
  if (!records) {
    print_issues({unreadable(file, records.error())});
    return false;
  }
  const bool good = !failed(*records);
  print_records(std::move(*records), output);
  return good;
}

int print_files(const ReadCommand& command, const Terminology& tables, const Output& output) {
  bool good = true;
  const auto& files = command.files;
  if (std::any_of(files.begin(), files.end(), is_hl7v2)) {
    auto together = read_together(command, tables);
    print_charts(together.charts, std::move(together.issues), output);
    good = together.good;
  } else {
    for (const auto& file : files) good = print_file(file, output) && good;
  }
  std::cout.flush();
  return good && std::cout ? 0 : 1;
}

std::optional<Instant> decision_time(const std::string& at) {
  if (at.empty()) return system_now();
  if (const auto instant = parse_instant(at)) return instant;
  if (const auto day = parse_day(at)) return Instant{*day};
  return std::nullopt;
}

/// What the user says of the input: with --complete-history absence may be concluded from it.
History history_of(const ReadCommand& command, Instant at) {
  if (!command.complete_history) return {};
  History history;
  for (const char* kind : {"order", "encounters", "conditions", "observations", "imaging",
                           "procedures", "medications", "allergies", "coverage", "answers"}) {
    const auto& failed = command.not_read;
    const bool read = std::find(failed.begin(), failed.end(), kind) == failed.end();
    history.push_back({kind, read ? Completeness::complete : Completeness::failed, at, ""});
  }
  return history;
}

std::string bundle_line(const Chart& chart, const Issues& issues) {
  print_issues(issues);
  RecordSet records = chart.records;
  records.patients = {chart.patient};
  return fhir::collection_json(records);
}

}  // namespace

int normalize(const ReadCommand& command) {
  const auto knowledge = knowledge_for(command);
  if (!knowledge) return 1;
  if (command.as_fhir) return print_files(command, knowledge->terminology, {"", bundle_line});
  const auto line = [&](Chart& chart, const Issues& issues) {
    read_imaging(chart, knowledge->rules, knowledge->terminology);
    const auto episodes =
        build_episodes(chart, knowledge->terminology, {knowledge->rules.episode_gap_days});
    return report::episode_line(chart, episodes, issues);
  };
  return print_files(command, knowledge->terminology, {"meridian.episode/1", line});
}

int assess_files(const ReadCommand& command) {
  const auto at = decision_time(command.at);
  if (!at) {
    std::cerr << "--at must be a day (2026-11-20) or an instant (2026-11-20T10:00:00Z)\n";
    return 2;
  }
  const auto knowledge = knowledge_for(command);
  if (!knowledge) return 1;
  const auto history = history_of(command, *at);
  const auto line = [&](Chart& chart, const Issues& issues) {
    read_imaging(chart, knowledge->rules, knowledge->terminology);
    const auto episodes =
        build_episodes(chart, knowledge->terminology, {knowledge->rules.episode_gap_days});
    const auto answers = read_answers(chart, knowledge->rules, knowledge->terminology);
    const auto assessments = assess_chart({.chart = chart,
                                           .episodes = episodes,
                                           .history = history,
                                           .answers = answers,
                                           .terminology = knowledge->terminology,
                                           .rules = knowledge->rules,
                                           .at = *at});
    return report::assessment_line(chart, episodes, assessments, issues);
  };
  return print_files(command, knowledge->terminology, {"meridian.assessment/1", line});
}

}  // namespace meridian::host
