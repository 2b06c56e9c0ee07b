// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/read/values.h"

#include <algorithm>

#include "hl7v2/read/record_id.h"

namespace meridian::hl7v2 {
namespace {

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// "+0130" and "+01:30" to "+01:30"; empty when it is no zone.
std::string zone_of(std::string_view text) {
  if (text.size() == 6 && text[3] == ':' && all_digits(text.substr(1, 2)) &&
      all_digits(text.substr(4))) {
    return std::string(text);
  }
  if (text.size() != 5 || !all_digits(text.substr(1))) return {};
  return std::string(text.substr(0, 3)) + ':' + std::string(text.substr(3));
}

/// The parts of a DTM put together as FHIR writes them; empty when they are not one.
std::string fhir_date(std::string_view written, const std::string& default_zone) {
  const auto sign = std::ranges::find_if(written, [](char c) { return c == '+' || c == '-'; });
  const auto signless = static_cast<std::size_t>(sign - written.begin());
  const auto zone = sign == written.end() ? default_zone : zone_of(written.substr(signless));
  if (sign != written.end() && zone.empty()) return {};
  auto digits = written.substr(0, signless);
  const auto point = digits.find('.');
  auto fraction = point == std::string_view::npos ? std::string_view() : digits.substr(point + 1);
  digits = digits.substr(0, point);
  if (!all_digits(digits) || digits.size() > 14 || digits.size() == 5 || digits.size() == 7) {
    return {};
  }
  constexpr std::size_t longest = 29;  // 2026-01-31T10:00:00.000+01:00
  std::string out;
  if (digits.size() >= 12) out.reserve(longest);
  out.append(digits.substr(0, 4));
  if (digits.size() >= 6) out.append(1, '-').append(digits.substr(4, 2));
  if (digits.size() >= 8) out.append(1, '-').append(digits.substr(6, 2));
  if (digits.size() < 12) return digits.size() >= 4 ? out : std::string();
  out.append(1, 'T').append(digits.substr(8, 2)).append(1, ':').append(digits.substr(10, 2));
  out.append(1, ':').append(digits.size() == 14 ? digits.substr(12, 2) : "00");
  if (all_digits(fraction)) out.append(1, '.').append(fraction.substr(0, 3));
  return out += zone;
}

std::string without_blanks(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '|'; });
  return text;
}

/// Who gave the number of an EI; the facility when it does not say.
std::string scope_of(const Context& context, const Part& entity) {
  const auto parts = entity.components();
  const auto authority =
      authority_of(context, parts[2].value(), parts[3].value(), parts[4].value());
  return without_blanks(authority.written.empty() ? context.facility : authority.written);
}

Coding coding_of(const Context& context, const Components& parts, std::size_t first) {
  Coding coding;
  coding.code = parts[first].value();
  coding.display = parts[first + 1].text();
  if (coding.code.empty()) return coding;
  coding.system = coding_system(context, parts[first + 2].value());
  return coding;
}

}  // namespace

namespace {

/// `path_of()` gives where the part stands; it is asked only when there is something to say of it.
template <typename PathOf>
PartialDate read_date(Context& context, const Part& part, const PathOf& path_of) {
  const auto written = part.value();
  if (written.empty()) return {};
  const auto text = fhir_date(written, context.zone);
  auto date = text.empty() ? std::nullopt : parse_partial_date(text);
  if (date) return std::move(*date);
  if (written.find_first_not_of('0') != std::string::npos) {
    context.note(Severity::warning, "value", path_of(),
                 "'" + written + "' is no date; expected YYYY[MM[DD[HHMM[SS]]]][+/-ZZZZ]");
  }
  return {};
}

}  // namespace

PartialDate date_of(Context& context, const Part& part, const std::string& path) {
  return read_date(context, part, [&] { return path; });
}

PartialDate date_of(Context& context, const Segment& segment, std::size_t field,
                    std::size_t component) {
  const auto part = segment.field(field);
  return read_date(context, component == 1 ? part : part.component(component),
                   [&] { return segment.path(field, 1, component == 1 ? 0 : component); });
}

PartialDate day_of(Context& context, const Segment& segment, std::size_t field) {
  auto date = date_of(context, segment, field);
  const bool midnight = date.text.find("T00:00:00") != std::string::npos;
  return midnight ? *parse_partial_date(std::string_view(date.text).substr(0, 10)) : date;
}

std::string coding_system(const Context& context, const std::string& name) {
  if (const auto uri = context.translate("v2-coding-system", "0396", name)) return *uri;
  constexpr std::string_view table = "HL7";
  const std::string_view rest = std::string_view(name).substr(std::min(name.size(), table.size()));
  if (name.starts_with(table) && rest.size() == 4 && all_digits(rest)) return table_system(rest);
  if (name.find("://") != std::string::npos || name.starts_with("urn:")) return name;
  return "urn:hl7v2:" + context.facility + (name.empty() ? "" : ":" + name);
}

Concept concept_of(const Context& context, const Part& part) {
  constexpr std::size_t alternate = 4;
  constexpr std::size_t original_text = 9;
  Concept coded;
  if (part.empty()) return coded;
  const auto parts = part.components();
  for (const std::size_t first : {std::size_t{1}, alternate}) {
    auto coding = coding_of(context, parts, first);
    if (!coding.code.empty()) {
      coded.codings.push_back(std::move(coding));
    } else if (coded.text.empty()) {
      coded.text = std::move(coding.display);
    }
  }
  if (auto text = parts[original_text].text(); !text.empty()) {
    coded.text = std::move(text);
  }
  return coded;
}

