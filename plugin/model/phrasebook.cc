// SPDX-License-Identifier: Apache-2.0
#include "model/phrasebook.h"

#include <algorithm>

namespace meridian {
namespace {

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find(' ', begin), text.size());
    if (end > begin) words.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

}  // namespace

std::uint32_t Phrasebook::tag(std::string_view name) {
  return tags_.try_emplace(std::string(name), static_cast<std::uint32_t>(tags_.size()))
      .first->second;
}

std::optional<std::uint32_t> Phrasebook::find_tag(std::string_view name) const {
  const auto found = tags_.find(std::string(name));
  return found == tags_.end() ? std::nullopt : std::optional(found->second);
}

Phrasebook::Number Phrasebook::number_of(const std::string& word) {
  const auto fresh = static_cast<Number>(numbers_.size());
  const auto [known, added] = numbers_.try_emplace(word, fresh);
  if (added && word.ends_with('*')) {
    beginnings_[word.front()].push_back({word.substr(0, word.size() - 1), fresh});
  }
  return known->second;
}

Phrasebook::Choice Phrasebook::choice_of(const std::string& words) {
  Choice choice;
  const auto all = split(words);
  choice.first = number_of(all.front());
  for (std::size_t i = 1; i < all.size(); ++i) choice.rest.push_back(number_of(all[i]));
  return choice;
}

std::string Phrasebook::parse(std::string_view phrase, const WordClasses& classes,
                              std::vector<Part>& parts) {
  for (auto word : split(phrase)) {
    Part part;
    if (word.front() == '~') {
      const bool digit = word.size() == 2 && word[1] >= '1' && word[1] <= '9';
      if (!digit) return "a gap is ~1 to ~9, not " + word;
      part.gap = static_cast<std::size_t>(word[1] - '0');
    } else {
      const bool braced = word.front() == '{';
      if (word.size() > 1 && word.back() == '?') {
        part.optional = true;
        word.pop_back();
      } else if (braced && word.back() == '*') {
        part.repeated = true;
        word.pop_back();
      }
      if (!braced) {
        part.choices.push_back(choice_of(word));
      } else {
        const auto known = classes.find(std::string_view(word).substr(1, word.size() - 2));
        if (word.back() != '}' || known == classes.end()) return "no class of words " + word;
        for (const auto& member : known->second) part.choices.push_back(choice_of(member));
      }
    }
    std::stable_sort(part.choices.begin(), part.choices.end(),
                     [](const Choice& a, const Choice& b) { return a.first < b.first; });
    parts.push_back(std::move(part));
  }
  const bool fixed = !parts.empty() && !parts.front().choices.empty() && !parts.front().optional &&
                     !parts.front().repeated;
  return fixed ? "" : "a phrase begins with a word or a class of words";
}

std::string Phrasebook::add(std::uint32_t tag, std::string_view phrase,
                            const WordClasses& classes) {
  if (stops_.empty()) {
    if (const auto found = classes.find("stop"); found != classes.end()) {
      for (const auto& word : found->second) stops_.push_back(number_of(word));
    }
  }
  Phrase added;
  added.tag = tag;
  auto wrong = parse(phrase, classes, added.parts);
  if (!wrong.empty()) return wrong;
  begun_.resize(numbers_.size());
  for (const auto& choice : added.parts.front().choices) {
    auto& list = begun_[choice.first];
    if (list.empty() || list.back().phrase != phrases_.size()) list.push_back({phrases_.size(), 0});
    list.back().second |= bits_behind(added, choice);
  }
  phrases_.push_back(std::move(added));
  return wrong;
}

/// One of 63 bits; the last one is for any word, and for the end of the text.
std::uint64_t Phrasebook::bit_of(Number number) {
  return std::uint64_t(1) << (number % 63);
}

constexpr std::uint64_t any_word = std::uint64_t(1) << 63;

/// Of the words that may stand behind the first one when it is that of this choice.
std::uint64_t Phrasebook::bits_behind(const Phrase& phrase, const Choice& first) {
  if (!first.rest.empty()) return bit_of(first.rest.front());
  const auto* next = phrase.parts.size() > 1 ? &phrase.parts[1] : nullptr;
  if (next == nullptr || next->choices.empty() || next->optional || next->repeated) return any_word;
  std::uint64_t bits = 0;
  for (const auto& choice : next->choices) bits |= bit_of(choice.first);
  return bits;
}

