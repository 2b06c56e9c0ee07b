// SPDX-License-Identifier: Apache-2.0
// `meridian dialects`: how each state of a referral is shown to a peer, and what the peer loses.
#include <iostream>
#include <unistd.h>

#include "fhir/exchange/referral_dialect.h"
#include "flow/reflect_work.h"
#include "hl7v2/write/referral_status.h"
#include "host/commands.h"
#include "host/site_command.h"
#include "knowledge/knowledge.h"
#include "report/json.h"
#include "report/table.h"
#include "routing/clinic_events.h"

namespace meridian::host {
namespace {

void print_rows(const std::vector<std::string>& rows) {
  if (is_terminal(STDOUT_FILENO)) {
    std::cout << report::table(rows);
    return;
  }
  for (const auto& row : rows) std::cout << row << '\n';
}

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : std::string(between)) + word;
  return text;
}

std::string row_of(std::string_view state, const std::string& shown, const std::string& read,
                   const std::string& lost) {
  report::Json json;
  json.open();
  json.text("state", state);
  json.text("shown", shown);
  json.text("read_as", read);
  json.text("lost", lost);
  json.close();
  return json.str();
}

std::string words_of(const std::vector<fhir::Showing>& showings) {
  std::vector<std::string> words;
  for (const auto& showing : showings) {
    const auto& form = showing.form;
    const bool stays = showing.stays != fhir::Showing::Stays::no;
    words.push_back(stays ? "as before" : form.status + (form.code.empty() ? "" : " " + form.code));
  }
  return joined(words, ", else ");
}

/// What a peer reads of a state: itself, unless the first way to show it is read as another one.
std::string reading_of(const fhir::ReferralDialect& dialect, const std::string& state) {
  std::vector<std::string> words;
  for (const auto& showing : dialect.shown.at(state)) {
    const bool itself =
        showing.stays == fhir::Showing::Stays::no && dialect.read(showing.form) == state;
    if (itself && words.empty()) words.push_back(state);
  }
  const auto lost = dialect.lost.find(state);
  if (lost == dialect.lost.end()) return joined(words, ", ");
  words.insert(words.end(), lost->second.as.begin(), lost->second.as.end());
  return joined(words, ", ");
}

std::vector<std::string> rows_of(const fhir::ReferralDialect& dialect) {
  std::vector<std::string> rows;
  for (const auto& state : routing::state_rows) {
    if (dialect.shown.empty()) {
      const std::string status = flow::task_status_of(state.name);
      rows.push_back(row_of(state.name, status + " " + state.name, state.name, ""));
      continue;
    }
    const auto lost = dialect.lost.find(state.name);
    rows.push_back(row_of(state.name, words_of(dialect.shown.at(state.name)),
                          reading_of(dialect, state.name),
                          lost == dialect.lost.end() ? "" : lost->second.words));
  }
  return rows;
}

/// RF1-1 of an RRI says a state, and what our reader makes of the letter alone.
Result<std::vector<std::string>> rows_of_rri(const hl7v2::WriteDialect& dialect) {
  Issues issues;
  const auto content = load_knowledge(issues);
  if (!content) return content.error();
  std::vector<std::string> rows;
  for (const auto& state : routing::state_rows) {
    const auto said =
        hl7v2::referral_status(dialect, content->terminology, flow::task_status_of(state.name));
    Task task;
    task.status = said.read_as;
    const auto event = routing::clinic_event(task, {}, content->terminology);
    const std::string read = event ? routing::state_name(routing::row_of(*event).to) : "";
    const bool same = read == state.name;
    rows.push_back(
        row_of(state.name, "RF1-1 " + said.code, read, same ? "" : "what NTE says in words alone"));
  }
  for (const auto& [field, words] : dialect.lost) rows.push_back(row_of(field, "", "", words));
  return rows;
}

std::vector<std::string> names() {
  std::vector<std::string> rows;
  const auto add = [&](const std::string& name, const std::string& title) {
    report::Json json;
    json.open();
    json.text("name", name);
    json.text("title", title);
    json.close();
    rows.push_back(json.str());
  };
  for (const auto& id : fhir::referral_dialect_ids()) {
    if (const auto dialect = fhir::find_referral_dialect(id)) add(id, dialect->title);
  }
  for (const auto& id : hl7v2::write_dialect_ids()) {
    if (const auto dialect = hl7v2::find_write_dialect(id)) {
      add(id, "REF and RRI of HL7 v" + dialect->version + " (mllp_dialect)");
    }
  }
  return rows;
}

}  // namespace

int print_dialects(const std::string& name) {
  if (name.empty()) {
    print_rows(names());
    return 0;
  }
  if (const auto dialect = fhir::find_referral_dialect(name)) {
    print_rows(rows_of(*dialect));
    return 0;
  }
  const auto dialect = hl7v2::find_write_dialect(name);
  if (!dialect) return failed(name, "no such dialect; `meridian dialects` lists them");
  const auto rows = rows_of_rri(*dialect);
  if (!rows) return failed(name, rows.error());
  print_rows(*rows);
  return 0;
}

}  // namespace meridian::host
