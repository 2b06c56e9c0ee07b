// SPDX-License-Identifier: Apache-2.0
#include "unit/pathway/imaging_labels.h"

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "pathway/imaging/read_report.h"
#include "places.h"
#include "unit/pathway/builders.h"

namespace meridian::test {
namespace {

struct Label {
  std::string kind;
  std::string level;
  std::string side;
  std::string certainty;
  bool negated = false;
  bool historical = false;
};

struct Labelled {
  std::string id;
  std::string text;
  bool whole = false;  ///< a report: what it is about counts
  std::vector<Label> labels;
};

std::vector<Labelled> read_lines(const std::string& path, bool whole) {
  std::vector<Labelled> cases;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.empty()) continue;
    rapidjson::Document json;
    json.Parse(line.c_str(), line.size());
    if (json.HasParseError()) ADD_FAILURE() << path << ": no JSON: " << line.substr(0, 60);
    Labelled labelled{json["id"].GetString(), json["text"].GetString(), whole, {}};
    for (const auto& label : json["labels"].GetArray()) {
      labelled.labels.push_back({label["kind"].GetString(), label["level"].GetString(),
                                 label["side"].GetString(), label["certainty"].GetString(),
                                 label["negated"].GetBool(), label["historical"].GetBool()});
    }
    cases.push_back(std::move(labelled));
  }
  return cases;
}

std::vector<Labelled> cases_of(const std::string& half) {
  const auto folder = labelled_set(half);
  auto cases = read_lines(folder + "/sentences.ndjson", false);
  auto reports = read_lines(folder + "/reports.ndjson", true);
  cases.insert(cases.end(), reports.begin(), reports.end());
  return cases;
}

/// They are not counted, see LABELS.md: findings that differ in nothing else become one.
void take_out_levels_of_operations(std::vector<ImagingFinding>& findings) {
  std::vector<ImagingFinding> kept;
  for (auto& finding : findings) {
    const bool operation = finding.kind == "postop_change";
    if (operation) finding.level.clear();
    const bool known = std::any_of(kept.begin(), kept.end(), [&](const ImagingFinding& other) {
      return operation && other.kind == finding.kind && other.negated == finding.negated &&
             other.historical == finding.historical;
    });
    if (!known) kept.push_back(std::move(finding));
  }
  findings = std::move(kept);
}

imaging::ReportReading reading_of(const Labelled& labelled) {
  auto reading = imaging::read_report(labelled.text, rules().imaging);
  const bool spine = !labelled.whole || imaging::about_the_spine(labelled.text, rules().imaging);
  if (!spine) imaging::keep_any_region(reading, rules().imaging);
  take_out_levels_of_operations(reading.findings);
  return reading;
}

bool same(const Label& label, const ImagingFinding& finding) {
  return label.kind == finding.kind && label.level == finding.level &&
         label.negated == finding.negated && label.historical == finding.historical;
}

/// The 95 percent interval of a share. Source: Wilson 1927, J Am Stat Assoc 22:209
std::pair<double, double> wilson(int part, int whole) {
  if (whole == 0) return {0, 1};
  const double z = 1.96;
  const double share = double(part) / whole;
  const double middle = share + z * z / (2 * whole);
  const double spread = z * std::sqrt(share * (1 - share) / whole + z * z / (4.0 * whole * whole));
  const double scale = 1 + z * z / whole;
  return {(middle - spread) / scale, (middle + spread) / scale};
}

void add(const Count& from, Count& to) {
  to.right += from.right;
  to.wrong += from.wrong;
  to.missed += from.missed;
  to.sides += from.sides;
  to.certainties += from.certainties;
}

std::string words_of(const char* what, const std::string& kind, const std::string& level,
                     bool negated, bool historical) {
  return std::string("  ") + what + ' ' + kind + ' ' + level + (negated ? " not" : "") +
         (historical ? " then" : "") + '\n';
}

/// The finding that agrees with the label, one of its side before others; null without one.
const ImagingFinding* agreeing(const Label& label, const std::vector<ImagingFinding>& findings) {
  const ImagingFinding* found = nullptr;
  for (const auto& finding : findings) {
    if (!same(label, finding)) continue;
    if (found == nullptr || finding.side == label.side) found = &finding;
  }
  return found;
}

void count(const Labelled& labelled, std::map<std::string, Count>& counts, bool show) {
  const auto findings = reading_of(labelled).findings;
  std::string faults;
  for (const auto& label : labelled.labels) {
    auto& counted = counts[label.kind];
    if (const auto* found = agreeing(label, findings)) {
      ++counted.right;
      counted.sides += found->side == label.side;
      counted.certainties += found->certainty == label.certainty;
    } else {
      ++counted.missed;
      faults += words_of("missed", label.kind, label.level, label.negated, label.historical);
    }
  }
  for (const auto& finding : findings) {
    const bool right = std::any_of(labelled.labels.begin(), labelled.labels.end(),
                                   [&](const Label& label) { return same(label, finding); });
    if (right) continue;
    ++counts[finding.kind].wrong;
    faults += words_of("wrong ", finding.kind, finding.level, finding.negated, finding.historical);
  }
  if (show && !faults.empty()) {
    std::printf("%s: %s\n%s", labelled.id.c_str(), labelled.text.c_str(), faults.c_str());
  }
}

