// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/write/earlier.h"

#include <algorithm>

#include "hl7v2/syntax/batch.h"

namespace meridian::hl7v2 {
namespace {

/// How many parts there are between delimiters.
std::size_t parts_in(std::string_view raw, char delimiter) {
  if (delimiter == 0) return 1;
  return 1 + static_cast<std::size_t>(std::count(raw.begin(), raw.end(), delimiter));
}

}  // namespace

Earlier::Earlier(const Writing& writing, std::string_view bytes) : writing_(writing) {
  if (!looks_like_hl7v2(bytes)) return;
  const auto batch = split_batch(bytes);
  Issues ignored;  // they were told when it came
  decode(batch.messages.empty() ? bytes : batch.messages.front().bytes, "windows-1252", decoded_);
  message_ = parse(decoded_.text, ignored);
}

std::string Earlier::type() const {
  return message_ ? message_->header().field(9).component(1).value() : std::string();
}

std::string Earlier::again(const Part& field) const {
  const auto& delimiters = message_->delimiters();
  std::vector<std::string> repetitions;
  for (const auto& repetition : field.each()) {
    std::vector<std::string> components;
    for (std::size_t c = 1; c <= parts_in(repetition.raw(), delimiters.component); ++c) {
      const auto component = repetition.component(c);
      std::vector<std::string> subcomponents;
      for (std::size_t s = 1; s <= parts_in(component.raw(), delimiters.subcomponent); ++s) {
        subcomponents.push_back(writing_.text(component.subcomponent(s).text()));
      }
      components.push_back(Writing::join(subcomponents, Delimiters{}.subcomponent));
    }
    repetitions.push_back(writing_.components(components));
  }
  return writing_.repetitions(repetitions);
}

std::string Earlier::field(std::string_view segment, std::size_t number) const {
  if (!message_) return {};
  const auto found = message_->find(segment);
  return found ? again(found->field(number)) : std::string();
}

Row Earlier::copy(const Segment& segment, std::size_t last) const {
  Row row{std::string(segment.name())};
  for (std::size_t field = 1; field <= std::min(last, segment.size()); ++field) {
    row.set(field, again(segment.field(field)));
  }
  return row;
}

std::optional<Row> Earlier::row(std::string_view segment, std::size_t last) const {
  if (!message_) return std::nullopt;
  const auto found = message_->find(segment);
  if (!found) return std::nullopt;
  return copy(*found, last);
}

std::vector<Row> Earlier::rows(std::string_view segment, std::size_t last) const {
  std::vector<Row> rows;
  for (std::size_t i = 0; message_ && i < message_->size(); ++i) {
    if ((*message_)[i].name() == segment) rows.push_back(copy((*message_)[i], last));
  }
  return rows;
}

}  // namespace meridian::hl7v2
