// SPDX-License-Identifier: Apache-2.0
// What the rules say in English, in the language of the reader.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/translated.h"

namespace meridian::web {

/// Phrases of fhir-profiles/rules/words_es.json. A text is read as phrases one after the other,
/// with what fills their places; so of a rule that a site changed, nothing is said but what it says
/// now. Immutable; any thread.
class Translation {
 public:
  /// A part of a text. `english`: no phrase has it, it is as it was.
  struct Piece {
    std::string text;
    bool english = false;
  };

  /// Without phrases all is English.
  Translation() = default;
  explicit Translation(const std::vector<Translated>& phrases);

  /// The text in pieces that follow each other. Where only a part has no phrase, and it stands in a
  /// place of one that has, the part alone stays English; else all of it. Bounded: a long text is
  /// not looked at in every way.
  std::vector<Piece> of(std::string_view english) const;

 private:
  class Reading;
  /// A phrase with places, cut at them.
  struct Pattern {
    std::vector<std::string> english;  ///< one more than there are places
    std::string other;
    std::size_t letters = 0;  ///< of `english`
  };

  std::map<std::string, std::string, std::less<>> whole_;
  std::vector<Pattern> patterns_;  ///< with the most letters first
};

}  // namespace meridian::web
