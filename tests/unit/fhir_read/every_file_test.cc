// SPDX-License-Identifier: Apache-2.0
// Nothing is lost: every known entry of every file under the test data becomes a record, or an
// issue of severity error stands at its path.
#include <algorithm>
#include <set>

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "fhir/read/records.h"
#include "fhir/write/records_json.h"
#include "unit/fhir_read/read_json.h"

namespace meridian {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> json_files(const std::string& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(test_data() / folder)) {
    const auto extension = entry.path().extension();
    if (entry.is_regular_file() && (extension == ".json" || extension == ".jsonl")) {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// The types that the model has a record for; written out here so that the reader cannot forget
/// one without a test noticing.
const std::set<std::string> known_types{"AllergyIntolerance",
                                        "Appointment",
                                        "Communication",
                                        "Condition",
                                        "Consent",
                                        "Coverage",
                                        "DiagnosticReport",
                                        "AdverseEvent",
                                        "DocumentReference",
                                        "Encounter",
                                        "Endpoint",
                                        "HealthcareService",
                                        "ImagingStudy",
                                        "Location",
                                        "Observation",
                                        "MedicationRequest",
                                        "MedicationStatement",
                                        "Organization",
                                        "Patient",
                                        "Practitioner",
                                        "PractitionerRole",
                                        "Procedure",
                                        "ServiceRequest",
                                        "Task",
                                        "QuestionnaireResponse"};

struct Known {
  std::string type;
  std::string id;  ///< empty when it has none
  std::string path;
};

void collect(const rapidjson::Value& resource, const std::string& path, std::vector<Known>& into) {
  if (!resource.IsObject() || !resource.HasMember("resourceType")) return;
  if (!resource["resourceType"].IsString()) return;
  const std::string type = resource["resourceType"].GetString();
  const bool named = resource.HasMember("id") && resource["id"].IsString();
  const std::string id = named ? resource["id"].GetString() : "";
  if (known_types.contains(type)) into.push_back({type, id, path});
  if (type != "Bundle" || !resource.HasMember("entry") || !resource["entry"].IsArray()) return;
  int index = 0;
  for (const auto& entry : resource["entry"].GetArray()) {
    const auto at = path + ".entry[" + std::to_string(index++) + "].resource";
    if (entry.IsObject() && entry.HasMember("resource")) collect(entry["resource"], at, into);
  }
}

std::vector<Known> known_entries(const std::string& text) {
  rapidjson::Document document;
  // Iterative: some of the malformed files are nested 100,000 deep.
  document.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
  std::vector<Known> known;
  if (document.HasParseError() || !document.IsObject()) return known;
  const auto type = document.FindMember("resourceType");
  if (type == document.MemberEnd() || !type->value.IsString()) return known;
  collect(document, type->value.GetString(), known);
  return known;
}

/// What happened to each known entry; empty when all are accounted for.
std::string unaccounted(const std::vector<Known>& known, RecordSet& set) {
  std::set<std::string> paths;
  fhir_read::for_each_record(set, [&](const Record& r) { paths.insert(r.provenance.path); });
  std::set<std::string> studies;  // some became part of a report
  for (const auto& span : set.resources) {
    if (span.type == "ImagingStudy" && span.mapped) studies.insert(span.id);
  }
  for (const auto& entry : known) {
    const bool refused = std::any_of(set.issues.begin(), set.issues.end(), [&](const Issue& i) {
      return i.severity >= Severity::error && i.path.starts_with(entry.path);
    });
    const bool is_study = entry.type == "ImagingStudy" && studies.contains(entry.id);
    if (!paths.contains(entry.path) && !is_study && !refused) {
      return entry.type + " at " + entry.path + " is neither a record nor refused";
    }
  }
  return "";
}

/// A file that is a list of JSON texts, one per line, or one JSON text.
std::vector<std::string> texts_of(const fs::path& file) {
  const auto whole = content(file);
  if (file.extension() != ".jsonl") return {whole};
  std::vector<std::string> lines;
  std::istringstream stream(whole);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

void check_text(const std::string& text, const fs::path& file, std::size_t& entries) {
  const auto known = known_entries(text);
  auto set = read_fhir(text);
  if (!set) {
    EXPECT_TRUE(known.empty()) << file << ": " << set.error().what.view();
    return;
  }
  EXPECT_EQ(unaccounted(known, *set), "") << file;
  entries += known.size();
  for (const auto& span : set->resources) {
    const auto bytes = std::string_view(text).substr(span.offset, span.size);
    EXPECT_TRUE(bytes.starts_with('{') && bytes.ends_with('}'))
        << file << " " << span.type << '/' << span.id;
  }
}

/// The text without the white space between its tokens, or with a space after each comma and colon.
std::string written_with(const std::string& text, std::string_view after_separator) {
  std::string out;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (!quoted && (c == ' ' || c == '\n' || c == '\r' || c == '\t')) continue;
    out.push_back(c);
    if (quoted && c == '\\' && i + 1 < text.size()) out.push_back(text[++i]);
    if (c == '"') quoted = !quoted;
    if (!quoted && (c == ',' || c == ':')) out += after_separator;
  }
  return out;
}

/// What was read, as text; without what follows from the bytes: offsets, and ids made up of them.
std::string read_as_text(const std::string& text) {
  const auto set = read_fhir(text);
  if (!set) return std::string(set.error().what.view());
  for (const auto& span : set->resources) {
    if (span.id.starts_with('~')) return std::to_string(set->issues.size()) + " issues";
  }
  std::string out = fhir::collection_json(*set);
  for (const auto& span : set->resources) out += span.type + '/' + span.id + '\n';
  for (const auto& issue : set->issues) {
    const bool offset = issue.text.find("at byte") != std::string::npos;
    out += issue.path + ": " + (offset ? "" : issue.text) + '\n';
  }
  return out;
}

class EveryFile : public testing::TestWithParam<const char*> {};

TEST_P(EveryFile, EndsInARecordOrAnIssuePerKnownEntry) {
  if (!fs::exists(test_data() / GetParam())) GTEST_SKIP() << "no " << test_data() / GetParam();
  std::size_t entries = 0;
  for (const auto& file : json_files(GetParam())) {
    for (const auto& text : texts_of(file)) check_text(text, file, entries);
  }
  RecordProperty("known_entries", static_cast<int>(entries));
}

TEST_P(EveryFile, SaysTheSameWithAndWithoutWhiteSpace) {
  if (!fs::exists(test_data() / GetParam())) GTEST_SKIP() << "no " << test_data() / GetParam();
  for (const auto& file : json_files(GetParam())) {
    if (file.string().find("test_parsing") != std::string::npos) continue;  // white space matters
    for (const auto& text : texts_of(file)) {
      EXPECT_EQ(read_as_text(written_with(text, "")), read_as_text(written_with(text, " ")))
          << file;
    }
  }
}

/// JSONTestSuite says what is JSON (y_) and what is not (n_); none of it is FHIR.
TEST(JsonTestSuite, RefusesWhatIsNoJsonAndCallsTheRestNoFhir) {
  const auto folder = test_data() / "malformed/json/test_parsing";
  if (!fs::exists(folder)) GTEST_SKIP() << "no " << folder;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const auto name = entry.path().filename().string();
    const auto set = read_fhir(content(entry.path()));
    if (name.starts_with("n_")) {
      EXPECT_TRUE(!set || has_errors(set->issues)) << name;
    }
    if (!name.starts_with("y_")) continue;
    ASSERT_TRUE(set) << name << ": " << set.error().what.view();
    ASSERT_EQ(set->issues.size(), 1u) << name << "\n" << listing(*set);
    EXPECT_EQ(set->issues[0].text, "no resourceType: not a FHIR resource") << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Folder, EveryFile,
                         testing::Values("synthea", "spine", "uscore", "r4-spec", "cerner", "bser",
                                         "sdoh-cc", "cow", "davinci-crd", "stu3", "malformed",
                                         "bars", "hl7v2"),
                         [](const auto& instance) {
                           std::string name = instance.param;
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace meridian
