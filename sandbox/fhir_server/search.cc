// SPDX-License-Identifier: Apache-2.0
#include "fhir_server/search.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "fhir_server/refusal.h"

namespace meridian::sandbox {
namespace {

/// "a,b\,c" to its parts.
std::vector<std::string> split_choices(std::string_view text) {
  std::vector<std::string> out(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      out.back().push_back(text[++i]);
    } else if (text[i] == ',') {
      out.emplace_back();
    } else {
      out.back().push_back(text[i]);
    }
  }
  return out;
}

std::size_t read_count(std::string_view text) {
  std::size_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || end != text.data() + text.size()) {
    throw Refusal(400, "value", "_count is not a number");
  }
  return count;
}

void read_sort(Search& search, std::string_view text) {
  for (std::string& name : split_choices(text)) {
    const bool descending = name.starts_with('-');
    const Parameter* parameter = find_parameter(search.type, name.substr(descending ? 1 : 0));
    if (parameter == nullptr) {
      search.warnings.push_back("_sort by '" + name + "' is not known");
    } else {
      search.sort.push_back({parameter, descending});
    }
  }
}

/// "ServiceRequest:subject" or "ServiceRequest:subject:Patient".
void read_include(Search& search, std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) throw Refusal(400, "value", "_include wants Type:parameter");
  const std::string type(text.substr(0, colon));
  std::string_view name = text.substr(colon + 1);
  name = name.substr(0, name.find(':'));
  const Parameter* parameter = find_parameter(type, name);
  if (parameter == nullptr || parameter->kind != ParameterKind::reference) {
    search.warnings.push_back("_include '" + std::string(text) + "' is not known");
    return;
  }
  search.includes.push_back({type, parameter});
}

bool read_control(Search& search, const http::Field& field) {
  if (field.name == "_count") {
    search.count = read_count(field.value);
  } else if (field.name == "_sort") {
    read_sort(search, field.value);
  } else if (field.name == "_include" || field.name == "_include:iterate") {
    read_include(search, field.value);
  } else if (field.name == "_summary") {
    search.only_total = field.value == "count";
    if (!search.only_total && field.value != "false") {
      search.warnings.push_back("_summary=" + field.value + " is not known");
    }
  } else {
    return field.name == "_format" || field.name == "_pretty" || field.name == "_total";
  }
  return true;
}

void check_modifier(const Criterion& criterion, const std::string& name) {
  const std::string& modifier = criterion.modifier;
  const ParameterKind kind = criterion.parameter->kind;
  if (modifier.empty() || modifier == "missing") return;
  if (modifier == "not" && kind == ParameterKind::token) return;
  if ((modifier == "exact" || modifier == "contains") && kind == ParameterKind::string) return;
  if (kind == ParameterKind::reference && is_resource_type(modifier)) return;
  throw Refusal(400, "not-supported", "modifier of '" + name + "'");
}

void read_criterion(Search& search, const http::Field& field, bool strict) {
  const auto colon = std::min(field.name.find(':'), field.name.size());
  const std::string name = field.name.substr(0, colon);
  Criterion criterion;
  criterion.parameter = find_parameter(search.type, name);
  if (criterion.parameter == nullptr) {
    const std::string text = search.type + " has no search parameter '" + name + "'";
    if (strict) throw Refusal(400, "not-supported", text);
    search.warnings.push_back(text + "; it was ignored");
    return;
  }
  criterion.modifier = colon < field.name.size() ? field.name.substr(colon + 1) : "";
  check_modifier(criterion, field.name);
  if (field.value.empty()) return;  // FHIR: a parameter without a value is no criterion
  criterion.choices = split_choices(field.value);
  const bool dates = criterion.parameter->kind == ParameterKind::date;
  if (dates && criterion.modifier.empty()) {
    for (const auto& choice : criterion.choices) read_date_choice(choice);  // throws on nonsense
  }
  search.criteria.push_back(std::move(criterion));
}

