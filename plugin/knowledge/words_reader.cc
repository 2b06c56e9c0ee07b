// SPDX-License-Identifier: Apache-2.0
// Phrases in another language. The format is described in fhir-profiles/README.md.
#include <set>

#include "knowledge/readers.h"

namespace meridian {
namespace {

/// The digits of {0}, {1} in their order.
std::string places_in(std::string_view text) {
  std::string places;
  for (std::size_t at = 0; at + 2 < text.size(); ++at) {
    const bool is_place =
        text[at] == '{' && text[at + 1] >= '0' && text[at + 1] <= '9' && text[at + 2] == '}';
    if (is_place) places += text[at + 1];
  }
  return places;
}

/// Empty when nothing is wrong.
std::string wrong_places(std::string_view english, std::string_view other) {
  const auto places = places_in(english);
  if (places != std::string_view("0123456789").substr(0, places.size())) {
    return "expected the places {0}, {1} ... of the English phrase in this order, each once";
  }
  const auto there = places_in(other);
  if (std::set<char>(places.begin(), places.end()) != std::set<char>(there.begin(), there.end())) {
    return "expected the places of the English phrase and no others";
  }
  for (std::size_t i = 0; i + 5 < english.size(); ++i) {
    if (english[i + 2] == '}' && english[i + 3] == '{') {
      return "expected words between two places of the English phrase";
    }
  }
  return {};
}

}  // namespace

std::vector<Translated> read_words(const JsonNode& root, std::string_view language) {
  check_format(root, "meridian.words/1");
  root.only({"format", "language", "note", "phrases"});
  root.text("note");
  word_of(root, "language", {language});
  std::vector<Translated> phrases;
  std::set<std::string, std::less<>> known;
  root.member("phrases", [&](const JsonNode& all) {
    all.members([&](const JsonNode& one) {
      const auto english = std::string(one.key());
      if (!known.insert(english).second) {
        return all.fault("duplicate", "this phrase stands twice", english);
      }
      const auto other = std::string(all.text(english));
      if (other.empty()) return;
      const auto wrong = wrong_places(english, other);
      if (!wrong.empty()) return all.fault("value", wrong, english);
      phrases.push_back({english, other});
    });
  });
  return phrases;
}

}  // namespace meridian
