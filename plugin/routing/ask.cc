// SPDX-License-Identifier: Apache-2.0
#include "routing/ask.h"

#include <algorithm>

namespace meridian::routing {
namespace {

const Address* home_of(const Patient& patient) {
  const Address* best = nullptr;
  for (const auto& address : patient.addresses) {
    const bool placed = address.latitude.reveal() && address.longitude.reveal();
    if (best == nullptr || (placed && !best->latitude.reveal())) best = &address;
  }
  return best;
}

std::optional<int> age_on(const PartialDate& birth, Day on) {
  const auto born = birth.last_day();  // not older than is certain
  if (!born || *born > on) return std::nullopt;
  const std::chrono::year_month_day from(*born);
  const std::chrono::year_month_day to(on);
  int years = int{to.year()} - int{from.year()};
  if (to.month() < from.month() || (to.month() == from.month() && to.day() < from.day())) --years;
  return years;
}

bool covers(const Coverage& coverage, Day on) {
  if (coverage.status != "active" && !coverage.status.empty()) return false;
  const auto begins = coverage.period.start.first_day();
  const auto ends = coverage.period.end.last_day();
  return (!begins || *begins <= on) && (!ends || *ends >= on);
}

void add_name(std::vector<std::string>& names, const std::string& name) {
  auto plain = normalized_name(name);
  const bool known = std::find(names.begin(), names.end(), plain) != names.end();
  if (!plain.empty() && !known) names.push_back(std::move(plain));
}

}  // namespace

std::string normalized_name(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool word = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80) != 0;
    if (word) plain += upper ? static_cast<char>(c - 'A' + 'a') : c;
    if (!word && !plain.empty() && plain.back() != ' ') plain += ' ';
  }
  while (!plain.empty() && plain.back() == ' ') plain.pop_back();
  return plain;
}

std::string state_code(std::string_view state) {
  const auto letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
  if (state.size() != 2 || !letter(state[0]) || !letter(state[1])) return {};
  std::string code(state);
  for (auto& c : code) c = static_cast<char>(c & ~0x20);
  return code;
}

PatientFacts patient_facts(const Patient& patient, const std::vector<Coverage>& coverages, Day on) {
  PatientFacts facts;
  if (const auto* home = home_of(patient)) {
    facts.state = state_code(home->state);
    facts.postal_code = home->postal_code;
    const auto& latitude = home->latitude.reveal();
    const auto& longitude = home->longitude.reveal();
    if (latitude && longitude) facts.position = Position{*latitude, *longitude};
  }
  facts.age = age_on(patient.birth_date.reveal(), on);
  for (const auto& coding : patient.preferred_language.codings) {
    if (facts.language.empty()) facts.language = coding.code;
  }
  for (const auto& coverage : coverages) {
    if (!covers(coverage, on)) continue;
    add_name(facts.networks, coverage.payor_name);
    add_name(facts.networks, coverage.network);
    add_name(facts.networks, coverage.type.text);
    for (const auto& name : coverage.classes) add_name(facts.networks, name);
  }
  return facts;
}

}  // namespace meridian::routing
