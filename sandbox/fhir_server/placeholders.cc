// SPDX-License-Identifier: Apache-2.0
#include "fhir_server/placeholders.h"

#include <charconv>
#include <optional>
#include <stdexcept>

namespace meridian::sandbox {
namespace {

std::optional<std::chrono::milliseconds> read_offset(std::string_view text) {
  if (text.empty()) return std::chrono::milliseconds(0);
  if (text.size() < 3 || (text.front() != '-' && text.front() != '+')) return std::nullopt;
  long amount = 0;
  const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size() - 1, amount);
  if (error != std::errc{} || end != text.data() + text.size() - 1) return std::nullopt;
  if (text.front() == '-') amount = -amount;
  if (text.back() == 'd') return std::chrono::days(amount);
  if (text.back() == 'h') return std::chrono::hours(amount);
  if (text.back() == 'm') return std::chrono::minutes(amount);
  return std::nullopt;
}

/// A date or an instant of FHIR as HL7 v2 has it.
std::string as_v2(const std::string& date) {
  constexpr std::size_t to_seconds = 19;
  std::string digits;
  for (const char c : date.substr(0, to_seconds)) {
    if (c >= '0' && c <= '9') digits.push_back(c);
  }
  return date.ends_with('Z') ? digits + "+0000" : digits;
}

std::string value_of(std::string_view name, Instant now,
                     const std::map<std::string, std::string>& names) {
  const auto found = names.find(std::string(name));
  if (found != names.end()) return found->second;
  if (name.starts_with("v2-")) return as_v2(value_of(name.substr(3), now, names));
  if (name.starts_with("today")) {
    const auto offset = read_offset(name.substr(5));
    if (offset) return to_string(std::chrono::floor<std::chrono::days>(now + *offset));
  } else if (name.starts_with("now")) {
    const auto offset = read_offset(name.substr(3));
    if (offset) return to_string(now + *offset);
  }
  throw std::runtime_error("unknown placeholder {{" + std::string(name) + "}}");
}

}  // namespace

std::string fill_placeholders(std::string_view text, Instant now,
                              const std::map<std::string, std::string>& names) {
  std::string out;
  while (true) {
    const auto open = text.find("{{");
    const auto close = text.find("}}", open == std::string_view::npos ? text.size() : open);
    if (close == std::string_view::npos) break;
    out += text.substr(0, open);
    out += value_of(text.substr(open + 2, close - open - 2), now, names);
    text.remove_prefix(close + 2);
  }
  out += text;
  return out;
}

}  // namespace meridian::sandbox
