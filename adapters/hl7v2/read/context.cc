// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/read/context.h"

#include "hl7v2/read/record_id.h"
#include "hl7v2/read/values.h"

namespace meridian::hl7v2 {

Context::Context(const Message& of_message, const ReadSettings& with_settings,
                 const ReadOptions& with_options)
    : message(of_message), settings(with_settings), options(with_options) {
  const auto msh = message.header();
  type = msh.field(9).component(1).value();
  event = msh.field(9).component(2).value();
  if (const auto evn = message.find("EVN"); event.empty() && evn) event = evn->field(1).value();
  control_id = msh.field(10).value();
  message_id = std::make_shared<const std::string>(control_id);
  const auto application = msh.field(3).value();
  facility = msh.field(4).value();
  sender = application + '.' + facility;
  if (facility.empty()) facility = application;
  sent = date_of(*this, msh, 7);
  if (sent.precision == Precision::instant) {
    const auto sign = sent.text.find_last_of("+-");
    zone = sent.text.back() == 'Z' ? "Z" : sent.text.substr(sign);
  }
  constexpr std::size_t digits = 14;
  for (const char c : sent.text) {
    if (c >= '0' && c <= '9' && version.size() < digits) version.push_back(c);
  }
  if (!version.empty()) version.resize(digits, '0');
  if (type.empty()) note(Severity::error, "required", msh.path(9), "no message type");
  if (control_id.empty()) {
    note(Severity::warning, "required", msh.path(10),
         "no control id; repeats of this message cannot be recognised");
  }
}

void Context::begin(Record& record, const Segment& segment, std::string type_and_id) const {
  record.ref = std::move(type_and_id);
  record.last_updated = sent;
  record.version = version;
  record.provenance.source_id = options.source_id;
  record.provenance.message_id = message_id;
  record.provenance.path = segment.path();
  record.provenance.received_at = options.received_at;
  if (!placed) return;
  record.provenance.offset = segment.offset();
  record.provenance.size = segment.raw().size();
}

std::string Context::ref_of(std::string_view record_type, const Segment& segment) const {
  const auto path = segment.path();
  const auto name = segment.name();
  std::string ref(record_type);
  ref += '/';
  if (path.size() == name.size()) return ref += record_id(control_id, name);
  const auto number = std::string_view(path).substr(name.size() + 1, path.size() - name.size() - 2);
  std::string scope = control_id;
  scope.append(1, '.').append(name);
  return ref += record_id(scope, number);
}

void Context::note(Severity severity, std::string_view code, std::string path, std::string text) {
  out.issues.push_back({severity, std::string(code), std::move(path), std::move(text)});
}

std::optional<std::string> Context::translate(std::string_view map, std::string_view table,
                                              const std::string& code) const {
  if (settings.tables == nullptr || code.empty()) return std::nullopt;
  std::string own = "urn:hl7v2:";
  own.append(facility).append(1, ':').append(table);
  if (auto target = settings.tables->translate(map, own, code)) return target;
  return settings.tables->translate(map, table_system(table), code);
}

std::string Context::translated(std::string_view map, std::string_view table,
                                const Segment& segment, std::size_t field, std::size_t component) {
  const auto part = segment.field(field);
  const auto code = component == 0 ? part.value() : part.component(component).value();
  if (code.empty()) return {};
  if (auto target = translate(map, table, code)) return std::move(*target);
  note(Severity::warning, "code-invalid", segment.path(field, 1, component),
       "'" + code + "' has no row in " + std::string(map) + " (table " + std::string(table) +
           "); add one for urn:hl7v2:" + facility + ":" + std::string(table));
  return {};
}

bool Context::event_is(std::string_view action) const {
  return translate("v2-event-action", "0003", event) == action;
}

}  // namespace meridian::hl7v2
