// SPDX-License-Identifier: Apache-2.0
#include "fhir/client/scopes.h"

#include <algorithm>
#include <optional>
#include <set>

namespace meridian::fhir::wire {
namespace {

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    if (end > 0) out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

struct Scope {
  std::string_view context;  // system, user, patient
  std::string_view resource;
  std::string permissions;  // of c r u d s
};

std::string permissions_of(std::string_view word) {
  if (word == "read") return "rs";
  if (word == "write") return "cud";
  if (word == "*") return "cruds";
  return std::string(word);
}

std::optional<Scope> parse(std::string_view word) {
  const auto slash = word.find('/');
  const auto dot = word.rfind('.');
  if (slash == std::string_view::npos || dot == std::string_view::npos || dot < slash ||
      word.find('?') != std::string_view::npos) {
    return std::nullopt;
  }
  return Scope{word.substr(0, slash), word.substr(slash + 1, dot - slash - 1),
               permissions_of(word.substr(dot + 1))};
}

bool covers(const Scope& granted, const Scope& asked, char permission) {
  return granted.context == asked.context &&
         (granted.resource == "*" || granted.resource == asked.resource) &&
         granted.permissions.find(permission) != std::string::npos;
}

}  // namespace

std::vector<std::string> missing_scopes(std::string_view asked, std::string_view granted) {
  const auto granted_words = words(granted);
  std::vector<std::string> missing;
  for (const auto& word : words(asked)) {
    const auto scope = parse(word);
    const bool literal =
        std::find(granted_words.begin(), granted_words.end(), word) != granted_words.end();
    if (literal) continue;
    // Several grants may cover one scope together: system/Task.r and system/Task.s.
    const bool covered =
        scope && !scope->permissions.empty() &&
        std::all_of(scope->permissions.begin(), scope->permissions.end(), [&](char permission) {
          return std::any_of(granted_words.begin(), granted_words.end(), [&](const auto& other) {
            const auto grant = parse(other);
            return grant && covers(*grant, *scope, permission);
          });
        });
    if (!covered) missing.push_back(word);
  }
  return missing;
}

std::string sorted_scopes(std::string_view scopes) {
  const auto list = words(scopes);
  std::string out;
  for (const auto& word : std::set<std::string>(list.begin(), list.end())) {
    if (!out.empty()) out += ' ';
    out += word;
  }
  return out;
}

}  // namespace meridian::fhir::wire
