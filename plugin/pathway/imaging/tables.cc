// SPDX-License-Identifier: Apache-2.0
#include "pathway/imaging/tables.h"

#include <algorithm>
#include <utility>

namespace meridian::imaging {
namespace {

using Cell = std::vector<Word>;
using Line = std::vector<Cell>;

/// The line's cells; empty ones at either end are the bars of its border.
Line cells_of(const Cell& words) {
  Line cells(1);
  for (const auto& word : words) {
    if (word.text == "|") {
      cells.emplace_back();
    } else {
      cells.back().push_back(word);
    }
  }
  if (cells.size() > 2 && cells.front().empty()) cells.erase(cells.begin());
  if (cells.size() > 2 && cells.back().empty()) cells.pop_back();
  return cells;
}

bool is_level(const Cell& cell) {
  return cell.size() == 1 && !cell.front().row.empty();
}

/// Three cells and more, all of words and none a level, name the columns.
bool names_columns(const Line& cells) {
  return cells.size() > 2 && std::none_of(cells.begin(), cells.end(), [](const Cell& cell) {
           return cell.empty() || is_level(cell);
         });
}

Word mark_behind(const Word& word, const char* text) {
  Word mark;
  mark.text = text;
  mark.begin = mark.end = word.end;
  return mark;
}

void write_row(const Line& names, const Line& cells, std::vector<Word>& words) {
  words.push_back(cells.front().front());
  words.push_back(mark_behind(words.back(), ":"));
  for (std::size_t column = 1; column < cells.size(); ++column) {
    const auto& cell = cells[column];
    if (cell.empty()) continue;
    for (auto name : names[column]) {
      name.begin = name.end = cell.front().begin;
      name.starts_line = false;
      name.blank_lines = 0;
      words.push_back(std::move(name));
    }
    words.push_back(mark_behind(words.back(), ":"));
    words.insert(words.end(), cell.begin(), cell.end());
    words.push_back(mark_behind(words.back(), "."));
  }
}

}  // namespace

std::vector<Word> spread_tables(std::vector<Word> words) {
  const auto is_bar = [](const Word& word) { return word.text == "|"; };
  if (std::none_of(words.begin(), words.end(), is_bar)) return words;
  std::vector<Word> spread;
  Line names;
  for (auto begin = words.begin(); begin != words.end();) {
    const auto end = std::find_if(std::next(begin), words.end(),
                                  [](const Word& word) { return word.starts_line; });
    const Cell line(begin, end);
    const auto cells = cells_of(line);
    if (names_columns(cells)) {
      names = cells;
    } else if (is_level(cells.front()) && cells.size() > 2 && cells.size() <= names.size()) {
      write_row(names, cells, spread);
    } else {
      if (cells.size() == 1) names.clear();
      std::copy_if(line.begin(), line.end(), std::back_inserter(spread), std::not_fn(is_bar));
    }
    begin = end;
  }
  return spread;
}

}  // namespace meridian::imaging
