// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/dialect_needs.h"

#include <algorithm>
#include <iterator>
#include <set>

namespace meridian::fhir {
namespace {

using Lines = std::set<std::string, std::less<>>;

void add_interactions(const Capabilities& of, Lines& lines) {
  for (const auto& name : of.system_interactions) lines.insert("system " + name);
  for (const auto& [type, said] : of.types) {
    for (const auto& name : said.interactions) lines.insert(type + " " + name);
  }
}

Lines lines_in(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (!line.empty()) lines.emplace(line);
  }
  return lines;
}

std::vector<std::string> without(const Lines& all, const Lines& others) {
  std::vector<std::string> left;
  std::set_difference(all.begin(), all.end(), others.begin(), others.end(),
                      std::back_inserter(left));
  return left;
}

}  // namespace

std::vector<std::string> needs_of(const Dialect& dialect, bool receives) {
  Lines needs = {"Patient read"};
  for (const auto& search : dialect.history) needs.insert(search.type + " search-type");
  for (const auto& watch : dialect.origin_watches) needs.insert(watch.type + " search-type");
  if (receives) {
    for (const auto& watch : dialect.receiver_watches) needs.insert(watch.type + " search-type");
  }
  add_interactions(dialect.expected, needs);
  return {needs.begin(), needs.end()};
}

std::vector<std::string> lacking(const std::vector<std::string>& needs, const Capabilities& said) {
  if (said.says_nothing()) return {};
  Lines there;
  add_interactions(said, there);
  return without({needs.begin(), needs.end()}, there);
}

std::string statement_lines(const Capabilities& said) {
  Lines lines;
  add_interactions(said, lines);
  for (const auto& [type, about] : said.types) {
    if (about.conditional_create) lines.insert(type + " conditional create");
    if (about.conditional_update) lines.insert(type + " conditional update");
  }
  if (!said.fhir_version.empty()) lines.insert("FHIR " + said.fhir_version);
  if (!said.software.empty()) lines.insert("software " + said.software);
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

std::vector<std::string> statement_changes(std::string_view before, std::string_view now) {
  const auto was = lines_in(before);
  const auto is = lines_in(now);
  std::vector<std::string> changes;
  for (const auto& line : without(was, is)) changes.push_back("no longer " + line);
  for (const auto& line : without(is, was)) changes.push_back("now " + line);
  return changes;
}

}  // namespace meridian::fhir
