// SPDX-License-Identifier: Apache-2.0
#include "knowledge/knowledge.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/hash.h"
#include "knowledge/content.h"
#include "knowledge/readers.h"

namespace meridian {
namespace {

/// Parsed files by what is in them.
struct Library {
  std::vector<JsonFile> code_systems;
  std::vector<JsonFile> value_sets;
  std::vector<JsonFile> concept_maps;
  std::vector<JsonFile> v2_maps;  ///< tables of HL7 v2, to FHIR's own codes
  std::vector<JsonFile> field_profiles;
  std::map<std::string, JsonFile> rules;  ///< by path
};

void sort_resource(JsonFile file, Library& library, Issues& issues) {
  std::string type;
  file.read(issues, [&](const JsonNode& root) { type = root.text("resourceType"); });
  if (type == "ValueSet") return library.value_sets.push_back(std::move(file));
  if (type == "ConceptMap") return library.concept_maps.push_back(std::move(file));
  if (type == "CodeSystem") return library.code_systems.push_back(std::move(file));
  if (type.empty()) return;
  file.read(issues, [](const JsonNode& root) {
    root.fault("not-supported", "expected ValueSet, ConceptMap or CodeSystem", "resourceType");
  });
}

/// FHIR software of others reads them, we only pass them on.
bool is_for_others(std::string_view path) {
  return path.starts_with("questionnaires/") || path.starts_with("v2/segments/");
}

Library parse(const std::vector<ContentFile>& files, Issues& issues) {
  Library library;
  for (const auto& content : files) {
    if (is_for_others(content.path)) continue;
    auto file = JsonFile::parse(content.path, content.text, issues);
    if (!file) continue;
    if (content.path.starts_with("rules/")) {
      library.rules.emplace(content.path, std::move(*file));
    } else if (content.path.starts_with("field-profiles/")) {
      library.field_profiles.push_back(std::move(*file));
    } else if (content.path.starts_with("v2/")) {
      library.v2_maps.push_back(std::move(*file));
    } else {
      sort_resource(std::move(*file), library, issues);
    }
  }
  return library;
}

Terminology read_terminology(const Library& library, OwnCodes& codes, Issues& issues) {
  Terminology terminology;
  for (const auto& file : library.code_systems) {
    file.read(issues, [&](const JsonNode& root) { read_code_system(root, codes); });
  }
  for (const bool families : {true, false}) {
    for (const auto& file : library.value_sets) {
      file.read(issues, [&](const JsonNode& root) { read_value_set(root, families, terminology); });
    }
  }
  for (const auto& file : library.concept_maps) {
    file.read(issues, [&](const JsonNode& root) { read_concept_map(root, &codes, terminology); });
  }
  for (const auto& file : library.v2_maps) {
    file.read(issues, [&](const JsonNode& root) { read_concept_map(root, nullptr, terminology); });
  }
  return terminology;
}

std::vector<Coding> read_override_reasons(const Library& library, Issues& issues) {
  std::vector<Coding> reasons;
  for (const auto& file : library.code_systems) {
    file.read(issues, [&](const JsonNode& root) {
      if (root.text("url") == "http://meridian-referral.org/fhir/CodeSystem/card-override") {
        reasons = read_codings(root);
      }
    });
  }
  return reasons;
}

/// In the order in which the files refer to each other.
RuleBook read_rules(const Library& library, const Terminology& terminology, const OwnCodes& codes,
                    Issues& issues) {
  RuleBook book;
  RuleScope scope{terminology, {}, {}, {}, {}};
  const auto types = codes.find("http://meridian-referral.org/fhir/CodeSystem/pain-type");
  if (types != codes.end()) scope.pain_types = types->second;
  const auto read = [&](const char* path, const JsonNode::Visit& visit) {
    const auto file = library.rules.find(path);
    if (file != library.rules.end()) return file->second.read(issues, visit);
    issues.push_back({Severity::error, "not-found", path, "the file is missing"});
  };
  read("rules/book.json", [&](const JsonNode& root) { read_book(root, book); });
  read("rules/sources.json", [&](const JsonNode& root) { read_sources(root, book); });
  read("rules/screening.json", [&](const JsonNode& root) { read_screening(root, scope, book); });
  read("rules/course.json",
       [&](const JsonNode& root) { read_course_questions(root, scope, book); });
  read("rules/answers.json", [&](const JsonNode& root) { read_answers(root, scope, book); });
  read("rules/imaging_findings.json",
       [&](const JsonNode& root) { read_imaging_findings(root, scope, book); });
  read("rules/imaging_prevalence.json",
       [&](const JsonNode& root) { read_imaging_prevalence(root, scope, book); });
  read("rules/imaging_concordance.json",
       [&](const JsonNode& root) { read_imaging_concordance(root, book); });
  const auto read_ids = [&](const char* path, std::string_view key) {
    const auto file = library.rules.find(path);
    if (file == library.rules.end()) return;
    file->second.read(issues, [&](const JsonNode& root) { read_rule_ids(root, key, scope); });
  };
  read_ids("rules/red_flags.json", "red_flags");
  read_ids("rules/contraindications.json", "contraindications");
  read("rules/red_flags.json", [&](const JsonNode& root) { read_red_flags(root, scope, book); });
  read("rules/contraindications.json",
       [&](const JsonNode& root) { read_contraindications(root, scope, book); });
  read("rules/coverage.json", [&](const JsonNode& root) { read_coverage(root, scope, book); });
  read("rules/guidelines.json", [&](const JsonNode& root) { read_guidelines(root, scope, book); });
  read("rules/packet.json", [&](const JsonNode& root) { read_packet(root, scope, book); });
  read("rules/course.json", [&](const JsonNode& root) { read_course(root, scope, book); });
  return book;
}

/// A copy of the content that was made before there was such a file has none.
std::vector<Translated> read_spanish(const Library& library, Issues& issues) {
  std::vector<Translated> phrases;
  const auto file = library.rules.find("rules/words_es.json");
  if (file == library.rules.end()) return phrases;
  file->second.read(issues, [&](const JsonNode& root) { phrases = read_words(root, "es"); });
  return phrases;
}

void report_unknown_rules(const Library& library, Issues& issues) {
  constexpr std::array<std::string_view, 14> known = {"rules/book.json",
                                                      "rules/sources.json",
                                                      "rules/screening.json",
                                                      "rules/answers.json",
                                                      "rules/red_flags.json",
                                                      "rules/contraindications.json",
                                                      "rules/coverage.json",
                                                      "rules/guidelines.json",
                                                      "rules/packet.json",
                                                      "rules/course.json",
                                                      "rules/imaging_findings.json",
                                                      "rules/imaging_prevalence.json",
                                                      "rules/imaging_concordance.json",
                                                      "rules/words_es.json"};
  for (const auto& [path, file] : library.rules) {
    if (std::find(known.begin(), known.end(), path) != known.end()) continue;
    issues.push_back({Severity::error, "not-supported", path, "no rule file of this name is read"});
  }
}

/// Value sets and rule ids are read twice, so their faults are found twice.
void add_once(Issues found, Issues& issues) {
  std::set<std::string> seen;
  for (auto& issue : found) {
    if (seen.insert(issue.path + '\n' + issue.text).second) issues.push_back(std::move(issue));
  }
}

std::string digest_of(const std::vector<ContentFile>& files) {
  std::string all;
  for (const auto& file : files) {
    all += file.path + '\n' + std::to_string(file.text.size()) + '\n' + file.text;
  }
  return hex(sha256(all)).substr(0, 16);
}

Result<Knowledge> build(const std::vector<ContentFile>& files, Issues& issues) {
  Issues found;
  const Library library = parse(files, found);
  Knowledge knowledge;
  knowledge.digest = digest_of(files);
  OwnCodes codes;
  knowledge.terminology = read_terminology(library, codes, found);
  knowledge.rules = read_rules(library, knowledge.terminology, codes, found);
  knowledge.spanish = read_spanish(library, found);
  knowledge.override_reasons = read_override_reasons(library, found);
  report_unknown_rules(library, found);
  for (const auto& file : library.field_profiles) {
    file.read(found, [&](const JsonNode& root) {
      auto profile = read_field_profile(root, knowledge.terminology);
      const auto id = profile.id;
      if (!knowledge.field_profiles.emplace(id, std::move(profile)).second) {
        root.fault("duplicate", "another file has this id", "id");
      }
    });
  }
  const bool failed = has_errors(found);
  add_once(std::move(found), issues);
  if (failed)
    return Error{ErrorCode::misconfigured, "knowledge", "the clinical content has errors"};
  return knowledge;
}

}  // namespace

Result<Knowledge> load_knowledge(Issues& issues, Cpt cpt) {
  auto files = embedded_content();
  if (cpt == Cpt::without) {
    std::erase_if(files, [](const ContentFile& file) { return file.path.starts_with("cpt/"); });
  }
  return build(files, issues);
}

Result<Knowledge> load_knowledge(const std::filesystem::path& directory, Issues& issues) {
  Issues found;
  const auto files = directory_content(directory, found);
  const bool unreadable = has_errors(found);
  issues.insert(issues.end(), found.begin(), found.end());
  if (files.empty() && unreadable) {
    return Error{ErrorCode::misconfigured, "knowledge", "the directory cannot be read"};
  }
  auto knowledge = build(files, issues);
  if (unreadable && knowledge) {
    return Error{ErrorCode::misconfigured, "knowledge", "a file cannot be read"};
  }
  return knowledge;
}

}  // namespace meridian
