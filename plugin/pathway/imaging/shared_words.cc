// SPDX-License-Identifier: Apache-2.0
#include "pathway/imaging/shared_words.h"

#include <algorithm>

namespace meridian::imaging {
namespace {

bool names_pair(const PlaceMark& mark) {
  return is_pair(mark.place);
}

}  // namespace

SharedWords::SharedWords(const Scope& scope, const ImagingVocabulary& vocabulary,
                         const Denials& denials)
    : scope_(scope), vocabulary_(vocabulary), denials_(denials) {}

/// Words that two kinds share mean the one whose level it is: "height loss" at L4-L5 is of the
/// disc, at L1 of the vertebra.
bool SharedWords::is_other_kind(const Candidate& candidate, const std::string& level) const {
  if (candidate.denied) return false;
  const auto& all = scope_.candidates();
  const bool shared = std::any_of(all.begin(), all.end(), [&](const Candidate& other) {
    return other.kind != candidate.kind && other.weak && other.begin == candidate.begin;
  });
  if (is_of_root(candidate)) return true;
  const bool of_vertebra = !level.empty() && level.find('-') == std::string::npos;
  if (candidate.weak && kind_of(candidate).levels == "disc" && of_vertebra) return true;
  const bool of_disc = !level.empty() && !of_vertebra;  // "the lesion at L4-L5"
  if (candidate.weak && kind_of(candidate).levels == "vertebra" && of_disc) return true;
  if (!candidate.weak || !shared) return false;
  const bool disc = kind_of(candidate).levels == "disc";
  const bool told = std::any_of(all.begin(), all.end(), [&](const Candidate& other) {
    const bool cause = !disc && other.kind != candidate.kind && kind_of(other).tier == "serious";
    if (cause) return false;  // "replaced by tumour with loss of height"
    const bool lesser = other.weak && !(disc && is_of_bone(other));  // "wedging, with height loss"
    return !lesser && other.begin < candidate.begin && kind_of(other).levels == "vertebra" &&
           (!scope_.ends_between(other.end, candidate.begin) || !denials_.negated(other));
  });
  if (told) return true;                 // "a fracture with height loss" is one finding
  if (!disc && of_discs()) return true;  // "discs L3-S1 dry with loss of height"
  if (disc && of_bodies()) return true;  // "T8 and T9 reduced in height"
  if (level.empty()) {
    return !disc || std::none_of(all.begin(), all.end(), [&](const Candidate& other) {
      return !other.weak && kind_of(other).levels == "disc";
    });
  }
  return disc != (level.find('-') != std::string::npos);
}

/// Its words are those of no disc, either.
bool SharedWords::is_of_bone(const Candidate& candidate) const {
  const auto& all = scope_.candidates();
  return std::none_of(all.begin(), all.end(), [&](const Candidate& other) {
    return other.begin == candidate.begin && kind_of(other).levels == "disc";
  });
}

/// "L5-S1 extrusion with S1 compression": what a disc finding presses on is a root.
bool SharedWords::is_of_root(const Candidate& candidate) const {
  if (!candidate.weak || kind_of(candidate).levels != "vertebra") return false;
  const auto& all = scope_.candidates();
  return std::any_of(all.begin(), all.end(), [&](const Candidate& other) {
    const auto& levels = kind_of(other).levels;
    const bool before = !other.weak && other.end <= candidate.begin && levels != "none" &&
                        levels != "vertebra" && levels != "slip";
    return before && scope_.links(other.end, candidate.begin);
  });
}

/// All levels of the sentence are pairs or ranges, and a disc is spoken of.
bool SharedWords::of_discs() const {
  const auto& all = scope_.candidates();
  const auto& places = scope_.places();
  return !places.empty() && std::all_of(places.begin(), places.end(), names_pair) &&
         std::any_of(all.begin(), all.end(), [&](const Candidate& other) {
           return !other.weak && kind_of(other).levels == "disc";
         });
}

/// All levels of the sentence are single vertebrae, and no disc is spoken of.
bool SharedWords::of_bodies() const {
  const auto& all = scope_.candidates();
  const auto& places = scope_.places();
  const auto of_disc = [](const PlaceMark& mark) { return !mark.foramen && names_pair(mark); };
  return !places.empty() && std::none_of(places.begin(), places.end(), of_disc) &&
         std::none_of(all.begin(), all.end(), [&](const Candidate& other) {
           return !other.weak && kind_of(other).levels == "disc";
         });
}

const ImagingKind& SharedWords::kind_of(const Candidate& candidate) const {
  return vocabulary_.kinds[candidate.kind];
}

}  // namespace meridian::imaging
