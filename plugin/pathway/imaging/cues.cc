// SPDX-License-Identifier: Apache-2.0
#include "pathway/imaging/cues.h"

#include <string>

namespace meridian::imaging {

Meanings::Meanings(const ImagingVocabulary& vocabulary) {
  using Type = Meaning::Type;
  for (std::size_t i = 0; i < vocabulary.kinds.size(); ++i) {
    const auto& kind = vocabulary.kinds[i].id;
    learn(vocabulary, "finding:", kind, {Type::finding, i});
    learn(vocabulary, "weak:", kind, {Type::weak, i});
    learn(vocabulary, "clear:", kind, {Type::clear, i});
    learn(vocabulary, "not:", kind, {Type::no_finding, i});
    learn(vocabulary, "serious:", kind, {Type::serious, i});
    learn(vocabulary, "part:", kind, {Type::part, i});
    learn(vocabulary, "change:", kind, {Type::change, i});
    learn(vocabulary, "kept:", kind, {Type::kept, i});
    learn(vocabulary, "when:", kind, {Type::when, i});
    learn(vocabulary, "explained:", kind, {Type::explained, i});
    learn(vocabulary, "graded:", kind, {Type::graded, i});
    learn(vocabulary, "answer:", kind, {Type::answer, i});
    learn(vocabulary, "denied:", kind, {Type::denied, i});
    learn(vocabulary, "plain:", kind, {Type::plain, i});
  }
  for (std::size_t i = 0; i < cue_names.size(); ++i) {
    learn(vocabulary, "cue:", cue_names[i], {Type::cue, i});
  }
  for (std::size_t i = 0; i < vocabulary.places.size(); ++i) {
    learn(vocabulary, "place:", std::to_string(i), {Type::place, i});
  }
  for (std::size_t i = 0; i < side_names.size(); ++i) {
    learn(vocabulary, "side:", side_names[i], {Type::side, i});
  }
}

void Meanings::learn(const ImagingVocabulary& vocabulary, std::string_view prefix,
                     std::string_view name, Meaning meaning) {
  const auto tag = vocabulary.phrases.find_tag(std::string(prefix) + std::string(name));
  if (!tag) return;
  if (by_tag_.size() <= *tag) by_tag_.resize(*tag + 1);
  by_tag_[*tag] = meaning;
}

}  // namespace meridian::imaging
