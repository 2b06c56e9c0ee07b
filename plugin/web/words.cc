// SPDX-License-Identifier: Apache-2.0
#include "web/words.h"

#include <cstdlib>

#include <rapidjson/document.h>

#include "http/uri.h"

namespace meridian::web {

namespace {

std::string trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return std::string(text);
}

/// "q=0.5" of a language range; 1 when it says none.
double weight_of(std::string_view parameters) {
  const auto at = parameters.find("q=");
  if (at == std::string_view::npos) return 1;
  return std::strtod(std::string(parameters.substr(at + 2, 5)).c_str(), nullptr);
}

}  // namespace

std::string_view tag_of(Language language) {
  return language == Language::es ? "es" : "en";
}

Language language_of(const http::Request& request) {
  auto rest = request.header("Accept-Language");
  Language best = Language::en;
  double weight = 0;
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    const auto range = rest.substr(0, comma);
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    const auto semicolon = range.find(';');
    const auto tag = trimmed(range.substr(0, semicolon));
    const auto said =
        weight_of(semicolon == std::string_view::npos ? "" : range.substr(semicolon + 1));
    for (const auto language : languages) {
      if (said > weight && http::same_token(tag.substr(0, tag.find('-')), tag_of(language))) {
        best = language;
        weight = said;
      }
    }
  }
  return best;
}

Words::Words(std::string_view json) {
  rapidjson::Document document;
  document.Parse(json.data(), json.size());
  if (document.HasParseError() || !document.IsObject()) return;
  for (const auto& member : document.GetObject()) {
    auto& texts = texts_[member.name.GetString()];
    for (const auto language : languages) {
      const auto text = member.value.FindMember(std::string(tag_of(language)).c_str());
      if (text != member.value.MemberEnd() && text->value.IsString()) {
        texts[static_cast<std::size_t>(language)] = text->value.GetString();
      }
    }
  }
}

std::string Words::say(Language language, std::string_view key,
                       std::initializer_list<std::string_view> put) const {
  const auto found = texts_.find(key);
  if (found == texts_.end()) return std::string(key);
  const auto& text = found->second[static_cast<std::size_t>(language)];
  std::string said;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool place = text[i] == '{' && i + 2 < text.size() && text[i + 2] == '}';
    const auto number = place ? static_cast<std::size_t>(text[i + 1] - '0') : put.size();
    if (number < put.size()) {
      said += put.begin()[number];
      i += 2;
    } else {
      said += text[i];
    }
  }
  return said;
}

}  // namespace meridian::web
