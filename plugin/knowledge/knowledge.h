// SPDX-License-Identifier: Apache-2.0
// The clinical content of fhir-profiles in memory: code lists, rules and field profiles.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/field_profile.h"
#include "model/issue.h"
#include "model/rulebook.h"
#include "model/terminology.h"
#include "model/translated.h"

namespace meridian {

/// Built once at start, then read by any thread.
struct Knowledge {
  std::string digest;  ///< names exactly this content: 16 hex digits of SHA-256 over its files
  Terminology terminology;
  RuleBook rules;
  std::map<std::string, FieldProfile> field_profiles;  ///< by id
  /// Why a clinician may go on in spite of a card, to choose from: CodeSystem card-override.
  std::vector<Coding> override_reasons;
  /// What rules and pathway say, in Spanish: rules/words_es.json. Empty: it is said in English.
  std::vector<Translated> spanish;
};

enum class Cpt { with, without };

/// The content the program was built with; CPT numbers may be left out, as sites without a licence
/// for them do. Errors: misconfigured when it has an issue of severity error, which a test
/// excludes.
Result<Knowledge> load_knowledge(Issues& issues, Cpt cpt = Cpt::with);

/// The guideline that assessments follow from now on; an empty id keeps the content's default.
/// False, and nothing changed, when the content has none of that id.
bool follow_guideline(std::string_view id, RuleBook& rules);

/// " ACP_2017 WHO_2023 ...": what may be followed.
std::string guideline_names(const RuleBook& rules);

/// A site's content; it replaces all that is built in.
/// `issues` gets every fault with file and JSON path; errors: misconfigured when one is an error.
Result<Knowledge> load_knowledge(const std::filesystem::path& directory, Issues& issues);

}  // namespace meridian
