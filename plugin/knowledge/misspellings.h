// SPDX-License-Identifier: Apache-2.0
// Words one slip of the keyboard away from those of the imaging vocabulary.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace meridian {

/// Learns the words of all phrases, then says what they look like with a letter left out, doubled
/// or changed places with the next. First and last letter stay, short words are left alone, and
/// what is a word of the vocabulary itself, or could be two of them, is no misspelling: "exiting"
/// is not "existing". Of longer words it knows the two halves, too, that speech recognition makes
/// of them: "osteo myelitis". A letter in place of another is not undone: "injection" is not
/// "infection". Source: Damerau 1964, CACM 7:171 (four in five misspellings are one of these slips
/// or a wrong letter)
class Misspellings {
 public:
  /// The words of a phrase (model/phrasebook.h); classes, gaps and levels in it are passed over.
  void learn(std::string_view phrase);
  /// Adds them; a word that is there already keeps its meaning.
  void add_to(std::unordered_map<std::string, std::string>& spelling) const;

 private:
  bool is_known(const std::string& word) const;

  std::unordered_set<std::string> words_;
  std::unordered_set<std::string> pairs_;       ///< words that stand beside each other
  std::unordered_set<std::string> beginnings_;  ///< of "metasta*"
};

}  // namespace meridian