void print(const std::string& name, const Count& counted) {
  const auto precision = wilson(counted.right, counted.right + counted.wrong);
  const auto recall = wilson(counted.right, counted.right + counted.missed);
  std::printf("%-26s %4d %4d %4d  precision %.3f [%.3f, %.3f]  recall %.3f [%.3f, %.3f]\n",
              name.c_str(), counted.right, counted.wrong, counted.missed, counted.precision(),
              precision.first, precision.second, counted.recall(), recall.first, recall.second);
}

bool is_serious(const std::string& kind) {
  const auto* known = imaging_kind(rules().imaging, kind);
  return known != nullptr && known->tier == "serious";
}

/// What becomes of a text that says a serious kind is there: it is read as saying so, or a person
/// reads it because of something else in it, or nobody is told.
void count_alarms(const Labelled& labelled, std::map<std::string, Alarms>& alarms, Alarms& all,
                  bool show) {
  std::set<std::string> said;
  for (const auto& label : labelled.labels) {
    if (!label.negated && !label.historical && is_serious(label.kind)) said.insert(label.kind);
  }
  const auto reading = reading_of(labelled);
  const auto raises = [&](const ImagingFinding& finding) {
    return is_serious(finding.kind) && !finding.negated && !finding.historical;
  };
  const bool noticed = !reading.unread.empty() ||
                       std::any_of(reading.findings.begin(), reading.findings.end(), raises);
  if (said.empty()) {
    ++all.quiet;
    all.sent += noticed;
    if (show && noticed)
      std::printf("%s to a person: %s\n", labelled.id.c_str(), labelled.text.c_str());
  }
  for (const auto& kind : said) {
    auto& counted = alarms[kind];
    const bool read = std::any_of(
        reading.findings.begin(), reading.findings.end(),
        [&](const ImagingFinding& finding) { return finding.kind == kind && raises(finding); });
    ++(read ? counted.read : noticed ? counted.person : counted.unnoticed);
    if (show && !read && !noticed) {
      std::printf("%s nobody is told: %s\n", labelled.id.c_str(), kind.c_str());
    }
  }
}

void print(const std::string& name, const Alarms& counted) {
  const int told = counted.read + counted.person;
  const int all = told + counted.unnoticed;
  const auto read = wilson(counted.read, all);
  const auto noticed = wilson(told, all);
  std::printf(
      "%-26s %4d said to be there: read %.3f [%.3f, %.3f]  read or to a person %.3f "
      "[%.3f, %.3f]\n",
      name.c_str(), all, Count::ratio(counted.read, all), read.first, read.second,
      Count::ratio(told, all), noticed.first, noticed.second);
}

}  // namespace

std::string labelled_set(const std::string& half) {
  return std::filesystem::path(test::source_folder) / "tests/golden/imaging" / half;
}

Totals measure(const std::string& half, bool show) {
  std::map<std::string, Count> counts;
  const auto cases = cases_of(half);
  EXPECT_FALSE(cases.empty()) << "no labelled texts: " << half;
  Totals totals;
  std::map<std::string, Alarms> alarms;
  for (const auto& labelled : cases) {
    count(labelled, counts, show);
    count_alarms(labelled, alarms, totals.alarms, show);
  }
  std::printf("%s: %zu texts; right, wrong, missed\n", half.c_str(), cases.size());
  for (const auto& [kind, counted] : counts) {
    print(kind, counted);
    add(counted, totals.all);
    if (is_serious(kind)) add(counted, totals.serious);
  }
  print("serious tier", totals.serious);
  print("all", totals.all);
  for (const auto& [kind, counted] : alarms) {
    print(kind, counted);
    totals.alarms.read += counted.read;
    totals.alarms.person += counted.person;
    totals.alarms.unnoticed += counted.unnoticed;
  }
  print("all serious kinds", totals.alarms);
  const auto sent = wilson(totals.alarms.sent, totals.alarms.quiet);
  std::printf("of %d texts without a serious kind: to a person %.3f [%.3f, %.3f]\n",
              totals.alarms.quiet, Count::ratio(totals.alarms.sent, totals.alarms.quiet),
              sent.first, sent.second);
  std::printf("of the right ones: side %.3f, certainty %.3f\n",
              Count::ratio(totals.all.sides, totals.all.right),
              Count::ratio(totals.all.certainties, totals.all.right));
  return totals;
}

void expect_read_as_labelled(const Totals& totals) {
  EXPECT_GE(totals.all.precision(), 0.95);
  EXPECT_GE(totals.all.recall(), 0.90);
  EXPECT_EQ(totals.alarms.person, 0) << "serious findings that were not read as such";
  EXPECT_EQ(totals.alarms.unnoticed, 0) << "serious findings that nobody is told of";
}

}  // namespace meridian::test
