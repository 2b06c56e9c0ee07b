// SPDX-License-Identifier: Apache-2.0
#include "walk/data_folder.h"

#include <cstdio>
#include <map>
#include <set>
#include <sstream>

#include "walk/child.h"
#include "walk/patient_count.h"
#include "walk/town.h"

namespace meridian::sandbox {
namespace {

namespace fs = std::filesystem;

/// What the folder came to.
struct Totals {
  int files = 0;
  int unread = 0;
  std::size_t patients = 0;
  std::size_t lost = 0;
  std::map<std::string, int> dispositions;
};

std::set<fs::path> files_below(const fs::path& folder) {
  std::set<fs::path> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string end = entry.path().extension().string();
    const bool wanted = end == ".json" || end == ".ndjson" || end == ".jsonl";
    if (wanted && entry.is_regular_file()) out.insert(entry.path());
  }
  return out;
}

std::vector<Json> json_lines(const std::string& text) {
  std::vector<Json> out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (auto json = Json::parse(line)) out.push_back(std::move(*json));
  }
  return out;
}

/// "RF01" or "AC02, RF13"; each rule once.
std::string rules_of(const Json& entries) {
  std::set<std::string> rules;
  for (const auto& entry : entries.items()) rules.insert(entry["rule"].text());
  std::string out;
  for (const auto& rule : rules) out += (out.empty() ? "" : ", ") + rule;
  return out;
}

std::string pain_types(const Json& assessment) {
  std::string out;
  for (const auto& each : assessment["painTypes"].items()) {
    out += (out.empty() ? "" : ", ") + each["type"].text();
  }
  return out;
}

std::string reasons_of(const Json& assessment) {
  std::string out = pain_types(assessment);
  const auto add = [&](const char* what, const std::string& rules) {
    if (!rules.empty()) out += std::string("; ") + what + " " + rules;
  };
  add("flags", rules_of(assessment["flags"]));
  add("cautions", rules_of(assessment["cautions"]));
  add("not asked", rules_of(assessment["missing"]));
  return out;
}

void print_patient(const std::string& file, const Json& line, std::size_t episodes,
                   Totals& totals) {
  const std::string& id = line["patient"]["id"].text();
  std::string said;
  for (const auto& assessment : line["assessments"].items()) {
    const std::string& disposition = assessment["disposition"].text();
    ++totals.dispositions[disposition];
    said += (said.empty() ? "" : " | ") + disposition + " (" + reasons_of(assessment) + ")";
  }
  if (said.empty()) {
    said = episodes > 0 ? "back pain on record, nothing to decide" : "no back pain on record";
    ++totals.dispositions["none"];
  }
  std::printf("%s  %s  %zu episode%s  %s\n", file.c_str(), id.c_str(), episodes,
              episodes == 1 ? "" : "s", said.c_str());
}

/// What one command said of one file.
struct Said {
  std::map<std::string, Json> lines;  ///< by patient id
  int status = 0;
};

Said ask_meridian(const fs::path& programs, const fs::path& work, const char* command,
                  const fs::path& file) {
  Said said;
  const std::string text = run_to_end({(programs / "meridian").string(), command, file.string()},
                                      (work / "data.log").string(), said.status);
  for (auto& line : json_lines(text)) {
    const Json& patient = line["patient"];
    if (patient.is_null()) continue;
    const std::string id = patient["id"].text();
    said.lines.emplace(id.empty() ? "#" + std::to_string(said.lines.size()) : id, std::move(line));
  }
  return said;
}

void assess_file(const fs::path& file, const std::string& name, const fs::path& programs,
                 const fs::path& work, Totals& totals) {
  ++totals.files;
  const auto expected = patients_in(read_text(file));
  if (!expected) {
    ++totals.unread;
    std::printf("%s  is not JSON\n", name.c_str());
    return;
  }
  const Said episodes = ask_meridian(programs, work, "normalize", file);
  const Said assessed = ask_meridian(programs, work, "assess", file);
  for (const auto& [id, line] : assessed.lines) {
    const auto found = episodes.lines.find(id);
    const bool known = found != episodes.lines.end();
    print_patient(name, line, known ? found->second["episodes"].size() : 0, totals);
  }
  totals.patients += expected->size();
  for (const auto& id : *expected) {
    const bool kept = assessed.lines.contains(id) && episodes.lines.contains(id);
    if (kept || id.starts_with('#')) continue;
    ++totals.lost;
    std::printf("%s  %s  LOST: nothing is said of this patient\n", name.c_str(), id.c_str());
  }
  if (episodes.status != 0 || assessed.status != 0) {
    std::printf("%s  normalize ended with %d, assess with %d\n", name.c_str(), episodes.status,
                assessed.status);
  }
  if (expected->empty()) std::printf("%s  holds no patient\n", name.c_str());
  std::fflush(stdout);
}

}  // namespace

int assess_folder(const fs::path& folder, const fs::path& programs, const fs::path& work) {
  Totals totals;
  for (const auto& file : files_below(folder)) {
    assess_file(file, fs::relative(file, folder).string(), programs, work, totals);
  }
  std::printf("\n%d files, %d that could not be read; %zu patients, %zu lost\n", totals.files,
              totals.unread, totals.patients, totals.lost);
  for (const auto& [disposition, count] : totals.dispositions) {
    std::printf("%6d  %s\n", count, disposition.c_str());
  }
  return totals.lost == 0 && totals.unread == 0 && totals.files > 0 ? 0 : 1;
}

}  // namespace meridian::sandbox
