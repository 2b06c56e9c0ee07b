// SPDX-License-Identifier: Apache-2.0
#include "knowledge/misspellings.h"

#include <algorithm>

namespace meridian {
namespace {

constexpr std::size_t long_word = 8;  ///< letters: a shorter one is too close to other words
constexpr std::size_t half_word = 2;  ///< letters at the least on either side of a space

bool is_plain(std::string_view word) {
  return std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

/// One slip at each inner letter.
std::vector<std::string> slips_of(const std::string& word) {
  std::vector<std::string> slips;
  for (std::size_t at = 1; at + 1 < word.size(); ++at) {
    slips.push_back(word.substr(0, at) + word.substr(at + 1));
    slips.push_back(word.substr(0, at) + word[at] + word.substr(at));
    auto turned = word;
    if (at + 2 < word.size()) std::swap(turned[at], turned[at + 1]);
    slips.push_back(std::move(turned));
  }
  return slips;
}

/// The word with a space in it.
std::vector<std::pair<std::string, std::string>> parts_of(const std::string& word) {
  std::vector<std::pair<std::string, std::string>> parts;
  for (std::size_t at = half_word; at + half_word <= word.size(); ++at) {
    parts.emplace_back(word.substr(0, at), word.substr(at));
  }
  return parts;
}

}  // namespace

void Misspellings::learn(std::string_view phrase) {
  std::string_view before;
  for (std::size_t begin = 0; begin < phrase.size();) {
    const auto end = std::min(phrase.find(' ', begin), phrase.size());
    auto word = phrase.substr(begin, end - begin);
    begin = end + 1;
    if (word.ends_with('?')) word.remove_suffix(1);
    const bool open = word.ends_with('*');
    if (open) word.remove_suffix(1);
    const bool plain = !word.empty() && is_plain(word);
    if (plain && !before.empty()) pairs_.insert(std::string(before).append(1, ' ').append(word));
    before = plain && !open ? word : std::string_view();
    if (plain) (open ? beginnings_ : words_).emplace(word);
  }
}

bool Misspellings::is_known(const std::string& word) const {
  if (words_.contains(word)) return true;
  for (std::size_t size = 1; size <= word.size(); ++size) {
    if (beginnings_.contains(word.substr(0, size))) return true;
  }
  return false;
}

void Misspellings::add_to(std::unordered_map<std::string, std::string>& spelling) const {
  std::unordered_map<std::string, const std::string*> found;  // null: could be two words
  for (const auto& word : words_) {
    if (word.size() < long_word) continue;
    for (auto& slip : slips_of(word)) {
      const auto [known, fresh] = found.emplace(std::move(slip), &word);
      if (!fresh && known->second != &word) known->second = nullptr;
    }
    for (const auto& [begin, end] : parts_of(word)) {
      const bool short_half = std::min(begin.size(), end.size()) == half_word;
      const bool words = short_half && (is_known(begin) && is_known(end));
      auto halves = begin + ' ' + end;
      if (!words && !pairs_.contains(halves)) spelling.emplace(std::move(halves), word);
    }
  }
  for (const auto& [slip, word] : found) {
    if (word != nullptr && !is_known(slip)) spelling.emplace(slip, *word);
  }
}

}  // namespace meridian
