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
  using Choice = std::vector<std::string>;  ///< of one or more words
  /// A word or a class of words, which many phrases name. Each is looked for once in a text.
  struct Term {
    std::vector<Choice> choices;
    std::vector<std::size_t> phrases;  ///< that begin with it
  };
  struct Part {
    std::optional<std::size_t> term;  ///< nothing for a gap
    bool optional = false;
    bool repeated = false;
    std::size_t gap = 0;
  };
  struct Phrase {
    std::uint32_t tag = 0;
    std::vector<Part> parts;
  };
  /// A choice of a term, found by its first word.
  struct Entry {
    std::size_t term = 0;
    std::size_t choice = 0;
  };
  struct Hit {
    std::size_t term = 0;
    std::size_t words = 0;
  };
  struct Reading {
    std::size_t end = 0;  ///< 0: none
    bool listed = false;
  };
  /// Which terms stand where in one text.
  struct Found {
    const std::vector<std::string_view>& words;
    std::vector<std::vector<Hit>> hits;  ///< by word
    std::vector<bool> terms;             ///< that stand anywhere
  };

  std::string parse(std::string_view phrase, const WordClasses& classes, std::vector<Part>& parts);
  std::string add_term(std::string_view word, const WordClasses& classes, Part& part);
  std::size_t term_of(std::string_view name, std::vector<Choice> choices);
  Found find(const std::vector<std::string_view>& words) const;
  void find_at(std::size_t at, const std::vector<Entry>& entries, Found& found) const;
  bool possible(const Phrase& phrase, const Found& found) const;
  Reading read(const Phrase& phrase, std::size_t part, std::size_t at, const Found& found) const;
  bool stops(std::string_view word) const;

  std::unordered_map<std::string, std::uint32_t> tags_;
  std::vector<Phrase> phrases_;
  std::vector<Term> terms_;
  std::unordered_map<std::string, std::size_t> term_names_;
  std::unordered_map<std::string, std::vector<Entry>> by_word_;
  std::unordered_map<char, std::vector<Entry>> by_letter_;  ///< first words that end in *
  std::vector<std::string> stops_;
};

}  // namespace meridian
