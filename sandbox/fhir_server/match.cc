// SPDX-License-Identifier: Apache-2.0
#include "fhir_server/match.h"

#include <algorithm>

#include "fhir_server/refusal.h"

namespace meridian::sandbox {
namespace {

constexpr std::chrono::milliseconds one_ms{1};

[[noreturn]] void bad_date(std::string_view text) {
  throw Refusal(400, "value", "not a date: '" + std::string(text) + "'");
}

Span whole_days(std::string_view text) {
  const bool year_only = text.size() == 4;
  const bool month_only = text.size() == 7;
  const std::string padded = std::string(text) + (year_only ? "-01-01" : (month_only ? "-01" : ""));
  const auto day = parse_day(padded);
  if (!day) bad_date(text);
  std::chrono::year_month_day end{*day};
  if (year_only) {
    end = {end.year() + std::chrono::years(1), end.month(), end.day()};
  } else if (month_only) {
    end += std::chrono::months(1);
  } else {
    end = std::chrono::year_month_day{*day + std::chrono::days(1)};
  }
  return {*day, Day(end)};
}

/// What the resource has: a date, an instant or a Period with open ends.
bool span_in(const Json& value, Span& out) {
  try {
    if (value.is_string()) {
      out = span_of(value.text());
      return true;
    }
    if (!value.is_object()) return false;
    const Json& start = value["start"];
    const Json& end = value["end"];
    if (start.is_null() && end.is_null()) return false;
    out.begin = start.is_null() ? Instant::min() : span_of(start.text()).begin;
    out.end = end.is_null() ? Instant::max() : span_of(end.text()).end;
    return true;
  } catch (const Refusal&) {
    return false;  // what the resource says is no date; it then fits nothing
  }
}

bool fits_date(const Json& value, std::string_view wanted) {
  const auto [prefix, asked] = read_date_choice(wanted);
  Span has;
  if (!span_in(value, has)) return false;
  const bool within = has.begin >= asked.begin && has.end <= asked.end;
  if (prefix == "eq") return within;
  if (prefix == "ne") return !within;
  if (prefix == "gt") return has.end > asked.end;
  if (prefix == "lt") return has.begin < asked.begin;
  if (prefix == "ge") return has.end > asked.end || within;
  if (prefix == "le") return has.begin < asked.begin || within;
  if (prefix == "sa") return has.begin >= asked.end;
  return has.end <= asked.begin;  // eb
}

/// One coding, identifier or plain code against "system|code", "|code", "system|" or "code".
bool fits_code(const Json& system, const Json& code, std::string_view wanted) {
  const auto bar = wanted.find('|');
  if (bar == std::string_view::npos) return code.text() == wanted;
  const std::string_view wanted_system = wanted.substr(0, bar);
  const std::string_view wanted_code = wanted.substr(bar + 1);
  if (system.text() != wanted_system) return false;
  return wanted_code.empty() || code.text() == wanted_code;
}

bool fits_token(const Json& value, std::string_view wanted) {
  if (!value.is_object()) return fits_code({}, value, wanted);
  if (value["coding"].is_array()) {
    return std::ranges::any_of(value["coding"].items(), [&](const Json& coding) {
      return fits_code(coding["system"], coding["code"], wanted);
    });
  }
  const Json& code = value["code"].is_null() ? value["value"] : value["code"];
  return fits_code(value["system"], code, wanted);
}

bool fits_reference(const Json& value, const Criterion& criterion, std::string_view wanted,
                    std::string_view base) {
  const std::string has = local_reference(value["reference"].text(), base);
  if (has.empty()) return false;
  if (!criterion.modifier.empty()) return has == criterion.modifier + "/" + std::string(wanted);
  if (wanted.find('/') == std::string_view::npos) {
    return has.ends_with("/" + std::string(wanted)) && has.find("://") == std::string::npos;
  }
  return has == local_reference(wanted, base);
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool fits_string(const Json& value, const Criterion& criterion, std::string_view wanted) {
  if (criterion.modifier == "exact") return value.text() == wanted;
  const std::string has = lower(value.text());
  const std::string asked = lower(wanted);
  if (criterion.modifier == "contains") return has.find(asked) != std::string::npos;
  return has.starts_with(asked);
}

/// A canonical may carry a version that the query leaves out.
bool fits_uri(const Json& value, std::string_view wanted) {
  const std::string& has = value.text();
  return has == wanted || has.starts_with(std::string(wanted) + "|");
}

bool fits_one(const Json& value, const Criterion& criterion, std::string_view wanted,
              std::string_view base) {
  switch (criterion.parameter->kind) {
    case ParameterKind::token:
      return fits_token(value, wanted);
    case ParameterKind::reference:
      return fits_reference(value, criterion, wanted, base);
    case ParameterKind::date:
      return fits_date(value, wanted);
    case ParameterKind::string:
      return fits_string(value, criterion, wanted);
    case ParameterKind::uri:
      return fits_uri(value, wanted);
  }
  return false;
}

}  // namespace

Span span_of(std::string_view text) {
  if (text.size() <= 10) {
    if (text.size() != 4 && text.size() != 7 && text.size() != 10) bad_date(text);
    return whole_days(text);
  }
  const auto time = text.find('T');
  if (time == std::string_view::npos) bad_date(text);
  std::string full(text);
  if (full.size() == time + 6) full += ":00";  // hh:mm
  const bool zoned = full.find_first_of("Z+-", time) != std::string::npos;
  if (!zoned) full += 'Z';
  const auto at = parse_instant(full);
  if (!at) bad_date(text);
  const bool fraction = full.find('.') != std::string::npos;
  return {*at, *at + (fraction ? one_ms : std::chrono::milliseconds(1000))};
}

std::pair<std::string_view, Span> read_date_choice(std::string_view text) {
  static constexpr std::string_view known[] = {"eq", "ne", "gt", "lt", "ge", "le", "sa", "eb"};
  if (text.size() < 3 || text[0] < 'a' || text[0] > 'z') return {"eq", span_of(text)};
  const std::string_view prefix = text.substr(0, 2);
  if (std::ranges::find(known, prefix) == std::end(known)) {
    throw Refusal(400, "not-supported", "date prefix '" + std::string(prefix) + "'");
  }
  return {prefix, span_of(text.substr(2))};
}

std::string local_reference(std::string_view reference, std::string_view base) {
  if (!base.empty() && reference.starts_with(base)) {
    reference.remove_prefix(base.size());
    if (reference.starts_with('/')) reference.remove_prefix(1);
  }
  return std::string(reference.substr(0, reference.find("/_history/")));
}

bool fits(const Json& resource, const Criterion& criterion, std::string_view base) {
  const auto values = values_at(resource, criterion.parameter->paths);
  if (criterion.modifier == "missing") {
    return values.empty() == (criterion.choices.at(0) == "true");
  }
  const bool found = std::ranges::any_of(criterion.choices, [&](const std::string& wanted) {
    return std::ranges::any_of(
        values, [&](const Json* value) { return fits_one(*value, criterion, wanted, base); });
  });
  return criterion.modifier == "not" ? !found : found;
}

}  // namespace meridian::sandbox
