// SPDX-License-Identifier: Apache-2.0
// What a coded or worded concept means in the loaded code lists.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/terminology.h"

namespace meridian {

/// Value sets that hold a concept. When no coding is in any set, its words count if they equal a
/// term of a set: nobody may be overlooked because a code is wrong.
struct Meaning {
  std::vector<std::string> sets;
  bool by_words = false;

  bool in(std::string_view value_set) const;
  bool in_any(const std::vector<std::string>& value_sets) const;
  /// A pain type (not the mere "chronic" modifier), pain of the back or pelvis in pregnancy, or one
  /// of the six serious spine groups.
  bool back_pain() const;
};

Meaning meaning_of(const Concept& coded, const Terminology& terminology);

/// True when a concept among them means back pain, by code or by words.
bool any_back_pain(const std::vector<Concept>& concepts, const Terminology& terminology);

/// Target of a concept map by code, else by words (codings' displays, then the text).
std::optional<std::string> mapped(std::string_view map, const Concept& coded,
                                  const Terminology& terminology);

/// lumbar, thoracic, cervical, sacral, multiple or spine, from a code, a level or the words of a
/// known term; nothing when the concept is not known to be of the spine.
std::optional<std::string> region_of(const Concept& coded, const Terminology& terminology);
std::optional<std::string> region_of(const std::vector<Concept>& concepts,
                                     const Terminology& terminology);

/// One region for many: the one they agree on, "multiple", or "spine" when nothing narrower is
/// known. "spine" beside a narrower one is ignored.
std::string joined_region(const std::vector<std::string>& regions);

/// Classes of a medication order (anticoagulant_oral ...), by ingredient code, else by the words of
/// its name; none for inhaled, nasal or topical forms named as such. Sorted.
std::vector<std::string> medication_classes(const Concept& coded, const Terminology& terminology);

/// As meaning_of, and for each class the value set "medication." + class.
Meaning medication_meaning(const Concept& coded, const Terminology& terminology);

/// As meaning_of, and the value set "procedure." + category, which words may give too.
Meaning procedure_meaning(const Concept& code, const Terminology& terminology);

/// Pain types of a concept by its codes alone (concept map "pain-type").
std::vector<std::string> pain_types_of(const Concept& coded, const Terminology& terminology);

/// "category" of a procedure in the episode format, by code or words; nothing when not mapped.
std::optional<std::string> procedure_category(const Concept& code, const Terminology& terminology);

}  // namespace meridian
