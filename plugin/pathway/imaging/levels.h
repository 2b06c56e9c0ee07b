// SPDX-License-Identifier: Apache-2.0
// Spinal levels as reports write them: L4-5, L5/S1, C3 through C6, L4 on L5, L6.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meridian::imaging {

/// A vertebra by its place from C1 down to S5; L6 of a transitional spine stands before S1.
using Vertebra = int;

/// T1 and T2 are also weightings of an image.
bool is_weighting(Vertebra vertebra);

/// Vertebrae that were written together: one, a pair or a row ("L3-4-5").
using Row = std::vector<Vertebra>;

/// What was read at the begin of a text.
struct WrittenLevel {
  Row row;
  std::size_t size = 0;  ///< bytes
};

/// Nothing when the text does not begin with a level. Upper and lower case are read, hyphen, dash
/// and slash, and the short second half: "L5-1" is L5-S1.
std::optional<WrittenLevel> level_at(std::string_view text);

/// The next of a list, without its letter: "4-5" of "L3-4, 4-5", "12" of "T11, 12". `before` is the
/// last vertebra in front of it; `listed` where its letter was left out, too: "8" of "T5, 6 and 8".
std::optional<WrittenLevel> next_level_at(std::string_view text, Vertebra before,
                                          bool listed = false);

/// How the vertebrae of a sentence belong together.
enum class Joined { listed, range, slip };

/// One place that a sentence names, as rows and how they are joined: "L3-4 and L4-5", "L1 to L3",
/// "L4 on L5".
struct Place {
  std::vector<Row> rows;
  Joined joined = Joined::listed;
  bool sacrum = false;  ///< "L3 and the sacrum": there, too, at no level
};

/// Names as the episode format writes them: L4-L5, L1. `between` is for findings between two
/// vertebrae: "L3 to L5" then is L3-L4 and L4-L5, else L3, L4 and L5.
std::vector<std::string> names_of(const Place& place, bool between);

/// It names what lies between vertebrae: "L4-L5", "L1 to L3", "L4 on L5". Pure.
bool is_pair(const Place& place);

/// The names that a place has for a kind; one empty name for more than can be meant.
std::vector<std::string> names_of_kind(const Place& place, const std::string& levels);

/// It is one disc and names it as such: "L4-L5", "L4 on L5".
bool is_one_disc(const Place& place);

/// "L3 and L4" are one disc for what lies between vertebrae.
bool is_disc_named(const Place& place);

/// The disc below a vertebra that slipped, or above the one it slipped on: L5 is L5-S1, or L4-L5.
std::string disc_of_slip(Vertebra vertebra, bool slipped_on);

/// The vertebrae beside a foramen that is named after the root which leaves there: L5 and S1 for
/// the L5 foramen. Nothing in the neck, where reports number foramina by the lower vertebra and by
/// root.
Row beside_foramen(Vertebra vertebra);

/// The disc above or below a place: L3-L4 above L4-L5.
Row disc_beside(const Place& place, bool above);

/// It names a vertebra of the sacrum.
bool is_sacral(const Place& place);

/// The vertebrae beside an endplate: L3 and L4 for the upper one of L4; nothing above C1, below S5.
Row beside_endplate(Vertebra vertebra, bool upper);

}  // namespace meridian::imaging
