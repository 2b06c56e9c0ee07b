// SPDX-License-Identifier: Apache-2.0
// Sorts the records of an input by the patient they are about.
#pragma once

#include <vector>

#include "model/episode.h"

namespace meridian {

struct Charts {
  std::vector<Chart> charts;  ///< in the order of first appearance of the patient
  Issues issues;              ///< one for each record that is about nobody or about somebody else
};

/// One chart per patient: the patients of the input first, then patients that are only referred to
/// (their Patient then holds nothing but `ref`). A record belongs to a patient when its subject
/// resolves to that patient by reference, or by an identifier that exactly one patient carries.
/// Of several versions of one record the latest counts.
/// Records about a relative, a group, a device or nobody stay out and give an issue. Practitioners,
/// organisations and places are about no patient: they stay in the input.
/// Pure; any thread.
Charts split_charts(RecordSet records);

}  // namespace meridian
