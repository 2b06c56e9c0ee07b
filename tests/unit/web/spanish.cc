// SPDX-License-Identifier: Apache-2.0
#include "unit/web/spanish.h"

#include <set>

#include "web/operations_look.h"

namespace meridian::test {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

/// Words of three letters and more, in lower case.
std::set<std::string> words_in(const std::string& text) {
  std::set<std::string> words;
  std::string word;
  for (const char c : text + " ") {
    if (is_letter(c)) {
      word += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
      continue;
    }
    if (word.size() > 2) words.insert(word);
    word.clear();
  }
  return words;
}

/// Of an element, what is read out; its name and addresses are not.
std::string said_by(const std::string& tag) {
  std::string text;
  for (const std::string name : {" aria-label=\"", " data-label=\"", " data-live=\"",
                                 " data-old=\"", " title=\"", " placeholder=\""}) {
    const auto at = tag.find(name);
    if (at == std::string::npos) continue;
    const auto begin = at + name.size();
    text += tag.substr(begin, tag.find('"', begin) - begin) + " ";
  }
  return text;
}

/// Text and labels, without what is in elements that are marked as English.
std::string text_of(const std::string& html) {
  std::string text;
  int depth = 0;  // of elements within one that is English
  std::string english;
  for (std::size_t at = html.find("<body"); at < html.size();) {
    if (html[at] != '<') {
      if (depth == 0) text += html[at];
      ++at;
      continue;
    }
    const auto end = html.find('>', at);
    const auto tag = html.substr(at + 1, end - at - 1);
    at = end + 1;
    const auto name = tag.substr(tag.starts_with('/') ? 1 : 0, tag.find(' '));
    if (depth > 0) {
      if (name == english) depth += tag.starts_with('/') ? -1 : 1;
    } else if (tag.find(" lang=\"en\"") != std::string::npos) {
      english = name;
      depth = 1;
    } else {
      text += " " + said_by(tag);
    }
  }
  return text;
}

std::set<std::string> english_only() {
  std::set<std::string> english, spanish;
  for (const auto* words : {&web::operations_words(), &web::told_words()}) {
    for (const auto& [key, texts] : words->texts()) {
      english.merge(words_in(texts[0]));
      spanish.merge(words_in(texts[1]));
    }
  }
  for (const auto& word : spanish) english.erase(word);
  return english;
}

}  // namespace

std::string english_in(const std::string& html) {
  static const auto english = english_only();
  const auto title = html.substr(0, html.find("</title>"));
  std::string found;
  for (const auto& word : words_in(text_of(html) + " " + title.substr(title.rfind('>') + 1))) {
    if (english.contains(word)) found += word + " ";
  }
  return found;
}

}  // namespace meridian::test
