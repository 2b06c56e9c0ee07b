// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/find_written.h"

#include <algorithm>
#include <functional>

#include "fhir/exchange/document_form.h"
#include "fhir/exchange/identifiers.h"
#include "fhir/exchange/json_index.h"

namespace meridian::fhir {
namespace {

using Fits = std::function<bool(std::string_view resource)>;

std::string unescaped(std::string_view text) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

SearchParams params_of(std::string_view query) {
  SearchParams params;
  while (!query.empty()) {
    const auto pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    params.emplace_back(pair.substr(0, equals), unescaped(pair.substr(equals + 1)));
  }
  return params;
}

/// "system|value" of a query by identifier; empty for any other.
std::string asked_identifier(const SearchParams& params) {
  const bool one = params.size() == 1 && params.front().first == "identifier";
  return one ? params.front().second : std::string();
}

bool carries(std::string_view resource, const std::string& identifier) {
  const auto index = JsonIndex::parse(resource);
  const JsonNode* found = index ? index->find(&index->root(), "identifier") : nullptr;
  if (found == nullptr) return false;
  const auto is_it = [&](const JsonNode& node) {
    return index->string(node, "system") + "|" + index->string(node, "value") == identifier;
  };
  if (found->kind == JsonNode::Kind::object) return is_it(*found);
  for (const auto& node : index->children(*found)) {
    if (is_it(node)) return true;
  }
  return false;
}

/// A document one of whose contents has a title that ends so.
bool is_marked(std::string_view resource, const std::string& mark) {
  const auto index = JsonIndex::parse(resource);
  const JsonNode* contents = index ? index->find(&index->root(), "content") : nullptr;
  if (contents == nullptr) return false;
  for (const auto& content : index->children(*contents)) {
    const JsonNode* attachment = index->find(&content, "attachment");
    if (attachment != nullptr && index->string(*attachment, "title").ends_with(mark)) return true;
  }
  return false;
}

Result<std::vector<std::string>> find(FhirClient& client, const std::string& type,
                                      const SearchParams& params, const Fits& fits) {
  const auto pages = client.search(type, params);
  std::vector<std::string> found;
  for (const auto& body : pages.bodies) {
    const auto entries = bundle_entries(body);
    if (!entries) return entries.error();
    for (const auto& entry : *entries) {
      const auto ref = entry.ref();
      const bool known = std::find(found.begin(), found.end(), ref) != found.end();
      if (entry.type == type && !ref.empty() && !known && fits(entry.resource)) {
        found.push_back(ref);
      }
    }
  }
  if (!found.empty() || pages.completeness == Completeness::complete) return found;
  if (pages.failure) return *pages.failure;
  return Error{ErrorCode::unavailable, "send", "the receiver did not answer the search in full"};
}

std::string patient_of(std::string_view resource) {
  const auto index = JsonIndex::parse(resource);
  if (!index) return {};
  const auto ref = index->string(index->at(index->root(), {"subject", "reference"}));
  return ref.substr(ref.find('/') + 1);
}

}  // namespace

std::string title_mark(std::string_view identifier_value) {
  return "(Meridian " + short_hash(identifier_value) + ")";
}

Result<std::vector<std::string>> find_all(FhirClient& client, const std::string& type,
                                          const std::string& query) {
  const auto params = params_of(query);
  const auto identifier = asked_identifier(params);
  return find(client, type, params, [&](std::string_view resource) {
    return identifier.empty() || carries(resource, identifier);
  });
}

Result<std::vector<std::string>> find_written(FhirClient& client, const WriteBack& rules,
                                              const std::string& type, const std::string& query,
                                              std::string_view resource) {
  const auto identifier = asked_identifier(params_of(query));
  const auto bar = identifier.find('|');
  const auto mark = title_mark(identifier.substr(std::min(bar + 1, identifier.size())));
  if (rules.by_form(type)) {
    auto found = find_by_form(client, rules, resource, mark);
    if (!found) return found.error();
    return found->empty() ? std::vector<std::string>() : std::vector{std::move(*found)};
  }
  const auto rule = rules.find.find(type);
  const auto patient = patient_of(resource);
  if (rule == rules.find.end() || patient.empty()) return find_all(client, type, query);
  SearchParams params = rule->second;
  for (auto& [name, value] : params) {
    if (value == "{patient}") value = patient;
  }
  return find(client, type, params, [&](std::string_view candidate) {
    return carries(candidate, identifier) || is_marked(candidate, mark);
  });
}

}  // namespace meridian::fhir
