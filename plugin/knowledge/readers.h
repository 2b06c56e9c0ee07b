// SPDX-License-Identifier: Apache-2.0
// Readers of one kind of content file each. All faults become issues; none of them throws.
#pragma once

#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "knowledge/json_file.h"
#include "model/field_profile.h"
#include "model/rulebook.h"
#include "model/terminology.h"
#include "model/translated.h"

namespace meridian {

/// What the words of a code may be: by URL of our own code systems.
using OwnCodes = std::unordered_map<std::string, std::set<std::string, std::less<>>>;

/// Codes of one CodeSystem resource.
void read_code_system(const JsonNode& root, OwnCodes& codes);

/// Codes of a CodeSystem with their displays, in its order.
std::vector<Coding> read_codings(const JsonNode& root);

/// Families first (`families` true, all files), then single codes and their words: a code of a
/// family must know it when it is added.
void read_value_set(const JsonNode& root, bool families, Terminology& terminology);

/// Rows of one ConceptMap resource. Targets must be in `codes`; without `codes` they are of code
/// systems that are not loaded (FHIR's own, for the tables of v2/).
void read_concept_map(const JsonNode& root, const OwnCodes* codes, Terminology& terminology);

/// What rules may refer to.
struct RuleScope {
  const Terminology& terminology;
  std::set<std::string, std::less<>> questions;
  std::set<std::string, std::less<>> rules;     ///< ids of red flags and contraindications
  std::set<std::string, std::less<>> findings;  ///< ids of imaging findings
  std::set<std::string, std::less<>> pain_types;
};

void read_book(const JsonNode& root, RuleBook& book);
void read_sources(const JsonNode& root, RuleBook& book);
/// Also fills the questions of the scope, so it comes before the rules that refer to them.
void read_screening(const JsonNode& root, RuleScope& scope, RuleBook& book);
void read_answers(const JsonNode& root, const RuleScope& scope, RuleBook& book);
/// Ids of the rules of an array; the rules themselves may then refer to each other.
void read_rule_ids(const JsonNode& root, std::string_view key, RuleScope& scope);
void read_red_flags(const JsonNode& root, const RuleScope& scope, RuleBook& book);
void read_contraindications(const JsonNode& root, const RuleScope& scope, RuleBook& book);
/// Also fills the findings of the scope.
void read_imaging_findings(const JsonNode& root, RuleScope& scope, RuleBook& book);
void read_imaging_prevalence(const JsonNode& root, const RuleScope& scope, RuleBook& book);
void read_imaging_concordance(const JsonNode& root, RuleBook& book);
/// Questions first: answers may be mapped to them. The rest refers to red flags, so it comes last.
void read_course_questions(const JsonNode& root, RuleScope& scope, RuleBook& book);
void read_course(const JsonNode& root, const RuleScope& scope, RuleBook& book);
void read_coverage(const JsonNode& root, const RuleScope& scope, RuleBook& book);
void read_guidelines(const JsonNode& root, const RuleScope& scope, RuleBook& book);
/// After the questions and the book.
void read_packet(const JsonNode& root, const RuleScope& scope, RuleBook& book);

/// Phrases of one language beside the English ones, each with the same places.
std::vector<Translated> read_words(const JsonNode& root, std::string_view language);

FieldProfile read_field_profile(const JsonNode& root, const Terminology& terminology);

// Checks that several readers share.

/// The file says the format that is expected of it.
void check_format(const JsonNode& root, std::string_view format);
/// A required string that is one of `words`; empty and an issue when it is not.
std::string word_of(const JsonNode& node, std::string_view key,
                    std::initializer_list<std::string_view> words);
/// An array of value set names, each loaded and not empty.
std::vector<std::string> known_sets(const JsonNode& node, std::string_view key,
                                    const Terminology& terminology);
/// An array of kinds of history (see QueryResult::kind).
std::vector<std::string> history_kinds(const JsonNode& node, std::string_view key);
/// `source`, and the further ones in `also`; each must be in sources.json.
std::string known_source(const JsonNode& node, const RuleBook& book);

}  // namespace meridian
