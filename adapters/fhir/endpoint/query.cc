// SPDX-License-Identifier: Apache-2.0
#include "fhir/endpoint/query.h"

#include <algorithm>
#include <array>

#include "base/time.h"
#include "fhir/exchange/json_index.h"
#include "http/uri.h"

namespace meridian::fhir {
namespace {

enum class Kind { id, updated, identifier, code, concept_of, reference, owner };

/// Where a parameter looks: in the first of the elements that the resource has.
struct Row {
  std::string_view type;  ///< "": each
  std::string_view name;
  Kind kind;
  std::array<std::string_view, 4> elements;
};

constexpr Row rows[] = {
    {"", "_id", Kind::id, {}},
    {"", "_lastUpdated", Kind::updated, {}},
    {"", "identifier", Kind::identifier, {}},
    {"", "patient", Kind::reference, {"subject", "patient", "for", "beneficiary"}},
    {"Task", "status", Kind::code, {"status"}},
    {"Task", "business-status", Kind::concept_of, {"businessStatus"}},
    {"Task", "code", Kind::concept_of, {"code"}},
    {"Task", "owner", Kind::owner, {}},
    {"Task", "based-on", Kind::reference, {"basedOn"}},
    {"Task", "focus", Kind::reference, {"focus"}},
    {"ServiceRequest", "status", Kind::code, {"status"}},
    {"Appointment", "status", Kind::code, {"status"}},
    {"Appointment", "based-on", Kind::reference, {"basedOn"}},
    {"Communication", "based-on", Kind::reference, {"basedOn"}},
    {"Communication", "status", Kind::code, {"status"}},
    {"DocumentReference", "status", Kind::code, {"status"}},
    {"DocumentReference", "type", Kind::concept_of, {"type"}},
    {"Observation", "status", Kind::code, {"status"}},
    {"Observation", "based-on", Kind::reference, {"basedOn"}},
    {"Observation", "code", Kind::concept_of, {"code"}},
};

const Row* row_of(std::string_view type, std::string_view name) {
  for (const auto& row : rows) {
    if ((row.type.empty() || row.type == type) && row.name == name) return &row;
  }
  return nullptr;
}

bool is_same(const SearchToken& wanted, std::string_view system, std::string_view value) {
  return wanted.value == value && (wanted.any_system || wanted.system == system);
}

/// The element itself, or each element of a list.
template <typename Test>
bool any_of(const JsonIndex& index, const JsonNode* node, Test test) {
  if (node == nullptr) return false;
  if (node->kind != JsonNode::Kind::array) return test(*node);
  for (const auto& element : index.children(*node)) {
    if (test(element)) return true;
  }
  return false;
}

bool has_code(const JsonIndex& index, const JsonNode* element, const SearchToken& wanted) {
  return any_of(index, element, [&](const JsonNode& node) {
    return any_of(index, index.find(&node, "coding"), [&](const JsonNode& coding) {
      return is_same(wanted, index.string(coding, "system"), index.string(coding, "code"));
    });
  });
}

/// "Type/id", or an id alone: what it names is of the type of the reference.
bool refers_to(const JsonIndex& index, const JsonNode* element, std::string_view wanted) {
  return any_of(index, element, [&](const JsonNode& node) {
    const auto reference = index.string(node, "reference");
    if (wanted.find('/') != std::string_view::npos) return reference == wanted;
    const auto slash = reference.rfind('/');
    return slash != std::string::npos && reference.substr(slash + 1) == wanted;
  });
}

struct Span {
  Instant begin;
  Instant end;  ///< exclusive
};

/// An instant to the millisecond or second, or a day.
std::optional<Span> span_of(std::string_view text) {
  using std::chrono::milliseconds;
  if (const auto day = parse_day(text)) return Span{*day, *day + std::chrono::hours(24)};
  const auto at = parse_instant(text);
  if (!at) return std::nullopt;
  const bool exact = text.find('.') != std::string_view::npos;
  return Span{*at, *at + milliseconds(exact ? 1 : 1000)};
}

/// Source: http://hl7.org/fhir/R4/search.html#prefix; the resource's time is a point.
std::optional<bool> is_in_time(Instant at, std::string_view value) {
  constexpr std::array prefixes = {std::string_view("eq"), std::string_view("ne"),
                                   std::string_view("gt"), std::string_view("lt"),
                                   std::string_view("ge"), std::string_view("le"),
                                   std::string_view("sa"), std::string_view("eb")};
  const auto two = value.substr(0, 2);
  const bool prefixed = std::find(prefixes.begin(), prefixes.end(), two) != prefixes.end();
  const auto span = span_of(prefixed ? value.substr(2) : value);
  if (!span) return std::nullopt;
  const bool inside = at >= span->begin && at < span->end;
  if (!prefixed || two == "eq") return inside;
  if (two == "ne") return !inside;
  if (two == "gt" || two == "sa") return at >= span->end;
  if (two == "lt" || two == "eb") return at < span->begin;
  return two == "ge" ? at >= span->begin : at < span->end;
}

Result<bool> has(const Held& held, const Row& row, const JsonIndex& index, std::string_view value,
                 std::string_view clinic) {
  const JsonNode* element = nullptr;
  for (const auto name : row.elements) {
    if (element == nullptr && !name.empty()) element = index.find(&index.root(), name);
  }
  switch (row.kind) {
    case Kind::id:
      return held.id == value;
    case Kind::identifier:
      return has_identifier(held.bytes(), token_of(value));
    case Kind::code:
      return index.string(element) == token_of(value).value;
    case Kind::concept_of:
      return has_code(index, element, token_of(value));
    case Kind::reference:
      return refers_to(index, element, value);
    case Kind::owner:
      return value == clinic || value == "Organization/" + std::string(clinic);
    case Kind::updated:
      break;
  }
  const auto in_time = is_in_time(held.at(), value);
  if (in_time) return *in_time;
  return Error{ErrorCode::invalid, "search",
               "_lastUpdated takes a day as 2026-11-20 or an instant with a zone as "
               "2026-11-20T10:15:00Z, with eq, ne, gt, lt, ge, le, sa or eb before it"};
}

}  // namespace

SearchToken token_of(std::string_view text) {
  const auto bar = text.find('|');
  if (bar == std::string_view::npos) return {"", std::string(text), true};
  return {std::string(text.substr(0, bar)), std::string(text.substr(bar + 1)), false};
}

std::optional<SearchToken> identifier_in(std::string_view query) {
  const auto fields = http::parse_query(query);
  if (!fields || fields->size() != 1 || fields->front().name != "identifier") return std::nullopt;
  return token_of(fields->front().value);
}

bool has_identifier(std::string_view resource, const SearchToken& wanted) {
  const auto index = JsonIndex::parse(resource);
  if (!index) return false;
  return any_of(*index, index->find(&index->root(), "identifier"), [&](const JsonNode& node) {
    return is_same(wanted, index->string(node, "system"), index->string(node, "value"));
  });
}

bool is_known(std::string_view type, std::string_view name) {
  return row_of(type, name) != nullptr;
}

Instant earliest(std::string_view last_updated) {
  const auto two = last_updated.substr(0, 2);
  const bool from = two == "ge" || two == "gt" || two == "sa" || two == "eq";
  const auto span = span_of(from ? last_updated.substr(2) : last_updated);
  return span ? span->begin : Instant{};
}

Result<bool> matches(const Held& held, const Condition& condition, std::string_view clinic) {
  const auto* row = row_of(held.type, condition.name);
  const auto index = JsonIndex::parse(held.bytes());
  if (!index) return index.error();
  for (const auto& value : condition.values) {
    const auto holds = has(held, *row, *index, value, clinic);
    if (!holds || *holds) return holds;
  }
  return false;
}

}  // namespace meridian::fhir
