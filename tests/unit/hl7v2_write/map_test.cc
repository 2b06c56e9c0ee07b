// SPDX-License-Identifier: Apache-2.0
// Every row of the map is what the reader and the writer do.
#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "hl7v2/syntax/message.h"
#include "hl7v2/write/writer.h"
#include "unit/hl7v2_read/read_v2.h"
#include "unit/hl7v2_write/facts.h"
#include "unit/hl7v2_write/map_rows.h"
#include "unit/hl7v2_write/random_referral.h"

namespace meridian::hl7v2::test {
namespace {

std::vector<std::string> split(const std::string& text, const std::string& by) {
  std::vector<std::string> parts;
  std::size_t from = 0;
  for (auto at = text.find(by); at != std::string::npos; at = text.find(by, from)) {
    parts.push_back(text.substr(from, at - from));
    from = at + by.size();
  }
  parts.push_back(text.substr(from));
  return parts;
}

/// "REF^I12 | RF1-2=A | DG1-3=...": a message of that type with these fields; segments that are
/// named first stand first.
std::string message_of(const std::string& example) {
  const auto parts = split(example, " | ");
  std::vector<std::string> order;
  std::map<std::string, std::map<int, std::string>> segments;
  const auto set = [&](const std::string& assignment) {
    const auto equals = assignment.find('=');
    const auto dash = assignment.find('-');
    const auto name = assignment.substr(0, dash);
    if (!segments.contains(name)) order.push_back(name);
    segments[name][std::stoi(assignment.substr(dash + 1, equals - dash - 1))] =
        assignment.substr(equals + 1);
  };
  const bool referral = parts[0].starts_with("REF") || parts[0].starts_with("RRI");
  if (referral) {
    for (const auto* usual : {"RF1-1=P", "RF1-6=R-1^EPIC"}) set(usual);
  }
  for (const auto* usual : {"PID-3=7^^^FAC^MR", "PID-5=DOE^JANE"}) set(usual);
  for (std::size_t i = 1; i < parts.size(); ++i) set(parts[i]);
  std::string message =
      "MSH|^~\\&|APP|FAC|MERIDIAN|SITE|20260401101500-0500||" + parts[0] + "|C1|P|2.5.1\r";
  for (const auto& name : order) {
    message += name;
    int field = 0;
    for (const auto& [number, value] : segments[name]) {
      for (; field < number; ++field) message += '|';
      message += value;
    }
    message += '\r';
  }
  return message;
}

/// All that a profile can allow.
FieldProfile everything(const RecordSet& records) {
  FieldProfile profile;
  for (const auto& line : leaves(records)) profile.allowed[line.substr(0, line.find('.'))] = {"*"};
  return profile;
}

/// True when a segment of the message has the value at "OBX-5", "MSH-9.2": as a field, a repetition
/// or a component.
bool has_field(const std::string& bytes, const std::string& path, const std::string& value) {
  Issues issues;
  const auto message = parse(bytes, issues);
  if (!message) return false;
  const auto dash = path.find('-');
  const auto dot = path.find('.');
  const auto number = static_cast<std::size_t>(std::stoi(path.substr(dash + 1)));
  for (std::size_t i = 0; i < message->size(); ++i) {
    const auto segment = (*message)[i];
    if (segment.name() != path.substr(0, dash)) continue;
    auto part = segment.field(number);
    if (dot != std::string::npos) part = part.component(std::stoul(path.substr(dot + 1)));
    if (part.raw() == value) return true;
    for (std::size_t r = 1; r <= part.repetitions(); ++r) {
      if (part.repetition(r).raw() == value) return true;
    }
  }
  return false;
}

TEST(Map, EveryRowThatIsReadGivesWhatItSays) {
  std::size_t walked = 0;
  for (const auto& row : map_rows()) {
    if (!row.is_read()) continue;
    ASSERT_FALSE(row.example.empty()) << row.field << " to " << row.target << " has no example";
    const auto records = read_message(message_of(row.example), settings());
    const auto lines = leaves(records);
    EXPECT_NE(std::find(lines.begin(), lines.end(), row.target + row.gives), lines.end())
        << row.field << " to " << row.target << row.gives << " by " << row.example << '\n'
        << ::testing::PrintToString(lines);
    ++walked;
  }
  EXPECT_GT(walked, 70U);
}

/// The letter that says what the example says: the referral itself, an answer to it, its end.
Letter letter_of(const std::string& example) {
  auto records = read_message(message_of(example), settings());
  if (example.starts_with("REF^I12")) return referral_letter(std::move(records));
  Letter letter;
  const bool ends = example.starts_with("REF^I14");
  letter.kind = ends ? Letter::Kind::referral_update : Letter::Kind::status;
  letter.referral_id = "REF1";
  const auto& task = records.tasks.at(0);
  letter.task_status = task.status;
  letter.reason = task.status_reason.text;
  letter.earlier = message_of(
      example.starts_with("OSU") ? "OMG^O19 | ORC-1=NW | ORC-2=R-1^EPIC | OBR-4=1^X^L" : "REF^I12");
  letter.at = *parse_instant("2026-04-02T08:00:00Z");
  return letter;
}

/// Rows that are written by other rows' fields: a reason is a DG1 whose DG1-15 is empty, the
/// conclusion is part of the rows of the report, answers have no record to be read as.
bool is_written_by_others(const MapRow& row) {
  return row.target == "ServiceRequest.reasonReference" ||
         row.target == "DiagnosticReport.conclusion" || row.target == "QuestionnaireResponse.item";
}

TEST(Map, EveryRowThatIsWrittenIsWrittenSo) {
  std::size_t walked = 0;
  for (const auto& row : map_rows()) {
    if (!row.is_written() || is_written_by_others(row)) continue;
    ASSERT_FALSE(row.written.empty()) << row.field << " to " << row.target;
    const auto letter = letter_of(row.example);
    const Hl7v2Renderer renderer(*find_write_dialect("v2"), knowledge().terminology);
    const auto rendered = renderer.render(letter, everything(letter.records));
    ASSERT_TRUE(rendered) << row.field << ": " << rendered.error().what.view();
    EXPECT_TRUE(has_field(rendered->bytes, row.field, row.written))
        << row.field << " from " << row.target << ", " << row.written << " is not in\n"
        << rendered->bytes;
    ++walked;
  }
  EXPECT_GT(walked, 60U);
}

}  // namespace
}  // namespace meridian::hl7v2::test
