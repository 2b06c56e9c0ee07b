// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/write/message_out.h"

#include <algorithm>
#include <charconv>

#include "base/hash.h"
#include "hl7v2/syntax/draft.h"
#include "hl7v2/syntax/names.h"

namespace meridian::hl7v2 {
namespace {

constexpr std::size_t control_id_size = 20;  // MSH-10 to v2.6

/// "PV1-2": segment and field.
std::pair<std::string_view, std::size_t> place_of(std::string_view path) {
  const auto dash = path.find('-');
  if (dash == std::string_view::npos) return {path, 0};
  std::size_t field = 0;
  std::from_chars(path.data() + dash + 1, path.data() + path.size(), field);
  return {path.substr(0, dash), field};
}

/// "REF^I13^REF_I12" with another trigger event.
std::string with_event(const std::string& type, const std::string& event) {
  const auto first = type.find('^');
  if (event.empty() || first == std::string::npos) return type;
  const auto second = type.find('^', first + 1);
  const auto rest = second == std::string::npos ? std::string() : type.substr(second);
  return type.substr(0, first + 1) + event + rest;
}

}  // namespace

Row& Row::set(std::size_t field, std::string raw) {
  if (raw.empty() && fields.size() < field) return *this;
  if (fields.size() < field) fields.resize(field);
  fields[field - 1] = std::move(raw);
  return *this;
}

const std::string& Row::get(std::size_t field) const {
  static const std::string nothing;
  return field == 0 || field > fields.size() ? nothing : fields[field - 1];
}

MessageOut::MessageOut(const Writing& writing, const std::string& message, Instant at,
                       const std::string& event)
    : writing_(writing) {
  const auto& known = writing.dialect.messages;
  const auto type = known.find(message);
  Row msh{"MSH"};
  msh.set(3, std::string(own_namespace));
  msh.set(7, writing.date(at));
  msh.set(9, with_event(type == known.end() ? std::string() : type->second, event));
  msh.set(12, writing.dialect.version);
  rows_.push_back(std::move(msh));
}

bool MessageOut::takes(std::string_view segment) const {
  return !writing_.dialect.leave_out.contains(std::string(segment));
}

void MessageOut::add(Row row) {
  if (takes(row.name)) rows_.push_back(std::move(row));
}

void MessageOut::add_numbered(Row row) {
  row.set(1, std::to_string(++counts_[row.name]));
  add(std::move(row));
}

std::string MessageOut::filled(std::string_view text, const TemplateValues& values) const {
  std::string out;
  while (!text.empty()) {
    const auto open = std::min(text.find('{'), text.size());
    const auto close = text.find('}', open);
    out += text.substr(0, open);
    if (close == std::string_view::npos) return out += text.substr(open);
    const auto found = values.find(text.substr(open + 1, close - open - 1));
    if (found == values.end()) {
      out += text.substr(open, close + 1 - open);
    } else {
      out += writing_.text(found->second);
    }
    text.remove_prefix(close + 1);
  }
  return out;
}

std::string MessageOut::bytes(const TemplateValues& values, const std::string& control_id) const {
  Draft draft;
  for (const auto& [field, value] : {std::pair{4, "sender"}, std::pair{6, "receiver"}}) {
    const auto found = values.find(value);
    if (found != values.end()) draft.set(0, static_cast<std::size_t>(field), found->second);
  }
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const auto index = i == 0 ? 0 : draft.add(rows_[i].name);
    for (std::size_t field = 1; field <= rows_[i].fields.size(); ++field) {
      const auto& raw = rows_[i].fields[field - 1];
      if (!raw.empty()) draft.set_raw(index, field, raw);
    }
    for (const auto& [path, written] : writing_.dialect.fields) {
      const auto [name, field] = place_of(path);
      if (name == rows_[i].name) draft.set_raw(index, field, filled(written, values));
    }
  }
  draft.set_raw(0, 10, control_id);
  auto out = draft.bytes();
  for (const auto& segment : writing_.dialect.add) out += filled(segment, values) + '\r';
  return out;
}

Rendered MessageOut::finish(const TemplateValues& values) const {
  Rendered rendered;
  rendered.key = hex(sha256(bytes(values, {}))).substr(0, control_id_size);
  rendered.media_type = "x-application/hl7-v2+er7";
  rendered.bytes = bytes(values, rendered.key);
  return rendered;
}

}  // namespace meridian::hl7v2
