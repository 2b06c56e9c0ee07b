// SPDX-License-Identifier: Apache-2.0
// Tables in a report: a row of names, and a row for each level.
#pragma once

#include <vector>

#include "pathway/imaging/report_text.h"

namespace meridian::imaging {

/// Words with "|" between cells are put as sentences, each row by itself: of "Level | Disc | Canal"
/// and "L3-4 | bulge | normal" the second becomes "L3-4: Disc: bulge. Canal: normal." A word that
/// is put in has the place of its cell. Bars elsewhere are taken out. Pure.
std::vector<Word> spread_tables(std::vector<Word> words);

}  // namespace meridian::imaging
