// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/syntax/message.h"

#include <algorithm>

#include "hl7v2/syntax/escape.h"

namespace meridian::hl7v2 {
namespace {

// The library's searches for one of several characters call memchr for each character of the text.
bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// Where the first of two delimiters stands; the size when neither does. Most parts are a few
/// bytes, for which a loop is done before a search of the library has begun.
std::size_t first_of(std::string_view text, char one, char other) {
  constexpr std::size_t few = 32;
  const std::size_t near = std::min(text.size(), few);
  for (std::size_t i = 0; i < near; ++i) {
    if (text[i] == one || text[i] == other) return i;
  }
  if (near == text.size()) return near;
  const auto far = text.substr(0, text.find(one, near));
  return one == other ? far.size() : std::min(far.find(other, near), far.size());
}

}  // namespace

Part Part::split(char delimiter, std::size_t number) const {
  if (delimiters_ == nullptr || number == 0) return {};
  std::string_view rest = raw_;
  while (delimiter != 0) {
    const auto end = first_of(rest, delimiter, delimiter);
    if (--number == 0) return {rest.substr(0, end), *delimiters_};
    if (end == rest.size()) return {};
    rest.remove_prefix(end + 1);
  }
  return number == 1 ? *this : Part();
}

std::size_t Part::repetitions() const {
  if (raw_.empty()) return 0;
  std::size_t count = 1;
  for (const char c : raw_) count += c == delimiters_->repetition && c != 0;
  return count;
}

Part Part::repetition(std::size_t number) const {
  return delimiters_ == nullptr ? Part() : split(delimiters_->repetition, number);
}

Part Part::component(std::size_t number) const {
  if (raw_.empty() || number == 0) return {};
  const char own = delimiters_->component;
  const char last = delimiters_->repetition == 0 ? own : delimiters_->repetition;
  if (own == 0) return repetition(1).split(own, number);
  // Both delimiters in one walk: this is what reading a message asks most.
  for (std::string_view rest = raw_;;) {
    const auto end = first_of(rest, own, last);
    if (--number == 0) return {rest.substr(0, end), *delimiters_};
    if (end == rest.size() || rest[end] != own) return {};
    rest.remove_prefix(end + 1);
  }
}

Components::Components(std::string_view raw, const Delimiters* delimiters)
    : delimiters_(delimiters) {
  if (raw.empty()) return;
  const auto& by = *delimiters;
  std::size_t number = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < raw.size() && number < most; ++i) {
    const char c = raw[i];
    if (c == 0 || (c != by.component && c != by.repetition)) continue;
    found_[number++] = raw.substr(begin, i - begin);
    if (c == by.repetition) return;
    begin = i + 1;
  }
  if (number < most) found_[number] = raw.substr(begin);
}

Part Part::subcomponent(std::size_t number) const {
  return delimiters_ == nullptr ? Part() : split(delimiters_->subcomponent, number);
}

std::string Part::text() const {
  return has_value() ? unescape(raw_, *delimiters_) : std::string();
}

std::string Part::value() const {
  if (!has_value()) return {};
  const auto& by = *delimiters_;
  bool plain = true;  // nothing in it to be unescaped
  std::size_t end = 0;
  for (; end < raw_.size(); ++end) {
    const char c = raw_[end];
    const bool ends = c == by.component || c == by.repetition || c == by.subcomponent;
    if (ends && c != 0) break;
    plain = plain && c != by.escape && c != '\r';
  }
  const Part one(raw_.substr(0, end), by);
  if (one.is_null()) return {};
  return plain ? std::string(trimmed(one.raw_)) : unescape(trimmed(one.raw_), by);
}

std::string_view Segment::name() const {
  return raw().substr(0, 3);
}

std::size_t Segment::position() const {
  return message_->rows_[index_].position;
}

std::string_view Segment::raw() const {
  return message_->rows_[index_].raw;
}

std::size_t Segment::offset() const {
  return static_cast<std::size_t>(raw().data() - message_->bytes_.data());
}

std::size_t Segment::size() const {
  return message_->rows_[index_].fields;
}

Part Segment::field(std::size_t number) const {
  const auto& row = message_->rows_[index_];
  if (number == 0 || number > row.fields) return {};
  return {message_->fields_[row.first_field + number - 1], message_->delimiters_};
}

std::string Segment::path() const {
  const auto& row = message_->rows_[index_];
  std::string path(name());
  if (!row.alone) path += '[' + std::to_string(row.position) + ']';
  return path;
}

std::string Segment::path(std::size_t field, std::size_t repetition, std::size_t component,
                          std::size_t subcomponent) const {
  std::string path = this->path() + '-' + std::to_string(field);
  if (repetition > 1) path += '[' + std::to_string(repetition) + ']';
  if (component > 0) path += '.' + std::to_string(component);
  if (subcomponent > 0) path += '.' + std::to_string(subcomponent);
  return path;
}

std::optional<Segment> Message::find(std::string_view name) const {
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (rows_[i].raw.starts_with(name)) return Segment(*this, i);
  }
  return std::nullopt;
}

}  // namespace meridian::hl7v2
