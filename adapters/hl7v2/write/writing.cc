// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/write/writing.h"

#include <algorithm>

#include "base/direction.h"
#include "hl7v2/syntax/escape.h"
#include "hl7v2/syntax/names.h"

namespace meridian::hl7v2 {
namespace {

std::string digits_of(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c >= '0' && c <= '9') digits.push_back(c);
  }
  return digits;
}

/// "20260401101500.250-0500" of "2026-04-01T10:15:00.250-05:00".
std::string instant_of(std::string_view text) {
  constexpr std::size_t to_seconds = 19;
  auto rest = text.substr(std::min(to_seconds, text.size()));
  std::string out = digits_of(text.substr(0, to_seconds));
  if (rest.starts_with('.')) {
    const auto end = std::min(rest.find_first_not_of("0123456789", 1), rest.size());
    out += rest.substr(0, std::min<std::size_t>(end, 5));  // a DTM has four digits at most
    rest.remove_prefix(end);
  }
  if (rest == "Z") return out + "+0000";
  return rest.empty() ? out : out + rest[0] + digits_of(rest.substr(1));
}

std::string all_but_first(const std::vector<std::string>& list, std::string_view between) {
  std::string text;
  for (std::size_t i = 1; i < list.size(); ++i) {
    if (i > 1) text += between;
    text += list[i];
  }
  return text;
}

}  // namespace

std::string Writing::text(std::string_view words) const {
  return escape(without_direction_marks(words), delimiters_);
}

std::string Writing::concept_named(const std::string& name) const {
  const auto found = dialect.concepts.find(name);
  return found == dialect.concepts.end() ? std::string() : found->second;
}

std::string Writing::code(std::string_view map, std::string_view table,
                          const std::string& target) const {
  if (target.empty()) return {};
  if (const auto own = dialect.codes.find(std::string(table)); own != dialect.codes.end()) {
    if (const auto found = own->second.find(target); found != own->second.end()) {
      return found->second;
    }
  }
  return tables.code_for(map, table_system(table), target).value_or("");
}

std::string Writing::date(const PartialDate& date) const {
  constexpr std::size_t day = 10;
  if (date.precision == Precision::instant) return instant_of(date.text);
  return digits_of(std::string_view(date.text).substr(0, day));
}

std::string Writing::date(Instant at) const {
  return instant_of(to_string(at).substr(0, 19) + "Z");
}

std::string Writing::join(const std::vector<std::string>& parts, char delimiter) {
  std::string out;
  std::size_t due = 0;
  for (const auto& part : parts) {
    if (!part.empty()) {
      out.append(due, delimiter).append(part);
      due = 0;
    }
    ++due;
  }
  return out;
}

std::string Writing::coding_system(const std::string& system) const {
  constexpr std::string_view tables_begin = "http://terminology.hl7.org/CodeSystem/v2-";
  const auto own = dialect.coding_systems.find(system);
  if (own != dialect.coding_systems.end()) return text(own->second);
  if (const auto name = tables.code_for("v2-coding-system", table_system("0396"), system)) {
    return text(*name);
  }
  const bool table = system.starts_with(tables_begin) && system.size() == tables_begin.size() + 4;
  return table ? "HL7" + system.substr(tables_begin.size()) : text(system);
}

std::string Writing::coded(const Concept& coded) const {
  std::vector<std::string> parts(9);
  std::size_t first = 0;
  for (const auto& coding : coded.codings) {
    if (coding.code.empty() || first == 6) continue;
    parts[first] = text(coding.code);
    parts[first + 1] = text(coding.display);
    parts[first + 2] = coding_system(coding.system);
    first += 3;
  }
  // Without a code the words stand where a code's words would; CE has no ninth component.
  const std::size_t words = first == 0 ? 1 : first == 3 ? 4 : 8;
  if (!coded.text.empty()) parts[words] = text(coded.text);
  return components(parts);
}

std::string Writing::authority(const std::string& system, char delimiter) const {
  const auto own = dialect.authorities.find(system);
  if (own != dialect.authorities.end()) {
    auto written = own->second;
    std::replace(written.begin(), written.end(), delimiters_.component, delimiter);
    return written;
  }
  constexpr struct {
    std::string_view prefix;
    const char* type;
  } kinds[] = {{"urn:oid:", "ISO"}, {"urn:uuid:", "UUID"}, {"urn:hl7v2:", ""}};
  for (const auto& [prefix, type] : kinds) {
    if (!system.starts_with(prefix)) continue;
    const auto rest = text(std::string_view(system).substr(prefix.size()));
    return *type == 0 ? rest : join({"", rest, type}, delimiter);
  }
  return system.empty() ? system : join({"", text(system), "URI"}, delimiter);
}

std::string Writing::entity(const std::string& value, const std::string& system) const {
  if (value.empty()) return {};
  return components({text(value), authority(system, delimiters_.component)});
}

std::string Writing::number(const Identifier& identifier) const {
  if (identifier.value.reveal().empty()) return {};
  return components({text(identifier.value.reveal()), "", "",
                     authority(identifier.system, delimiters_.subcomponent),
                     text(identifier.type)});
}

std::string Writing::name(const HumanName& name) const {
  const auto& given = name.given.reveal();
  const bool parts = !name.family.reveal().empty() || !given.empty();
  return components({text(parts ? name.family.reveal() : name.text.reveal()),
                     given.empty() ? std::string() : text(given.front()),
                     text(all_but_first(given, " ")), "", "", "",
                     code("v2-name-use", "0200", name.use)});
}

std::string Writing::address(const Address& address) const {
  const auto& lines = address.lines.reveal();
  return components({lines.empty() ? std::string() : text(lines.front()),
                     text(all_but_first(lines, ", ")), text(address.city), text(address.state),
                     text(address.postal_code), text(address.country)});
}

std::string Writing::contact(const ContactPoint& contact) const {
  const auto& value = contact.value.reveal();
  if (value.empty() || contact.system == "url") return {};
  const auto use = code("v2-telecom-use", "0201", contact.use);
  if (contact.system == "email") return components({"", use, "Internet", text(value)});
  const char* equipment = contact.system == "fax" ? "FX" : contact.use == "mobile" ? "CP" : "PH";
  return components({text(value), use, equipment});
}

std::string Writing::person(const Identifier& id, const HumanName& name) const {
  const auto& given = name.given.reveal();
  const bool parts = !name.family.reveal().empty() || !given.empty();
  return components(
      {text(id.value.reveal()), text(parts ? name.family.reveal() : name.text.reveal()),
       given.empty() ? std::string() : text(given.front()), "", "", "", "", "",
       id.value.reveal().empty() ? std::string() : authority(id.system, delimiters_.subcomponent)});
}

}  // namespace meridian::hl7v2
