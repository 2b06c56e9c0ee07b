// SPDX-License-Identifier: Apache-2.0
// The code lists of fhir-profiles in memory: value sets and concept maps.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/values.h"

namespace meridian {

/// The code system of Coding{term_system, normalized_term(words)}: the words of a known code.
inline constexpr std::string_view term_system = "http://meridian-referral.org/fhir/CodeSystem/term";

/// Words made comparable: lower case, no semantic tag "(disorder)", no punctuation, no "of".
std::string normalized_term(std::string_view words);

/// Value sets and concept maps by short name ("type.sciatica", "procedure-category").
/// Built once by knowledge/, then read by any thread.
class Terminology {
 public:
  /// Adds a code to a value set.
  void add(std::string_view value_set, const Coding& coding);
  /// Adds every code of an ICD-10-CM category (three characters: "C50") to a value set.
  /// Precondition: all families are added before the first code.
  void add_family(std::string_view value_set, std::string_view category);
  /// Adds one row of a concept map.
  void add_map(std::string_view map, const Coding& from, std::string_view to);

  /// Names of the value sets that hold the code; ICD-10-CM matches with or without its dot.
  const std::vector<std::string>& value_sets(const Coding& coding) const {
    return value_sets(coding.system, coding.code);
  }
  const std::vector<std::string>& value_sets(std::string_view system, std::string_view code) const;
  bool contains(std::string_view value_set, const Coding& coding) const;
  bool contains(std::string_view value_set, const Concept& coded) const;
  /// True when any of the concepts has a coding in the set.
  bool contains(std::string_view value_set, const std::vector<Concept>& concepts) const;

  std::optional<std::string> translate(std::string_view map, const Coding& coding) const {
    return translate(map, coding.system, coding.code);
  }
  std::optional<std::string> translate(std::string_view map, std::string_view system,
                                       std::string_view code) const;
  /// The first coding that the map knows decides.
  std::optional<std::string> translate(std::string_view map, const Concept& coded) const;
  /// The way back: of the codes of `system` that the map gives this target, the one whose row was
  /// added first.
  std::optional<std::string> code_for(std::string_view map, std::string_view system,
                                      std::string_view target) const;

  bool has_value_set(std::string_view value_set) const;

  /// True when our sets `wide` together hold every code and family that the sets `narrow` of
  /// `other` hold.
  bool covers(const std::vector<std::string>& wide, const Terminology& other,
              const std::vector<std::string>& narrow) const;
  /// True when each row of that map in `other` is in ours, with the same target.
  bool keeps_map(std::string_view map, const Terminology& other) const;

  std::size_t size() const { return sets_of_.size(); }

 private:
  const std::vector<std::string>& sets_with(const std::string& key) const;

  std::unordered_map<std::string, std::vector<std::string>> sets_of_;   ///< "system|code"
  std::unordered_map<std::string, std::string> maps_;                   ///< "map|system|code"
  std::unordered_map<std::string, std::string> first_codes_;            ///< "map|system|target"
  std::unordered_map<std::string, std::vector<std::string>> families_;  ///< ICD-10-CM category
  std::unordered_map<std::string, std::size_t> set_sizes_;
};

}  // namespace meridian
