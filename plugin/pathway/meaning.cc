// SPDX-License-Identifier: Apache-2.0
#include "pathway/meaning.h"

#include <algorithm>
#include <array>
#include <set>

namespace meridian {
namespace {

constexpr std::array<std::string_view, 6> serious_spine_sets = {
    "serious.cauda_equina",    "serious.cord_compression_myelopathy",
    "serious.infection_spine", "serious.tumour_spine",
    "serious.fracture",        "serious.spine_trauma"};

/// Codes of pregnancy that say what hurts; contra.pregnancy_back_pain also has some that do not.
constexpr std::string_view pregnancy_pain_set = "coverage.pregnancy_pain";

constexpr std::string_view value_set_system =
    "http://meridian-referral.org/fhir/CodeSystem/value-set";
constexpr std::string_view medication_name_system =
    "http://meridian-referral.org/fhir/CodeSystem/medication-name";

/// The text is not that of a coding, as it mostly is.
bool says_more(const Concept& coded) {
  const auto& codings = coded.codings;
  return !coded.text.empty() &&
         std::none_of(codings.begin(), codings.end(),
                      [&](const Coding& coding) { return coding.display == coded.text; });
}

void add_sets(std::vector<std::string>& into, const std::vector<std::string>& sets) {
  for (const auto& name : sets) {
    if (std::find(into.begin(), into.end(), name) == into.end()) into.push_back(name);
  }
}

void add_classes_by_name(std::set<std::string>& classes, std::string_view name,
                         const Terminology& terminology) {
  const std::string words = normalized_term(name);
  for (std::size_t begin = 0; begin < words.size();) {
    const auto end = std::min(words.find(' ', begin), words.size());
    const auto word = std::string_view(words).substr(begin, end - begin);
    if (auto found = terminology.translate("medication-name", medication_name_system, word)) {
      classes.insert(*found);
    }
    begin = end + 1;
  }
}

}  // namespace

bool Meaning::in(std::string_view value_set) const {
  return std::find(sets.begin(), sets.end(), value_set) != sets.end();
}

bool Meaning::in_any(const std::vector<std::string>& value_sets) const {
  return std::any_of(value_sets.begin(), value_sets.end(),
                     [&](const std::string& name) { return in(name); });
}

bool Meaning::back_pain() const {
  return std::any_of(sets.begin(), sets.end(), [](const std::string& name) {
    if (name.starts_with("type.")) return name != "type.chronic_pain_modifier";
    if (name == pregnancy_pain_set) return true;
    return std::find(serious_spine_sets.begin(), serious_spine_sets.end(), name) !=
           serious_spine_sets.end();
  });
}

Meaning meaning_of(const Concept& coded, const Terminology& terminology) {
  Meaning meaning;
  for (const auto& coding : coded.codings) add_sets(meaning.sets, terminology.value_sets(coding));
  if (!meaning.sets.empty()) return meaning;
  meaning.by_words = true;
  for (const auto& coding : coded.codings) {
    if (!coding.display.empty()) {
      add_sets(meaning.sets, terminology.value_sets(term_system, normalized_term(coding.display)));
    }
  }
  if (says_more(coded)) {
    add_sets(meaning.sets, terminology.value_sets(term_system, normalized_term(coded.text)));
  }
  meaning.by_words = !meaning.sets.empty();
  return meaning;
}

bool any_back_pain(const std::vector<Concept>& concepts, const Terminology& terminology) {
  return std::any_of(concepts.begin(), concepts.end(), [&](const Concept& coded) {
    return meaning_of(coded, terminology).back_pain();
  });
}

std::optional<std::string> mapped(std::string_view map, const Concept& coded,
                                  const Terminology& terminology) {
  if (auto target = terminology.translate(map, coded)) return target;
  const auto by_words = [&](const std::string& words) {
    return terminology.translate(map, term_system, normalized_term(words));
  };
  for (const auto& coding : coded.codings) {
    if (coding.display.empty()) continue;
    if (auto target = by_words(coding.display)) return target;
  }
  if (!says_more(coded)) return std::nullopt;
  return by_words(coded.text);
}

std::optional<std::string> region_of(const Concept& coded, const Terminology& terminology) {
  for (const auto* map : {"body-region", "imaging-region"}) {
    if (auto region = mapped(map, coded, terminology)) return region;
  }
  return std::nullopt;
}

std::optional<std::string> region_of(const std::vector<Concept>& concepts,
                                     const Terminology& terminology) {
  std::vector<std::string> regions;
  for (const auto& coded : concepts) {
    if (auto region = region_of(coded, terminology)) regions.push_back(std::move(*region));
  }
  if (regions.empty()) return std::nullopt;
  return joined_region(regions);
}

std::string joined_region(const std::vector<std::string>& regions) {
  std::string joined = "spine";
  for (const auto& region : regions) {
    if (region == "spine" || region == joined) continue;
    if (joined != "spine") return "multiple";
    joined = region;
  }
  return joined;
}

std::vector<std::string> medication_classes(const Concept& coded, const Terminology& terminology) {
  std::set<std::string> classes;
  for (const auto& coding : coded.codings) {
    if (auto found = terminology.translate("medication-class", coding)) classes.insert(*found);
  }
  const bool by_code = !classes.empty();
  if (!by_code) {
    for (const auto& coding : coded.codings) {
      add_classes_by_name(classes, coding.display, terminology);
    }
    add_classes_by_name(classes, coded.text, terminology);
  }
  if (classes.contains("not_systemic")) return {};
  return {classes.begin(), classes.end()};
}

Meaning medication_meaning(const Concept& coded, const Terminology& terminology) {
  Meaning meaning = meaning_of(coded, terminology);
  for (const auto& name : medication_classes(coded, terminology)) {
    add_sets(meaning.sets, {"medication." + name});
  }
  return meaning;
}

Meaning procedure_meaning(const Concept& code, const Terminology& terminology) {
  Meaning meaning = meaning_of(code, terminology);
  const bool known = !meaning.sets.empty();
  if (const auto category = procedure_category(code, terminology)) {
    add_sets(meaning.sets, {"procedure." + *category});
    meaning.by_words =
        meaning.by_words || (!known && !terminology.translate("procedure-category", code));
  }
  return meaning;
}

std::vector<std::string> pain_types_of(const Concept& coded, const Terminology& terminology) {
  std::set<std::string> types;
  for (const auto& coding : coded.codings) {
    for (const auto& name : terminology.value_sets(coding)) {
      if (auto type = terminology.translate("pain-type", value_set_system, name)) {
        types.insert(*type);
      }
    }
  }
  return {types.begin(), types.end()};
}

std::optional<std::string> procedure_category(const Concept& code, const Terminology& terminology) {
  return mapped("procedure-category", code, terminology);
}

}  // namespace meridian
