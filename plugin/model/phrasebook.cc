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

bool same(std::string_view pattern, std::string_view word) {
  if (!pattern.ends_with('*')) return pattern == word;
  return word.starts_with(pattern.substr(0, pattern.size() - 1));
}

/// Words of the choice when it stands at `at`, else 0.
std::size_t length_of(const std::vector<std::string>& choice, std::size_t at,
                      const std::vector<std::string_view>& words) {
  if (at + choice.size() > words.size()) return 0;
  for (std::size_t i = 0; i < choice.size(); ++i) {
    if (!same(choice[i], words[at + i])) return 0;
  }
  return choice.size();
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

std::string Phrasebook::parse(std::string_view phrase, const WordClasses& classes,
                              std::vector<Part>& parts) const {
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
        part.choices.push_back({word});
      } else {
        const auto known = classes.find(std::string_view(word).substr(1, word.size() - 2));
        if (word.back() != '}' || known == classes.end()) return "no class of words " + word;
        for (const auto& member : known->second) part.choices.push_back(split(member));
      }
    }
    for (const auto& choice : part.choices) {
      part.letters.set(static_cast<unsigned char>(choice.front().front()));
    }
    parts.push_back(std::move(part));
  }
  const bool fixed = !parts.empty() && !parts.front().choices.empty() && !parts.front().optional &&
                     !parts.front().repeated;
  return fixed ? "" : "a phrase begins with a word or a class of words";
}

std::string Phrasebook::add(std::uint32_t tag, std::string_view phrase,
                            const WordClasses& classes) {
  if (stops_.empty()) {
    if (const auto found = classes.find("stop"); found != classes.end()) stops_ = found->second;
  }
  Phrase added;
  added.tag = tag;
  auto wrong = parse(phrase, classes, added.parts);
  if (!wrong.empty()) return wrong;
  phrases_.push_back(std::move(added));
  index(phrases_.size() - 1);
  return wrong;
}

void Phrasebook::index(std::size_t phrase) {
  for (const auto& choice : phrases_[phrase].parts.front().choices) {
    auto& list = choice.front().ends_with('*') ? by_letter_[choice.front().front()]
                                               : by_word_[choice.front()];
    if (list.empty() || list.back() != phrase) list.push_back(phrase);
  }
}

bool Phrasebook::stops(std::string_view word) const {
  return std::find(stops_.begin(), stops_.end(), word) != stops_.end();
}

Phrasebook::Reading Phrasebook::read(const Phrase& phrase, std::size_t part, std::size_t at,
                                     const std::vector<std::string_view>& words) const {
  if (part == phrase.parts.size()) return {at, false};
  const auto& here = phrase.parts[part];
  Reading best;
  const auto take = [&](Reading reading, bool listed) {
    if (reading.end > best.end) best = {reading.end, reading.listed || listed};
  };
  if (here.choices.empty()) {
    for (std::size_t skip = 0; skip <= here.gap && at + skip <= words.size(); ++skip) {
      const auto reading = read(phrase, part + 1, at + skip, words);
      if (reading.end > 0) return reading;  // the nearest one is meant
      if (at + skip < words.size() && stops(words[at + skip])) break;
    }
    return {};
  }
  if (here.optional || here.repeated) take(read(phrase, part + 1, at, words), false);
  const bool may_begin = at < words.size() && !words[at].empty() &&
                         here.letters[static_cast<unsigned char>(words[at].front())];
  if (!may_begin) return best;  // most do not
  for (const auto& choice : here.choices) {
    if (choice.front().front() != words[at].front()) continue;
    const auto length = length_of(choice, at, words);
    if (length == 0) continue;
    take(read(phrase, here.repeated ? part : part + 1, at + length, words), here.repeated);
  }
  return best;
}

std::vector<PhraseMark> Phrasebook::marks(const std::vector<std::string_view>& words) const {
  std::vector<PhraseMark> found;
  for (std::size_t at = 0; at < words.size(); ++at) {
    const auto consider = [&](const std::vector<std::size_t>& candidates) {
      for (const auto candidate : candidates) {
        const auto reading = read(phrases_[candidate], 0, at, words);
        if (reading.end == 0) continue;
        found.push_back({phrases_[candidate].tag, at, reading.end, reading.listed});
      }
    };
    if (const auto list = by_word_.find(std::string(words[at])); list != by_word_.end()) {
      consider(list->second);
    }
    const auto list = words[at].empty() ? by_letter_.end() : by_letter_.find(words[at].front());
    if (list != by_letter_.end()) consider(list->second);
  }
  return found;
}

}  // namespace meridian
