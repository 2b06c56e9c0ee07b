// SPDX-License-Identifier: Apache-2.0
// What a sentence says of what was told before it, without naming it again.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pathway/imaging/statement.h"

namespace meridian::imaging {

/// Keeps what the sentences before told. Refers to `text` and `vocabulary`, which must outlive it.
class ToldBefore {
 public:
  ToldBefore(const ReportText& text, const ImagingVocabulary& vocabulary)
      : text_(text), vocabulary_(vocabulary) {}

  /// The findings that this sentence adds to those it names: "None at L2-L3.", "Moderate at
  /// L4-L5.", "T9 is old.", or a line of levels below "Disc bulges at:". Each sentence once, in
  /// their order.
  std::vector<Mention> continued_by(const Sentence& sentence, const Statement& statement);
  /// "No new lesion. The T9 one has grown.": serious kinds denied by the sentence before, of which
  /// this one says something. To be asked before `continued_by`.
  std::vector<std::size_t> reopened_by(const Statement& statement) const;

 private:
  const Mention* denied_at(const std::vector<Place>& places) const;
  std::vector<Mention> denied(const Statement& statement);
  std::vector<Mention> affirmed(const Sentence& sentence, const Statement& statement) const;
  std::vector<Mention> told_again(const Statement& statement, Mention last) const;
  bool may_age(const Mention& mention) const;
  void keep_aging(const Sentence& sentence, const Statement& statement);
  std::vector<Mention> dated_again(const Statement& statement) const;
  std::vector<Mention> heads_list(const Sentence& sentence, const Statement& statement) const;
  std::vector<Mention> named_now(const Statement& statement) const;
  void keep_unnamed(const Statement& statement);

  const ReportText& text_;
  const ImagingVocabulary& vocabulary_;
  std::vector<Mention> told_;       ///< by the sentence before
  std::string told_in_;             ///< the section of that sentence
  std::vector<Mention> aging_;      ///< the last that may be old or new, of the same section
  std::vector<Mention> headed_;     ///< by a heading, before lines of their levels
  bool lists_ = false;              ///< by sentences of nothing but a level
  std::vector<Mention> unnamed_;    ///< "uptake in T4": what it is was not said
  std::optional<Mention> of_body_;  ///< the last of a vertebra that is there
};

}  // namespace meridian::imaging
