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
constexpr Vertebra t1 = 8;
constexpr Vertebra l5 = 24;
constexpr Vertebra l6 = 25;
constexpr Vertebra s1 = 26;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
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

std::optional<Vertebra> vertebra_at(std::string_view text, std::size_t& at) {
  std::size_t next = at;
  const auto* region = next < text.size() ? region_of_letter(text[next++]) : nullptr;
  if (region == nullptr) return std::nullopt;
  const int number = number_at(text, next);
  if (number < 1 || number > region->count) return std::nullopt;
  at = next;
  return region->first + number - 1;
}

/// "-4" behind L3, "-1" behind L5 (S1): the letter left out.
std::optional<Vertebra> short_vertebra_at(std::string_view text, std::size_t& at, Vertebra before) {
  std::size_t next = at;
  const int number = number_at(text, next);
  const bool unit = next < text.size() && is_letter(text[next]);
  if (number < 1 || unit) return std::nullopt;
  const auto& region = region_of_vertebra(before);
  const int here = before - region.first + 1;
  Vertebra vertebra = region.first + number - 1;
  if (number <= here) {
    if (number != 1 || here + 1 < region.count) return std::nullopt;
    vertebra = before == l5 || before == l6 ? s1 : region.first + region.count;
  } else if (number > region.count) {
    return std::nullopt;
  }
  at = next;
  return vertebra;
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

bool follow(Vertebra upper, Vertebra lower) {
  return lower == upper + 1 || (upper == l5 && lower == s1);
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

void add_row(std::vector<std::string>& names, const Row& row, bool between) {
  if (row.size() == 1) return add(names, name_of(row.front()));
  if (row.size() == 2 && follow(row.front(), row.back())) {
    return add(names, name_of(row.front()) + '-' + name_of(row.back()));
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
  if (!vertebra) return std::nullopt;
  while (vertebra) {
    if (!level.row.empty() && *vertebra <= level.row.back()) break;
    level.row.push_back(*vertebra);
    level.size = at;
    bool blanks = false;
    const bool joined = skip_joiner(text, at, blanks);
    const auto before = *vertebra;
    vertebra = vertebra_at(text, at);
    if (!vertebra && joined && !blanks) vertebra = short_vertebra_at(text, at, before);
    if (vertebra && at < text.size() && is_digit(text[at])) vertebra.reset();
  }
  const bool ends =
      level.size == text.size() || (!is_letter(text[level.size]) && !is_digit(text[level.size]));
  return ends ? std::optional(level) : std::nullopt;
}

std::vector<std::string> names_of(const Place& place, bool between) {
  std::vector<std::string> names;
  const bool whole = place.joined != Joined::listed && place.rows.size() > 1;
  if (whole) {
    const auto first = place.rows.front().front();
    const auto last = place.rows.back().back();
    if (place.joined == Joined::slip && first < last) {
      return {name_of(first) + '-' + name_of(last)};
    }
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
  for (const auto& row : place.rows) add_row(names, row, between);
  return names;
}

}  // namespace meridian::imaging
