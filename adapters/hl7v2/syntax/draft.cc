// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/syntax/draft.h"

#include "hl7v2/syntax/escape.h"

namespace meridian::hl7v2 {
namespace {

std::string encoding_characters(const Delimiters& delimiters) {
  std::string written;
  for (const char c : {delimiters.component, delimiters.repetition, delimiters.escape,
                       delimiters.subcomponent, delimiters.truncation}) {
    if (c != 0) written.push_back(c);
  }
  return written;
}

}  // namespace

Draft::Draft(const Delimiters& delimiters) : delimiters_(delimiters) {
  add("MSH");
  rows_[0].fields = {std::string(1, delimiters.field), encoding_characters(delimiters)};
}

Draft::Draft(const Message& message) : delimiters_(message.delimiters_), prefix_(message.prefix_) {
  rows_.reserve(message.rows_.size());
  for (const auto& row : message.rows_) {
    auto& mine = rows_.emplace_back();
    mine.name = row.raw.substr(0, 3);
    if (row.raw.size() > 3) mine.after_name = row.raw[3];
    mine.end = row.end;
    const auto first = message.fields_.begin() + row.first_field;
    mine.fields.assign(first, first + row.fields);
  }
}

std::size_t Draft::add(std::string_view name) {
  if (!rows_.empty() && rows_.back().end.empty()) rows_.back().end = "\r";
  rows_.push_back({std::string(name), {}, "\r"});
  return rows_.size() - 1;
}

void Draft::set_raw(std::size_t segment, std::size_t field, std::string raw) {
  auto& fields = rows_[segment].fields;
  if (field == 0 || (segment == 0 && field <= 2)) return;
  if (fields.size() < field) fields.resize(field);
  rows_[segment].after_name.reset();
  fields[field - 1] = std::move(raw);
}

void Draft::set(std::size_t segment, std::size_t field, std::string_view text) {
  set_raw(segment, field, escape(text, delimiters_));
}

void Draft::set(std::size_t segment, std::size_t field,
                const std::vector<std::string>& components) {
  std::string raw;
  std::size_t separators = 0;
  for (const auto& component : components) {
    if (!component.empty()) {
      raw.append(separators, delimiters_.component);
      raw += escape(component, delimiters_);
      separators = 0;
    }
    ++separators;
  }
  set_raw(segment, field, std::move(raw));
}

std::string Draft::bytes() const {
  std::string out = prefix_;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const auto& row = rows_[i];
    out += row.name;
    for (std::size_t field = 0; field < row.fields.size(); ++field) {
      const char before =
          field == 0 ? row.after_name.value_or(delimiters_.field) : delimiters_.field;
      if (i != 0 || field >= 2) out.push_back(before);
      out += row.fields[field];
    }
    out += row.end;
  }
  return out;
}

}  // namespace meridian::hl7v2
