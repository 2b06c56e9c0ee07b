// SPDX-License-Identifier: Apache-2.0
#include "pathway/imaging/levels.h"

#include <algorithm>
#include <array>

namespace meridian::imaging {
namespace {

struct Region {
  char letter;
  Vertebra first;
  int count;
};

constexpr std::array<Region, 4> regions = {{{'C', 1, 7}, {'T', 8, 12}, {'L', 20, 6}, {'S', 26, 5}}};
constexpr std::size_t most_discs = 6;  ///< more are the whole region: no level
constexpr std::size_t most_vertebrae = 25;
constexpr Vertebra c1 = 1;
constexpr Vertebra t1 = 8;
constexpr Vertebra l5 = 24;
constexpr Vertebra l6 = 25;
constexpr Vertebra s1 = 26;
constexpr Vertebra s5 = 30;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool follow(Vertebra upper, Vertebra lower) {
  return lower == upper + 1 || (upper == l5 && lower == s1);
}

const Region* region_of_letter(char c) {
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (c == 'D') c = 'T';  // dorsal
  for (const auto& region : regions) {
    if (region.letter == c) return &region;
  }
  return nullptr;
}

const Region& region_of_vertebra(Vertebra vertebra) {
  return *std::find_if(regions.rbegin(), regions.rend(),
                       [&](const Region& region) { return region.first <= vertebra; });
}

/// Reads one or two digits at `at` and moves behind them; 0 when there are none or too many.
int number_at(std::string_view text, std::size_t& at) {
  std::size_t end = at;
  while (end < text.size() && is_digit(text[end])) ++end;
  if (end == at || end - at > 2) return 0;
  int number = 0;
  for (; at < end; ++at) number = number * 10 + (text[at] - '0');
  return number;
}

/// "five" of a dictation; 0 without a number.
int spoken_number_at(std::string_view text, std::size_t& at) {
  constexpr std::array<std::string_view, 12> numbers = {"one",  "two", "three",  "four",
                                                        "five", "six", "seven",  "eight",
                                                        "nine", "ten", "eleven", "twelve"};
  std::size_t end = at;
  std::string word;
  while (end < text.size() && is_letter(text[end])) word += static_cast<char>(text[end++] | 0x20);
  const auto found = std::find(numbers.begin(), numbers.end(), word);
  if (found == numbers.end()) return 0;
  at = end;
  return static_cast<int>(found - numbers.begin()) + 1;
}

/// What stands behind it is a unit of what it counts: "5 mm".
bool counts(std::string_view text, std::size_t at) {
  constexpr std::array<std::string_view, 11> units = {
      "mm", "cm", "x", "%", "percent", "deg", "day", "week", "month", "year", "hour"};
  while (at < text.size() && text[at] == ' ') ++at;
  const auto rest = text.substr(at);
  if (rest.size() > 1 && rest[0] == '.' && is_digit(rest[1])) return true;  // "5.5"
  return std::any_of(units.begin(), units.end(), [&](std::string_view unit) {
    const auto same = [](char a, char b) { return a == b || (is_letter(a) && (a | 0x20) == b); };
    const auto word = rest.substr(0, unit.size());
    return std::equal(word.begin(), word.end(), unit.begin(), unit.end(), same);
  });
}

/// Behind a blank, as dictations write it: "L 5", "L five"; 0 without a number.
int parted_number_at(std::string_view text, std::size_t& at) {
  if (at + 1 >= text.size() || text[at] != ' ') return 0;
  std::size_t next = at + 1;
  const int number = is_digit(text[next]) ? number_at(text, next) : spoken_number_at(text, next);
  if (number == 0 || counts(text, next)) return 0;
  at = next;
  return number;
}

std::optional<Vertebra> vertebra_at(std::string_view text, std::size_t& at) {
  std::size_t next = at;
  const auto* region = next < text.size() ? region_of_letter(text[next++]) : nullptr;
  if (region == nullptr) return std::nullopt;
  const bool th = region->letter == 'T' && next < text.size() && (text[next] | 0x20) == 'h';
  if (th) ++next;  // Th12
  const bool parted = next < text.size() && text[next] == ' ';
  const int number = parted ? parted_number_at(text, next) : number_at(text, next);
  if (number < 1 || number > region->count) return std::nullopt;
  at = next;
  return region->first + number - 1;
}

/// "4" behind L3, "1" behind L5 (S1): the letter left out.
std::optional<Vertebra> unlettered(int number, Vertebra before) {
  const auto& region = region_of_vertebra(before);
  const int here = before - region.first + 1;
  if (number > here) {
    return number > region.count ? std::nullopt : std::optional(region.first + number - 1);
  }
  if (number != 1 || here + 1 < region.count) return std::nullopt;
  return before == l5 || before == l6 ? s1 : region.first + region.count;
}

std::optional<Vertebra> short_vertebra_at(std::string_view text, std::size_t& at, Vertebra before) {
  std::size_t next = at;
  const int number = number_at(text, next);
  const bool unit = next < text.size() && is_letter(text[next]);
  const auto vertebra = number < 1 || unit ? std::nullopt : unlettered(number, before);
  if (vertebra) at = next;
  return vertebra;
}

/// "l4 5", "L four five" of a dictation, unless 5 counts something: "L4 5 mm".
std::optional<Vertebra> spoken_vertebra_at(std::string_view text, std::size_t& at,
                                           Vertebra before) {
  std::size_t next = at;
  const int number = parted_number_at(text, next);
  const auto vertebra = number < 1 ? std::nullopt : unlettered(number, before);
  if (!vertebra || !follow(before, *vertebra)) return std::nullopt;
  at = next;
  return vertebra;
}

/// "L45", "T89", "L51": two vertebrae without anything between them.
Row joined_vertebrae_at(std::string_view text, std::size_t& at) {
  if (at + 2 >= text.size()) return {};
  const auto* region = region_of_letter(text[at]);
  if (region == nullptr || !is_digit(text[at + 1]) || !is_digit(text[at + 2])) return {};
  const int upper = text[at + 1] - '0';
  const int lower = text[at + 2] - '0';
  const bool sacral = region->letter == 'L' && upper == 5 && lower == 1;
  const bool next = lower == upper + 1 && upper > 0 && lower <= region->count &&
                    10 * upper + lower > region->count;
  if (!sacral && !next) return {};
  at += 3;
  const auto first = region->first + upper - 1;
  return {first, sacral ? s1 : first + 1};
}

/// Moves behind a hyphen, dash or slash; says whether there was one, and whether blanks around it.
bool skip_joiner(std::string_view text, std::size_t& at, bool& blanks) {
  std::size_t next = at;
  while (next < text.size() && text[next] == ' ') ++next;
  const bool dash =
      text.substr(next, 3) == "\xE2\x80\x93" || text.substr(next, 3) == "\xE2\x80\x94";
  const bool plain = next < text.size() && (text[next] == '-' || text[next] == '/');
  if (!dash && !plain) return false;
  const std::size_t begin = next;
  next += dash ? 3 : 1;
  const std::size_t after = next;
  while (next < text.size() && text[next] == ' ') ++next;
  blanks = begin > at || next > after;
  at = next;
  return true;
}

std::string name_of(Vertebra vertebra) {
  const auto& region = region_of_vertebra(vertebra);
  return region.letter + std::to_string(vertebra - region.first + 1);
}

void add(std::vector<std::string>& names, std::string name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
}

/// Every level from the first to the last vertebra; L6 only when it is an end.
void add_range(std::vector<std::string>& names, Vertebra first, Vertebra last, bool between) {
  Vertebra before = first;
  if (!between) add(names, name_of(first));
  for (Vertebra here = first + 1; here <= last; ++here) {
    if (here == l6 && last != l6) continue;
    add(names, between ? name_of(before) + '-' + name_of(here) : name_of(here));
    before = here;
  }
}

bool is_row_of_neighbours(const Row& row) {
  return std::adjacent_find(row.begin(), row.end(), [](Vertebra upper, Vertebra lower) {
           return !follow(upper, lower);
         }) == row.end();
}

void add_row(std::vector<std::string>& names, const Row& row, bool between) {
  if (row.size() == 1) return add(names, name_of(row.front()));
  if (row.size() == 2 && follow(row.front(), row.back())) {
    return add(names, name_of(row.front()) + '-' + name_of(row.back()));
  }
  if (!between && row.size() > 2 && !is_row_of_neighbours(row)) {  // "fractures T7/T9/L1"
    for (const auto vertebra : row) add(names, name_of(vertebra));
    return;
  }
  add_range(names, row.front(), row.back(), between);
}

}  // namespace

bool is_weighting(Vertebra vertebra) {
  return vertebra == t1 || vertebra == t1 + 1;
}

std::optional<WrittenLevel> level_at(std::string_view text) {
  WrittenLevel level;
  std::size_t at = 0;
  auto vertebra = vertebra_at(text, at);
  if (!vertebra) {
    level.row = joined_vertebrae_at(text, at);
    level.size = at;
    if (level.row.empty()) return std::nullopt;
  }
  while (vertebra) {
    if (!level.row.empty() && *vertebra <= level.row.back()) break;
    level.row.push_back(*vertebra);
    level.size = at;
    bool blanks = false;
    const bool joined = skip_joiner(text, at, blanks);
    const auto before = *vertebra;
    vertebra = vertebra_at(text, at);
    if (!vertebra && joined && !blanks) vertebra = short_vertebra_at(text, at, before);
    if (!vertebra && !joined) vertebra = spoken_vertebra_at(text, at, before);
    if (vertebra && at < text.size() && is_digit(text[at])) vertebra.reset();
  }
  const bool ends =
      level.size == text.size() || (!is_letter(text[level.size]) && !is_digit(text[level.size]));
  return ends ? std::optional(level) : std::nullopt;
}

std::optional<WrittenLevel> next_level_at(std::string_view text, Vertebra before, bool listed) {
  const auto& region = region_of_vertebra(before);
  std::size_t at = 0;
  const int number = number_at(text, at);
  if (number < 1 || number > region.count) return std::nullopt;
  WrittenLevel level{{region.first + number - 1}, at};
  bool blanks = false;
  if (skip_joiner(text, at, blanks) && !blanks) {  // 4-5 behind L3-L4
    const auto lower = short_vertebra_at(text, at, level.row.front());
    if (!lower || !follow(level.row.front(), *lower) || level.row.front() < before) {
      return std::nullopt;
    }
    level.row.push_back(*lower);
    level.size = at;
  } else if (!(follow(before, level.row.front()) || (listed && level.row.front() > before)) ||
             level.row.front() == l6) {  // "T11, 12"
    return std::nullopt;
  }
  const auto rest = text.substr(level.size);
  const bool ends = rest.empty() || (!is_letter(rest[0]) && !is_digit(rest[0]) && rest[0] != '/');
  return ends && !counts(text, level.size) ? std::optional(level) : std::nullopt;
}

std::vector<std::string> names_of(const Place& place, bool between) {
  std::vector<std::string> names;
  const bool whole = place.joined != Joined::listed && place.rows.size() > 1;
  if (whole) {
    const auto first = place.rows.front().front();
    const auto last = place.rows.back().back();
    const bool slips = place.joined == Joined::slip && place.rows.size() % 2 == 0;
    for (std::size_t i = 0; slips && i < place.rows.size(); i += 2) {
      const auto upper = place.rows[i].front();
      const auto lower = place.rows[i + 1].back();
      if (upper < lower) add(names, name_of(upper) + '-' + name_of(lower));
    }
    if (!names.empty()) return names;
    const bool pairs = between || place.rows.front().size() > 1;
    if (first < last) add_range(names, first, last, pairs);
    if (!names.empty()) return names;
  }
  const auto is_single = [](const Row& row) { return row.size() == 1; };
  const bool two =
      place.rows.size() == 2 && std::all_of(place.rows.begin(), place.rows.end(), is_single);
  if (between && two && follow(place.rows.front().front(), place.rows.back().front())) {
    add_row(names, {place.rows.front().front(), place.rows.back().front()}, between);
    return names;
  }
  const bool pairs = between && !std::all_of(place.rows.begin(), place.rows.end(), is_single);
  for (const auto& row : place.rows) {  // "behind the body of L4, from L4-L5": one is of a disc
    if (!pairs || !is_single(row)) add_row(names, row, between);
  }
  return names;
}

bool is_pair(const Place& place) {
  const auto several = [](const Row& row) { return row.size() > 1; };
  return place.joined != Joined::listed ||
         std::any_of(place.rows.begin(), place.rows.end(), several);
}

std::vector<std::string> names_of_kind(const Place& place, const std::string& levels) {
  if (levels == "vertebra" && place.joined == Joined::slip) {  // a defect of L5 beside L5 on S1
    return names_of({{place.rows.front()}, Joined::listed}, false);
  }
  if (levels == "foramen" && place.rows.size() == 1 && place.rows.front().size() == 1) {
    if (auto row = beside_foramen(place.rows.front().front()); !row.empty()) {
      return names_of({{std::move(row)}, Joined::listed}, true);
    }
  }
  auto names = names_of(place, levels != "vertebra");
  // "displaces the root behind the body of L4": of which disc, it does not say
  if (levels == "root" && names.size() == 1 && names.front().find('-') == std::string::npos) {
    return {""};
  }
  const auto most = levels == "vertebra" ? most_vertebrae : most_discs;
  if (names.empty() || names.size() > most) return {""};
  if (levels == "vertebra" && place.sacrum) names.emplace_back();
  return names;
}

bool is_one_disc(const Place& place) {
  return is_pair(place) && names_of(place, true).size() == 1;
}

bool is_disc_named(const Place& place) {
  const auto names = names_of(place, true);
  return names.size() == 1 && names.front().find('-') != std::string::npos;
}

std::string disc_of_slip(Vertebra vertebra, bool slipped_on) {
  const auto row = beside_endplate(vertebra, slipped_on);
  if (row.empty()) return name_of(vertebra);
  return name_of(row.front()) + '-' + name_of(row.back());
}

Row beside_endplate(Vertebra vertebra, bool upper) {
  if (vertebra == (upper ? c1 : s5)) return {};
  if (upper) return {vertebra == s1 ? l5 : vertebra - 1, vertebra};
  return {vertebra, vertebra == l5 ? s1 : vertebra + 1};
}

Row disc_beside(const Place& place, bool above) {
  return above ? beside_endplate(place.rows.front().front(), true)
               : beside_endplate(place.rows.back().back(), false);
}

bool is_sacral(const Place& place) {
  return std::any_of(place.rows.begin(), place.rows.end(),
                     [](const Row& row) { return row.back() >= s1; });
}

Row beside_foramen(Vertebra vertebra) {
  if (vertebra < t1 || vertebra >= s1) return {};
  return {vertebra, vertebra == l5 ? s1 : vertebra + 1};
}

}  // namespace meridian::imaging