std::vector<Concept> concepts_of(const Context& context, const Part& field) {
  std::vector<Concept> concepts;
  for (const auto& one : field.each()) {
    auto coded = concept_of(context, one);
    if (!coded.empty()) concepts.push_back(std::move(coded));
  }
  return concepts;
}

Concept table_concept(const Part& part, std::string_view table) {
  const auto code = part.value();
  if (code.empty()) return {};
  return {{Coding{table_system(table), code, part.component(2).text()}}, {}};
}

Authority authority_of(const Context& context, const std::string& namespace_id,
                       const std::string& universal_id, const std::string& universal_type) {
  const auto& known = context.settings.authorities;
  Authority authority;
  authority.written = namespace_id.empty() ? universal_id : namespace_id;
  for (const auto* name : {&namespace_id, &universal_id}) {
    const auto mapped = name->empty() ? known.end() : known.find(*name);
    if (mapped == known.end()) continue;
    authority.system = mapped->second;
    return authority;
  }
  if (namespace_id == own_namespace) {
    authority.system = own_system;
  } else if (universal_type == "ISO" && !universal_id.empty()) {
    authority.system = "urn:oid:" + universal_id;
  } else if (universal_type == "UUID" || universal_type == "GUID") {
    authority.system = "urn:uuid:" + universal_id;
  } else if (universal_type == "URI") {
    authority.system = universal_id;
  } else if (!authority.written.empty()) {
    authority.system = "urn:hl7v2:" + authority.written;
  } else if (const auto own = known.find('@' + context.sender); own != known.end()) {
    authority.system = own->second;
  }
  return authority;
}

Identifier identifier_of(const Context& context, const Part& part) {
  const auto parts = part.components();
  const auto hd = parts[4];
  Identifier identifier;
  identifier.value = Sensitive<std::string>(parts[1].value());
  identifier.type = parts[5].value();
  identifier.system = authority_of(context, hd.subcomponent(1).value(), hd.subcomponent(2).value(),
                                   hd.subcomponent(3).value())
                          .system;
  return identifier;
}

Identifier entity_of(const Context& context, const Part& part) {
  const auto parts = part.components();
  Identifier identifier;
  identifier.value = Sensitive<std::string>(parts[1].value());
  identifier.system =
      authority_of(context, parts[2].value(), parts[3].value(), parts[4].value()).system;
  return identifier;
}

std::string number_of(const Context& context, const Part& entity) {
  return record_id(scope_of(context, entity), without_blanks(entity.component(1).value()));
}

std::string hidden_number_of(const Context& context, const Part& entity) {
  return hidden_id(context.settings.name_key, scope_of(context, entity),
                   without_blanks(entity.component(1).value()));
}

std::string patient_number(const Context& context, const Part& identifier) {
  const auto hd = identifier.component(4);
  const auto authority = authority_of(context, hd.subcomponent(1).value(),
                                      hd.subcomponent(2).value(), hd.subcomponent(3).value());
  const auto scope = authority.written.empty() ? '@' + context.sender : authority.written;
  return hidden_id(context.settings.name_key, without_blanks(scope),
                   without_blanks(identifier.component(1).value()));
}

HumanName name_of(const Context& context, const Part& xpn) {
  HumanName name;
  const auto parts = xpn.components();
  name.family = Sensitive<std::string>(parts[1].value());
  for (const std::size_t component : {2U, 3U}) {
    const auto given = parts[component].value();
    if (!given.empty()) name.given.reveal().push_back(given);
  }
  const auto use = parts[7].value();
  name.use = context.translate("v2-name-use", "0200", use).value_or("");
  return name;
}

Address address_of(const Part& xad) {
  Address address;
  const auto parts = xad.components();
  for (const std::size_t component : {1U, 2U}) {
    const auto line = parts[component].value();
    if (!line.empty()) address.lines.reveal().push_back(line);
  }
  address.city = parts[3].value();
  address.state = parts[4].value();
  address.postal_code = parts[5].value();
  address.country = parts[6].value();
  return address;
}

ContactPoint contact_of(const Context& context, const Part& xtn) {
  ContactPoint contact;
  const auto parts = xtn.components();
  const auto equipment = parts[3].value();
  const auto mail = parts[4].value();
  const bool internet = !mail.empty() || equipment == "Internet";
  contact.system = internet ? "email" : equipment == "FX" ? "fax" : "phone";
  auto number = parts[12].value();  // v2.7: the unformatted number
  if (number.empty()) number = internet && !mail.empty() ? mail : parts[1].value();
  for (const std::size_t component : {5U, 6U, 7U}) {
    if (!parts[1].value().empty() || internet || !parts[12].empty()) break;
    const auto digits = parts[component].value();
    if (!digits.empty()) number += (number.empty() ? "" : "-") + digits;
  }
  contact.value = Sensitive<std::string>(std::move(number));
  contact.use = context.translate("v2-telecom-use", "0201", parts[2].value()).value_or("");
  return contact;
}

Reference person_of(const Context& context, const Part& xcn) {
  const auto parts = xcn.components();
  Reference person;
  HumanName name;
  name.family = Sensitive<std::string>(parts[2].value());
  const auto given = parts[3].value();
  if (!given.empty()) name.given.reveal().push_back(given);
  person.display = display_name(name);
  const auto hd = parts[9];
  person.identifier.value = Sensitive<std::string>(parts[1].value());
  person.identifier.system = authority_of(context, hd.subcomponent(1).value(),
                                          hd.subcomponent(2).value(), hd.subcomponent(3).value())
                                 .system;
  return person;
}

std::string lines_of(const Part& field) {
  std::string lines;
  bool first = true;
  for (const auto& one : field.each()) {
    if (!first) lines += '\n';
    first = false;
    lines += one.text();
  }
  return lines;
}

}  // namespace meridian::hl7v2
