// SPDX-License-Identifier: Apache-2.0
// Everyday sentences of seven hands, one list by serious kind: those that say it is there are read
// so, those that only name it are not. tests/golden/imaging/said_by_kind; a text a line.
#include <algorithm>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "unit/pathway/imaging_labels.h"
#include "unit/pathway/imaging_reading.h"

namespace meridian::test {
namespace {

/// Kind and text of each line; the kind is empty in a list without kinds.
std::vector<std::pair<std::string, std::string>> lines_of(const std::string& file) {
  std::vector<std::pair<std::string, std::string>> lines;
  std::ifstream list(labelled_set("said_by_kind") + '/' + file);
  for (std::string line; std::getline(list, line);) {
    const auto tab = line.find('\t');
    const bool plain = tab == std::string::npos;
    lines.emplace_back(plain ? "" : line.substr(0, tab), plain ? line : line.substr(tab + 1));
  }
  EXPECT_FALSE(lines.empty()) << file;
  return lines;
}

bool is_read_as_there(const std::string& kind, const std::string& text) {
  const auto findings = imaging::read_report(text, rules().imaging).findings;
  return std::any_of(findings.begin(), findings.end(), [&](const ImagingFinding& each) {
    return each.kind == kind && !each.negated && !each.historical;
  });
}

// The bounds are what is read now, and are not to be raised.

TEST(ImagingSaid, WhatIsSaidToBeThereIsReadSo) {
  std::size_t missed = 0;
  std::size_t nobody = 0;
  for (const auto& [kind, text] : lines_of("said.tsv")) {
    missed += !is_read_as_there(kind, text);
    nobody += !somebody_is_told(text);
  }
  EXPECT_LE(missed, 28U) << "of 2,135";
  EXPECT_LE(nobody, 4U);
}

TEST(ImagingSaid, WhatIsOnlyNamedIsNotReadAsThere) {
  std::size_t wrong = 0;
  for (const auto& [kind, text] : lines_of("not.tsv")) wrong += is_read_as_there(kind, text);
  EXPECT_LE(wrong, 8U) << "of 1,078";
}

TEST(ImagingSaid, HarmlessSentencesTroubleNobody) {
  std::size_t told = 0;
  for (const auto& [kind, text] : lines_of("quiet.txt")) told += somebody_is_told(text);
  EXPECT_LE(told, 4U) << "of 420";
}

}  // namespace
}  // namespace meridian::test
