// SPDX-License-Identifier: Apache-2.0
#include "web/translation.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace meridian::web {
namespace {

using Pieces = std::vector<Translation::Piece>;

// Of a text that somebody made to keep us busy, the rest stays English.
constexpr std::size_t most_looks = 10'000;
constexpr int deepest = 8;  ///< places within places

/// What each part that stays English weighs besides its letters: one is better than two.
constexpr std::size_t weight_of_part = 40;

constexpr std::array<std::string_view, 5> separators = {". ", ": ", "; ", ", ", " "};

/// "history.allergies", "MedicationRequest/warfarin", "c5325166": a name of rules and records.
bool is_name(std::string_view text) {
  if (text.size() < 3 || text.find_first_of(" \"<(") != std::string_view::npos) return false;
  const auto inside = text.substr(1, text.size() - 2);
  const bool reference =
      text.front() >= 'A' && text.front() <= 'Z' && inside.find('/') != std::string_view::npos;
  return reference || inside.find_first_of("._0123456789") != std::string_view::npos;
}

/// Numbers, dates, levels, ids: the same in every language.
bool is_neutral(std::string_view text) {
  return is_name(text) || std::none_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
         });
}

/// "{0}" at that place.
bool is_place(std::string_view text, std::size_t at) {
  return at + 2 < text.size() && text[at] == '{' && text[at + 1] >= '0' && text[at + 1] <= '9' &&
         text[at + 2] == '}';
}

std::vector<std::string> cut_at_places(std::string_view text) {
  std::vector<std::string> parts(1);
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (is_place(text, at)) {
      parts.emplace_back();
      at += 2;
    } else {
      parts.back() += text[at];
    }
  }
  return parts;
}

void append(Pieces& pieces, std::string_view text, bool english) {
  if (text.empty()) return;
  if (!pieces.empty() && pieces.back().english == english) {
    pieces.back().text += text;
  } else {
    pieces.push_back({std::string(text), english});
  }
}

void append(Pieces& pieces, const Pieces& more) {
  for (const auto& piece : more) append(pieces, piece.text, piece.english);
}

/// A way to read a text.
struct Way {
  std::size_t english = 0;  ///< letters and parts that stay so; the fewer, the better
  Pieces pieces;
};

bool is_better(const Way& way, const std::optional<Way>& than) {
  return !than || way.english < than->english;
}

}  // namespace

/// Of one text: finds the way in which the least stays English. Nothing is looked at twice.
class Translation::Reading {
 public:
  explicit Reading(const Translation& translation) : translation_(translation) {}

  /// Phrases one after the other, else the text as it is.
  Way value(std::string_view text) {
    ++depth_;
    auto found = depth_ <= deepest ? series(text) : std::nullopt;
    --depth_;
    const auto as_it_is = text.size() + weight_of_part;
    if (found && found->english < as_it_is) return std::move(*found);
    Way way;
    way.english = as_it_is;
    append(way.pieces, text, true);
    return way;
  }

 private:
  using Key = std::pair<const char*, std::size_t>;

  std::optional<Way> series(std::string_view text) {
    const Key key{text.data(), text.size()};
    const auto known = series_.find(key);
    if (known != series_.end()) return known->second;
    auto best = phrase(text);
    for (std::size_t end = text.size(); end-- > 1 && (!best || best->english > 0);) {
      const auto separator = separator_at(text, end);
      if (separator.empty()) continue;
      auto first = phrase(text.substr(0, end));
      if (!first || !is_better(*first, best)) continue;
      const auto rest = series(text.substr(end + separator.size()));
      if (!rest) continue;
      first->english += rest->english;
      append(first->pieces, separator, false);
      append(first->pieces, rest->pieces);
      if (is_better(*first, best)) best = std::move(first);
    }
    return series_[key] = std::move(best);
  }

  /// A quotation is not cut.
  static std::string_view separator_at(std::string_view text, std::size_t at) {
    if (std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '"') % 2 != 0) {
      return {};
    }
    for (const auto separator : separators) {
      if (text.substr(at, separator.size()) == separator) return separator;
    }
    return {};
  }

  std::optional<Way> phrase(std::string_view text) {
    const Key key{text.data(), text.size()};
    const auto known = phrases_.find(key);
    if (known != phrases_.end()) return known->second;
    if (phrases_.size() >= most_looks) return std::nullopt;
    std::optional<Way> best;
    const auto whole = translation_.whole_.find(text);
    if (whole != translation_.whole_.end()) {
      best = Way{0, {{whole->second, false}}};
    } else if (is_neutral(text)) {
      best = Way{0, {{std::string(text), false}}};
    }
    for (const auto& pattern : translation_.patterns_) {
      if (best && best->english == 0) break;
      auto way = filled(pattern, text);
      if (way && is_better(*way, best)) best = std::move(way);
    }
    return phrases_[key] = std::move(best);
  }

  std::optional<Way> filled(const Pattern& pattern, std::string_view text) {
    const auto& parts = pattern.english;
    if (!text.starts_with(parts.front()) || !text.ends_with(parts.back())) return {};
    std::vector<std::string_view> values;
    auto at = parts.front().size();
    for (std::size_t i = 1; i < parts.size(); ++i) {
      const bool last = i + 1 == parts.size();
      const auto end = last ? text.size() - parts.back().size() : text.find(parts[i], at + 1);
      if (end == std::string_view::npos || end <= at) return {};
      values.push_back(text.substr(at, end - at));
      at = end + parts[i].size();
    }
    auto way = put_together(pattern.other, values);
    // Brackets around what stays English translate nothing.
    if (is_neutral(pattern.other)) way.english += pattern.letters;
    return way;
  }

  Way put_together(std::string_view other, const std::vector<std::string_view>& values) {
    Way way;
    std::size_t done = 0;
    for (std::size_t at = 0; at < other.size(); ++at) {
      if (!is_place(other, at)) continue;
      append(way.pieces, other.substr(done, at - done), false);
      const auto inside = value(values.at(static_cast<std::size_t>(other[at + 1] - '0')));
      way.english += inside.english;
      append(way.pieces, inside.pieces);
      done = at + 3;
    }
    append(way.pieces, other.substr(done), false);
    return way;
  }

  const Translation& translation_;
  int depth_ = 0;
  std::map<Key, std::optional<Way>> series_;
  std::map<Key, std::optional<Way>> phrases_;
};

Translation::Translation(const std::vector<Translated>& phrases) {
  for (const auto& phrase : phrases) {
    auto parts = cut_at_places(phrase.english);
    if (parts.size() == 1) {
      whole_[phrase.english] = phrase.other;
      continue;
    }
    std::size_t letters = 0;
    for (const auto& part : parts) letters += part.size();
    patterns_.push_back({std::move(parts), phrase.other, letters});
  }
  std::stable_sort(patterns_.begin(), patterns_.end(),
                   [](const Pattern& a, const Pattern& b) { return a.letters > b.letters; });
}

Pieces Translation::of(std::string_view english) const {
  return Reading(*this).value(english).pieces;
}

}  // namespace meridian::web