std::string sort_value(const Version& version, const SortKey& key) {
  if (key.parameter->name == "_lastUpdated") return to_string(version.updated);
  const auto values = values_at(version.resource, key.parameter->paths);
  if (values.empty()) return {};
  const Json& first = *values.front();
  if (first.is_object()) return first["start"].text() + first["coding"][0]["code"].text();
  return first.text();
}

bool sorts_before(const Version& a, const Version& b, const std::vector<SortKey>& keys) {
  for (const auto& key : keys) {
    const std::string left = sort_value(a, key);
    const std::string right = sort_value(b, key);
    if (left != right) return (left < right) != key.descending;
  }
  return false;
}

/// The word that whatever fits this choice must have; "" when there is none such.
std::string word_of(const Criterion& criterion, const std::string& choice) {
  if (criterion.modifier == "missing" || criterion.modifier == "not") return {};
  if (criterion.parameter->kind == ParameterKind::reference) return last_part(choice);
  const auto name = criterion.parameter->name;
  if (name != "identifier" && name != "_id") return {};
  const auto bar = choice.find('|');
  return bar == std::string::npos ? choice : choice.substr(bar + 1);
}

/// The ids that may fit; nothing when any may.
std::optional<std::set<std::string>> narrowed(const Records& records, const Search& search,
                                              const Criterion& criterion) {
  std::set<std::string> ids;
  for (const auto& choice : criterion.choices) {
    const std::string word = word_of(criterion, choice);
    if (word.empty()) return std::nullopt;
    if (criterion.parameter->name == "_id") {
      ids.insert(word);
    } else {
      const auto& having = records.with_word(search.type, word);
      ids.insert(having.begin(), having.end());
    }
  }
  return ids;
}

/// What the index leaves to be looked at; all of the type when no criterion narrows it.
std::vector<VersionPtr> candidates(const Records& records, const Search& search) {
  for (const auto& criterion : search.criteria) {
    const auto ids = narrowed(records, search, criterion);
    if (!ids) continue;
    std::vector<VersionPtr> out;
    for (const auto& id : *ids) {
      if (auto version = records.current(search.type, id)) out.push_back(std::move(version));
    }
    return out;
  }
  return records.all(search.type);
}

}  // namespace

Search read_search(const std::string& type, const http::Fields& query, bool strict) {
  Search search;
  search.type = type;
  for (const auto& field : query) {
    if (!read_control(search, field)) read_criterion(search, field, strict);
  }
  return search;
}

std::vector<VersionPtr> fitting(std::vector<VersionPtr> versions, const Search& search,
                                std::string_view base) {
  std::erase_if(versions, [&](const VersionPtr& version) {
    return !std::ranges::all_of(search.criteria, [&](const Criterion& criterion) {
      return fits(version->resource, criterion, base);
    });
  });
  return versions;
}

std::vector<VersionPtr> find_matches(const Records& records, const Search& search,
                                     std::string_view base) {
  std::vector<VersionPtr> out = fitting(candidates(records, search), search, base);
  std::stable_sort(out.begin(), out.end(), [&](const VersionPtr& a, const VersionPtr& b) {
    return sorts_before(*a, *b, search.sort);
  });
  return out;
}

std::vector<VersionPtr> find_included(const Records& records, const Search& search,
                                      const std::vector<VersionPtr>& matches,
                                      std::string_view base) {
  std::set<std::string> seen;
  for (const auto& match : matches) seen.insert(match->reference());
  std::vector<VersionPtr> pending = matches;
  std::vector<VersionPtr> out;
  while (!pending.empty()) {
    const VersionPtr from = pending.back();
    pending.pop_back();
    for (const auto& include : search.includes) {
      if (include.type != from->type) continue;
      for (const Json* value : values_at(from->resource, include.parameter->paths)) {
        const std::string reference = local_reference((*value)["reference"].text(), base);
        const auto slash = reference.find('/');
        if (slash == std::string::npos || !seen.insert(reference).second) continue;
        auto found = records.current(reference.substr(0, slash), reference.substr(slash + 1));
        if (!found) continue;
        out.push_back(found);
        pending.push_back(found);  // an included resource may include others
      }
    }
  }
  return out;
}

}  // namespace meridian::sandbox
