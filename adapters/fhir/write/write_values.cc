// SPDX-License-Identifier: Apache-2.0
#include "fhir/write/write_values.h"

#include <algorithm>
#include <charconv>

#include "fhir/write/records_json.h"

namespace meridian::fhir {
namespace {

constexpr std::string_view table_0203 = "http://terminology.hl7.org/CodeSystem/v2-0203";

/// A decimal of JSON: no plus sign, no leading zeros or points, as v2's NM allows.
bool is_json_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const auto digits = text.substr(0, text.find_first_of(".eE"));
  if (digits.empty() || (digits.size() > 1 && digits.front() == '0')) return false;
  double ignored = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ignored);
  return error == std::errc() && end == text.data() + text.size() && text.back() != '.';
}

void write_identifier(JsonOut& out, std::string_view name, const Identifier& identifier) {
  if (identifier.value.reveal().empty()) return;
  out.object(name);
  if (!identifier.type.empty()) {
    out.object("type").list("coding").coding({}, {std::string(table_0203), identifier.type, ""});
    out.end().end();
  }
  out.text("system", identifier.system).text("value", identifier.value.reveal()).end();
}

}  // namespace

void begin_resource(JsonOut& out, std::string_view type, const Record& record) {
  const auto ref = fhir_ref(record.ref);
  out.object().text("resourceType", type).text("id", ref.substr(ref.find('/') + 1));
  out.object("meta").text("versionId", record.version);
  if (record.last_updated.precision == Precision::instant) {
    out.text("lastUpdated", record.last_updated.text);
  }
  out.list("security");
  for (const auto& label : record.security) out.coding({}, label);
  out.end().end();
}

void write_concepts(JsonOut& out, std::string_view name, const std::vector<Concept>& list) {
  out.list(name);
  for (const auto& each : list) out.concept_of({}, each);
  out.end();
}

void write_identifiers(JsonOut& out, const std::vector<Identifier>& list) {
  out.list("identifier");
  for (const auto& each : list) write_identifier(out, {}, each);
  out.end();
}

void write_names(JsonOut& out, const std::vector<HumanName>& list) {
  out.list("name");
  for (const auto& name : list) {
    out.object().text("use", name.use).text("text", name.text.reveal());
    out.text("family", name.family.reveal()).list("given");
    for (const auto& given : name.given.reveal()) out.element(given);
    out.end().end();
  }
  out.end();
}

void write_telecom(JsonOut& out, const std::vector<ContactPoint>& list) {
  out.list("telecom");
  for (const auto& each : list) {
    out.object().text("system", each.system).text("value", each.value.reveal());
    out.text("use", each.use).end();
  }
  out.end();
}

void write_addresses(JsonOut& out, const std::vector<Address>& list) {
  out.list("address");
  for (const auto& address : list) {
    out.object().list("line");
    for (const auto& line : address.lines.reveal()) out.element(line);
    out.end().text("city", address.city).text("state", address.state);
    out.text("postalCode", address.postal_code).text("country", address.country).end();
  }
  out.end();
}

void write_period(JsonOut& out, std::string_view name, const Period& period) {
  out.object(name).text("start", period.start.text).text("end", period.end.text).end();
}

void write_quantity(JsonOut& out, std::string_view name, const Quantity& quantity) {
  if (!is_json_number(quantity.value)) return;
  out.object(name).raw("value", quantity.value).text("comparator", quantity.comparator);
  out.text("unit", quantity.unit).text("system", quantity.system).text("code", quantity.code);
  out.end();
}

void write_reference(JsonOut& out, std::string_view name, const Reference& reference) {
  out.object(name);
  if (!reference.target.empty()) out.text("reference", fhir_ref(reference.target));
  write_identifier(out, "identifier", reference.identifier);
  out.text("display", reference.display).end();
}

void write_references(JsonOut& out, std::string_view name, const std::vector<Reference>& list) {
  out.list(name);
  for (const auto& each : list) write_reference(out, {}, each);
  out.end();
}

void write_notes(JsonOut& out, const std::vector<std::string>& texts) {
  out.list("note");
  for (const auto& text : texts) out.object().text("text", text).end();
  out.end();
}

void write_status(JsonOut& out, std::string_view name, std::string_view system,
                  std::string_view code) {
  if (code.empty()) return;
  out.object(name).list("coding").coding({}, {std::string(system), std::string(code), ""});
  out.end().end();
}

}  // namespace meridian::fhir
