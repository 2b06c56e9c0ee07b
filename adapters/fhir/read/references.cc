// SPDX-License-Identifier: Apache-2.0
#include "fhir/read/references.h"

namespace meridian::fhir_read {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// A resource type is a word that begins with a capital.
bool could_be_type(std::string_view word) {
  if (word.size() < 4 || word[0] < 'A' || word[0] > 'Z') return false;
  for (const char c : word) {
    if (!is_letter(c)) return false;
  }
  return true;
}

}  // namespace

std::string_view type_and_id(std::string_view reference) {
  const auto history = reference.find("/_history/");
  auto text = reference.substr(0, history);
  text = text.substr(0, text.find('#'));
  const auto slash = text.rfind('/');
  if (slash == std::string_view::npos || slash + 1 == text.size() || slash == 0) return {};
  if (text.find('?') != std::string_view::npos) return {};
  const auto before = text.rfind('/', slash - 1);
  const auto begin = before == std::string_view::npos ? 0 : before + 1;
  if (!could_be_type(text.substr(begin, slash - begin))) return {};
  return text.substr(begin);
}

}  // namespace meridian::fhir_read