Phrasebook::Row Phrasebook::row_of(const std::vector<std::string_view>& words) const {
  Row row;
  row.words.reserve(words.size());
  row.fits.reserve(words.size());
  for (const auto word : words) {
    Row::Word seen;
    seen.begin = row.fits.size();
    if (const auto known = numbers_.find(std::string(word)); known != numbers_.end()) {
      row.fits.push_back(known->second);
      seen.known = true;
      seen.stops = std::find(stops_.begin(), stops_.end(), known->second) != stops_.end();
    }
    const auto list = word.empty() ? beginnings_.end() : beginnings_.find(word.front());
    if (list != beginnings_.end()) {
      for (const auto& beginning : list->second) {
        if (word.starts_with(beginning.letters)) row.fits.push_back(beginning.number);
      }
    }
    seen.end = row.fits.size();
    for (auto fit = seen.begin; fit < seen.end; ++fit) seen.bits |= bit_of(row.fits[fit]);
    row.words.push_back(seen);
  }
  return row;
}

/// The choice, whose first word stands at `at`, does so whole.
bool Phrasebook::stands(const Choice& choice, std::size_t at, const Row& row) {
  if (at + choice.rest.size() >= row.words.size()) return false;
  for (const auto number : choice.rest) {
    const auto& word = row.words[++at];
    const auto first = row.fits.begin() + static_cast<std::ptrdiff_t>(word.begin);
    const auto last = row.fits.begin() + static_cast<std::ptrdiff_t>(word.end);
    if (std::find(first, last, number) == last) return false;
  }
  return true;
}

Phrasebook::Reading Phrasebook::read(const Phrase& phrase, std::size_t part, std::size_t at,
                                     const Row& row) const {
  if (part == phrase.parts.size()) return {at, false};
  const auto& here = phrase.parts[part];
  const auto size = row.words.size();
  Reading best;
  const auto take = [&](Reading reading, bool listed) {
    if (reading.end > best.end) best = {reading.end, reading.listed || listed};
  };
  if (here.choices.empty()) {
    for (std::size_t skip = 0; skip <= here.gap && at + skip <= size; ++skip) {
      const auto reading = read(phrase, part + 1, at + skip, row);
      if (reading.end > 0) return reading;  // the nearest one is meant
      if (at + skip < size && row.words[at + skip].stops) break;
    }
    return {};
  }
  if (here.optional || here.repeated) take(read(phrase, part + 1, at, row), false);
  if (at >= size) return best;
  for (auto fit = row.words[at].begin; fit < row.words[at].end; ++fit) {
    const auto number = row.fits[fit];
    auto choice =
        std::lower_bound(here.choices.begin(), here.choices.end(), number,
                         [](const Choice& each, Number wanted) { return each.first < wanted; });
    for (; choice != here.choices.end() && choice->first == number; ++choice) {
      if (!stands(*choice, at, row)) continue;
      const auto behind = at + 1 + choice->rest.size();
      take(read(phrase, here.repeated ? part : part + 1, behind, row), here.repeated);
    }
  }
  return best;
}

/// Phrases that may begin at the word: those that name it, then those that name its beginning.
std::vector<std::size_t> Phrasebook::begun_at(std::size_t at, const Row& row) const {
  std::vector<std::size_t> phrases;
  const auto& word = row.words[at];
  const auto next = any_word | (at + 1 < row.words.size() ? row.words[at + 1].bits : 0);
  std::size_t named = 0;
  for (auto fit = word.begin; fit < word.end; ++fit) {
    if (row.fits[fit] >= begun_.size()) continue;
    for (const auto& begun : begun_[row.fits[fit]]) {
      if ((begun.second & next) != 0) phrases.push_back(begun.phrase);
    }
    if (word.known && fit == word.begin) named = phrases.size();
  }
  const auto others = phrases.begin() + static_cast<std::ptrdiff_t>(named);
  std::sort(others, phrases.end());
  phrases.erase(std::unique(others, phrases.end()), phrases.end());
  return phrases;
}

std::vector<PhraseMark> Phrasebook::marks(const std::vector<std::string_view>& words) const {
  std::vector<PhraseMark> found;
  const auto row = row_of(words);
  for (std::size_t at = 0; at < words.size(); ++at) {
    for (const auto candidate : begun_at(at, row)) {
      const auto reading = read(phrases_[candidate], 0, at, row);
      if (reading.end == 0) continue;
      found.push_back({phrases_[candidate].tag, at, reading.end, reading.listed});
    }
  }
  return found;
}

}  // namespace meridian
