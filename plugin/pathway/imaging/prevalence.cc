// SPDX-License-Identifier: Apache-2.0
#include "pathway/imaging/prevalence.h"

#include <algorithm>

namespace meridian::imaging {
namespace {

struct Share {
  int percent = 0;
  std::string limits;
};

Share share_at(const std::vector<ImagingPrevalence::Row>& rows, int age) {
  if (age <= rows.front().age) {
    return {rows.front().percent, age < rows.front().age ? ", youngest row" : ""};
  }
  if (age >= rows.back().age) {
    return {rows.back().percent, age > rows.back().age ? ", oldest row" : ""};
  }
  const auto above = std::find_if(rows.begin(), rows.end(),
                                  [&](const ImagingPrevalence::Row& row) { return row.age > age; });
  const auto& low = *std::prev(above);
  const auto& high = *above;
  const int years = high.age - low.age;
  const int parts = (high.percent - low.percent) * (age - low.age);
  const int rounded = (2 * parts + (parts < 0 ? -years : years)) / (2 * years);
  return {low.percent + rounded, ""};
}

/// Whether a row that the share rests on has that mark.
bool rests_on(const std::vector<ImagingPrevalence::Row>& rows, int age,
              bool ImagingPrevalence::Row::*mark) {
  const int low = std::max(age - age % 10, rows.front().age);
  const int high = std::min(age % 10 == 0 ? age : low + 10, rows.back().age);
  return std::any_of(rows.begin(), rows.end(), [&](const ImagingPrevalence::Row& row) {
    return row.*mark && (row.age == std::min(low, rows.back().age) || row.age == high);
  });
}

}  // namespace

std::optional<std::string> prevalence_text(const std::string& kind, int age,
                                           const ImagingVocabulary& vocabulary) {
  const auto& list = vocabulary.prevalence;
  const auto found = std::find_if(list.begin(), list.end(),
                                  [&](const ImagingPrevalence& each) { return each.kind == kind; });
  if (found == list.end()) return std::nullopt;
  auto [percent, limits] = share_at(found->rows, age);
  using Row = ImagingPrevalence::Row;
  if (rests_on(found->rows, age, &Row::model)) limits += ", model estimate";
  if (rests_on(found->rows, age, &Row::unverified)) limits += ", figure to be checked";
  return "seen in about " + std::to_string(percent) + " of 100 people aged about " +
         std::to_string(age) + " who have no back pain (Brinjikji 2015" + limits + ")";
}

}  // namespace meridian::imaging
