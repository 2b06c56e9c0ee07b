// SPDX-License-Identifier: Apache-2.0
// The text of a report as words, sentences and sections.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/imaging_vocabulary.h"
#include "pathway/imaging/levels.h"

namespace meridian::imaging {

/// A word in lower case, a punctuation mark, or a level ("@" with its vertebrae).
struct Word {
  std::string text;
  std::size_t begin = 0;  ///< bytes of the report: [begin, end)
  std::size_t end = 0;
  Row row;               ///< vertebrae of a level
  bool capital = false;  ///< begins with a capital letter, a digit or a level
  bool starts_line = false;
  int blank_lines = 0;  ///< empty lines before it
};

/// Words [begin, end) that are one statement.
struct Sentence {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string section;  ///< findings, impression, addendum, recommendation, history, comparison,
                        ///< technique, exam
  int paragraph = 0;    ///< sentences that belong to one line or item
  bool after_blank = false;
};

struct ReportText {
  std::vector<Word> words;
  std::vector<PhraseMark> marks;  ///< of all phrases, by first word
  std::vector<Sentence> sentences;
};

/// Pure. A text without headers is all findings. Offsets are bytes of `text`.
ReportText read_text(std::string_view text, const ImagingVocabulary& vocabulary);

}  // namespace meridian::imaging
