// SPDX-License-Identifier: Apache-2.0
// Phrases of a report language, and where they stand in a row of words.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace meridian {

/// Sets of words that phrases name: {"disc": ["disc", "disk", "intervertebral disc"]}.
using WordClasses = std::map<std::string, std::vector<std::string>, std::less<>>;

/// Where a phrase stands: words [begin, end).
struct PhraseMark {
  std::uint32_t tag = 0;  ///< what the phrase was added under
  std::size_t begin = 0;
  std::size_t end = 0;
  bool listed = false;  ///< it reaches over other members of a list: "canal and foraminal stenosis"
};

/// Phrases by what they mean. A phrase is words with blanks between them; a word is one of
///
///     disc        the word itself
///     metasta*    any word that begins so
///     {disc}      one member of that class of words
///     {disc}?     the same, or nothing; also behind a plain word
///     {list}*     any number of members of the class, none included; what they pass over stays
///     readable ~3          up to three words of any kind, but none of the class "stop"
///     @           a word that is a spinal level
///
/// Built once by knowledge/, then read by any thread.
class Phrasebook {
 public:
  /// A tag for this name; the same one each time.
  std::uint32_t tag(std::string_view name);
  /// The tag of a name, or nothing when no phrase was added under it.
  std::optional<std::uint32_t> find_tag(std::string_view name) const;

  /// Adds a phrase. Returns what is wrong with it, or an empty text.
  std::string add(std::uint32_t tag, std::string_view phrase, const WordClasses& classes);

  /// Every place of every phrase, by first word and then by tag; of one phrase the longest reading
  /// at a place. Words are lower case; levels are the word "@".
  std::vector<PhraseMark> marks(const std::vector<std::string_view>& words) const;

 private:
  /// Words are compared by number: one for each word that a phrase has, and for each beginning.
  using Number = std::uint32_t;
  struct Choice {
    Number first = 0;
    std::vector<Number> rest;
  };
  struct Part {
    std::vector<Choice> choices;  ///< by first word; empty for a gap
    bool optional = false;
    bool repeated = false;
    std::size_t gap = 0;
  };
  struct Phrase {
    std::uint32_t tag = 0;
    std::vector<Part> parts;
  };
  struct Reading {
    std::size_t end = 0;  ///< 0: none
    bool listed = false;
  };
  struct Beginning {
    std::string letters;
    Number number = 0;
  };
  /// A row of words, each with the numbers that it fits: its own first.
  struct Row {
    struct Word {
      std::size_t begin = 0;  ///< in `fits`
      std::size_t end = 0;
      bool known = false;  ///< the first one is the word itself
      bool stops = false;
      std::uint64_t bits = 0;  ///< of what it fits, see bit_of()
    };
    std::vector<Word> words;
    std::vector<Number> fits;
  };

  Number number_of(const std::string& word);
  Choice choice_of(const std::string& words);
  std::string parse(std::string_view phrase, const WordClasses& classes, std::vector<Part>& parts);
  Row row_of(const std::vector<std::string_view>& words) const;
  Reading read(const Phrase& phrase, std::size_t part, std::size_t at, const Row& row) const;
  static bool stands(const Choice& choice, std::size_t at, const Row& row);
  static std::uint64_t bit_of(Number number);
  static std::uint64_t bits_behind(const Phrase& phrase, const Choice& first);
  std::vector<std::size_t> begun_at(std::size_t at, const Row& row) const;

  std::unordered_map<std::string, std::uint32_t> tags_;
  std::vector<Phrase> phrases_;
  std::unordered_map<std::string, Number> numbers_;  ///< "disc", "metasta*"
  std::unordered_map<char, std::vector<Beginning>> beginnings_;
  /// A phrase, and the bits of what its second word may be: most do not go on as the text does.
  struct Begun {
    std::size_t phrase = 0;
    std::uint64_t second = 0;
  };
  std::vector<std::vector<Begun>> begun_;  ///< by the number of the first word
  std::vector<Number> stops_;
};

}  // namespace meridian
