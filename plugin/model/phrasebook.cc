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

std::size_t Phrasebook::term_of(std::string_view name, std::vector<Choice> choices) {
  term_names_.emplace(name, terms_.size());
  for (std::size_t i = 0; i < choices.size(); ++i) {
    const auto& first = choices[i].front();
    auto& list = first.ends_with('*') ? by_letter_[first.front()] : by_word_[first];
    list.push_back({terms_.size(), i});
  }
  terms_.push_back({std::move(choices), {}});
  return terms_.size() - 1;
}

std::string Phrasebook::add_term(std::string_view word, const WordClasses& classes, Part& part) {
  const bool braced = word.front() == '{';
  if (word.size() > 1 && word.back() == '?') {
    part.optional = true;
    word.remove_suffix(1);
  } else if (braced && word.back() == '*') {
    part.repeated = true;
    word.remove_suffix(1);
  }
  if (const auto met = term_names_.find(std::string(word)); met != term_names_.end()) {
    part.term = met->second;
    return {};
  }
  if (!braced) {
    part.term = term_of(word, {{std::string(word)}});
    return {};
  }
  const auto known = classes.find(word.substr(1, word.size() - 2));
  if (word.back() != '}' || known == classes.end()) {
    return "no class of words " + std::string(word);
  }
  std::vector<Choice> choices;
  for (const auto& member : known->second) choices.push_back(split(member));
  part.term = term_of(word, std::move(choices));
  return {};
}

std::string Phrasebook::parse(std::string_view phrase, const WordClasses& classes,
                              std::vector<Part>& parts) {
  for (const auto& word : split(phrase)) {
    Part part;
    if (word.front() == '~') {
      const bool digit = word.size() == 2 && word[1] >= '1' && word[1] <= '9';
      if (!digit) return "a gap is ~1 to ~9, not " + word;
      part.gap = static_cast<std::size_t>(word[1] - '0');
    } else {
      auto wrong = add_term(word, classes, part);
      if (!wrong.empty()) return wrong;
    }
    parts.push_back(part);
  }
  const bool fixed =
      !parts.empty() && parts.front().term && !parts.front().optional && !parts.front().repeated;
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
  terms_[*added.parts.front().term].phrases.push_back(phrases_.size());
  phrases_.push_back(std::move(added));
  return wrong;
}

bool Phrasebook::stops(std::string_view word) const {
  return std::find(stops_.begin(), stops_.end(), word) != stops_.end();
}

void Phrasebook::find_at(std::size_t at, const std::vector<Entry>& entries, Found& found) const {
  for (const auto& entry : entries) {
    const auto length = length_of(terms_[entry.term].choices[entry.choice], at, found.words);
    if (length == 0) continue;
    found.hits[at].push_back({entry.term, length});
    found.terms[entry.term] = true;
  }
}

Phrasebook::Found Phrasebook::find(const std::vector<std::string_view>& words) const {
  Found found{words, {}, {}};
  found.hits.resize(words.size() + 1);
  found.terms.resize(terms_.size());
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (words[at].empty()) continue;
    const auto exact = by_word_.find(std::string(words[at]));
    if (exact != by_word_.end()) find_at(at, exact->second, found);
    const auto prefix = by_letter_.find(words[at].front());
    if (prefix != by_letter_.end()) find_at(at, prefix->second, found);
  }
  return found;
}

/// Every term that the phrase cannot do without stands somewhere: most have one that does not.
bool Phrasebook::possible(const Phrase& phrase, const Found& found) const {
  return std::all_of(phrase.parts.begin(), phrase.parts.end(), [&](const Part& part) {
    return !part.term || part.optional || part.repeated || found.terms[*part.term];
  });
}

Phrasebook::Reading Phrasebook::read(const Phrase& phrase, std::size_t part, std::size_t at,
                                     const Found& found) const {
  if (part == phrase.parts.size()) return {at, false};
  const auto& here = phrase.parts[part];
  const auto& words = found.words;
  Reading best;
  const auto take = [&](Reading reading, bool listed) {
    if (reading.end > best.end) best = {reading.end, reading.listed || listed};
  };
  if (!here.term) {
    for (std::size_t skip = 0; skip <= here.gap && at + skip <= words.size(); ++skip) {
      const auto reading = read(phrase, part + 1, at + skip, found);
      if (reading.end > 0) return reading;  // the nearest one is meant
      if (at + skip < words.size() && stops(words[at + skip])) break;
    }
    return {};
  }
  if (here.optional || here.repeated) take(read(phrase, part + 1, at, found), false);
  for (const auto& hit : found.hits[at]) {
    if (hit.term != *here.term) continue;
    const auto next = here.repeated ? part : part + 1;
    take(read(phrase, next, at + hit.words, found), here.repeated);
  }
  return best;
}

std::vector<PhraseMark> Phrasebook::marks(const std::vector<std::string_view>& words) const {
  const auto found = find(words);
  std::vector<bool> begun(phrases_.size());
  std::vector<std::size_t> candidates;
  std::vector<PhraseMark> marks;
  for (std::size_t at = 0; at < words.size(); ++at) {
    candidates.clear();
    for (const auto& hit : found.hits[at]) {
      for (const auto phrase : terms_[hit.term].phrases) {
        if (begun[phrase] || !possible(phrases_[phrase], found)) continue;
        begun[phrase] = true;  // a class may have two members here
        candidates.push_back(phrase);
      }
    }
    std::sort(candidates.begin(), candidates.end());
    for (const auto candidate : candidates) {
      begun[candidate] = false;
      const auto reading = read(phrases_[candidate], 0, at, found);
      if (reading.end == 0) continue;
      marks.push_back({phrases_[candidate].tag, at, reading.end, reading.listed});
    }
  }
  return marks;
}

}  // namespace meridian
