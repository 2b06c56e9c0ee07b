// SPDX-License-Identifier: Apache-2.0
// Bytes to segments and fields.
#include <array>
#include <cstring>

#include "hl7v2/syntax/message.h"

namespace meridian::hl7v2 {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_line_end(char c) {
  return c == '\r' || c == '\n';
}

bool is_upper_or_digit(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_letter_or_digit(char c) {
  return is_upper_or_digit(c) || (c >= 'a' && c <= 'z');
}

std::string quoted(char c) {
  return std::string("'") + c + "'";
}

void fatal(Issues& issues, std::string path, std::string text) {
  issues.push_back({Severity::fatal, "structure", std::move(path), std::move(text)});
}

/// Three letters and a field separator, or a segment name alone on its line.
bool begins_segment(std::string_view rest, char field) {
  if (rest.size() < 3) return false;
  for (int i = 0; i < 3; ++i) {
    if (!is_letter_or_digit(rest[i])) return false;
  }
  if (rest.size() > 3 && rest[3] == field) return true;
  const bool alone = rest.size() == 3 || is_line_end(rest[3]);
  return alone && is_upper_or_digit(rest[0]) && is_upper_or_digit(rest[1]) &&
         is_upper_or_digit(rest[2]) && rest[0] >= 'A';
}

/// First of CR and LF at or after `from`; the end when there is none.
std::size_t line_end(std::string_view bytes, std::size_t from, bool has_lf) {
  const char* begin = bytes.data() + from;
  const std::size_t size = bytes.size() - from;
  const void* cr = std::memchr(begin, '\r', size);
  const std::size_t to_cr = cr == nullptr ? size : static_cast<const char*>(cr) - begin;
  if (!has_lf) return from + to_cr;
  const void* lf = std::memchr(begin, '\n', to_cr);
  return from + (lf == nullptr ? to_cr : static_cast<const char*>(lf) - begin);
}

/// Where the line after the line end at `end` begins; the end of the bytes when there is none.
std::size_t next_line(std::string_view bytes, std::size_t end) {
  while (end < bytes.size() && is_line_end(bytes[end])) ++end;
  return end;
}

}  // namespace

std::optional<Delimiters> read_delimiters(std::string_view segment, Issues& issues) {
  const std::string name(segment.substr(0, 3));
  if (segment.size() < 5) {
    fatal(issues, name + "-2", "the segment ends after its name; expected encoding characters");
    return std::nullopt;
  }
  Delimiters found;
  found.field = segment[3];
  const auto end = segment.find_first_of(std::string{found.field, '\r', '\n'}, 4);
  const auto written = segment.substr(4, end == std::string_view::npos ? end : end - 4);
  if (is_letter_or_digit(found.field) || static_cast<unsigned char>(found.field) <= ' ' ||
      static_cast<unsigned char>(found.field) >= 0x7F) {
    fatal(issues, name + "-1", "expected a field separator such as '|'");
    return std::nullopt;
  }
  if (written.empty() || written.size() > 5) {
    fatal(issues, name + "-2",
          "found " + std::to_string(written.size()) +
              " encoding characters; expected four or five such as ^~\\&");
    return std::nullopt;
  }
  for (std::size_t i = 0; i < written.size(); ++i) {
    const bool twice = written.find(written[i]) != i || written[i] == found.field;
    const auto byte = static_cast<unsigned char>(written[i]);
    if (!twice && !is_letter_or_digit(written[i]) && byte > ' ' && byte < 0x7F) continue;
    fatal(issues, name + "-2",
          quoted(written[i]) + (twice ? " stands twice" : " cannot delimit") +
              "; expected different characters such as ^~\\&");
    return std::nullopt;
  }
  const std::array<char*, 5> places = {&found.component, &found.repetition, &found.escape,
                                       &found.subcomponent, &found.truncation};
  for (std::size_t i = 0; i < places.size(); ++i) *places[i] = i < written.size() ? written[i] : 0;
  if (written.size() < 4) {
    issues.push_back({Severity::warning, "structure", name + "-2",
                      "found " + std::to_string(written.size()) +
                          " encoding characters; expected four. The others delimit nothing"});
  }
  return found;
}

/// Fills a Message.
class Parser {
 public:
  Parser(std::string_view bytes, Issues& issues, const ParseLimits& limits)
      : issues_(issues), limits_(limits) {
    message_.bytes_ = bytes;
  }

  bool run() {
    const auto bytes = message_.bytes_;
    std::size_t at = bytes.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
    at = bytes.find_first_not_of(" \t\r\n\v", at);
    if (at == std::string_view::npos || !bytes.substr(at).starts_with("MSH")) {
      fatal(issues_, "MSH", "expected the message to begin with MSH");
      return false;
    }
    message_.prefix_ = bytes.substr(0, at);
    const auto delimiters = read_delimiters(bytes.substr(at), issues_);
    if (!delimiters) return false;
    message_.delimiters_ = *delimiters;
    has_lf_ = bytes.find('\n', at) != std::string_view::npos;
    message_.rows_.reserve(32);
    message_.fields_.reserve(bytes.size() / 8 + 16);
    while (at < bytes.size()) {
      if (message_.rows_.size() == limits_.max_segments) {
        issues_.push_back({Severity::fatal, "too-long", message_[limits_.max_segments - 1].path(),
                           "more segments than are taken in one message"});
        return false;
      }
      at = add_segment(at);
    }
    complain();
    return true;
  }

  Message take() { return std::move(message_); }

 private:
  /// Adds the segment that begins at `begin`; returns where the next one does.
  std::size_t add_segment(std::size_t begin) {
    const auto bytes = message_.bytes_;
    std::size_t end = line_end(bytes, begin, has_lf_);
    std::size_t next = next_line(bytes, end);
    bool continued = false;
    while (next < bytes.size() && !begins_segment(bytes.substr(next), message_.delimiters_.field)) {
      continued = true;
      end = line_end(bytes, next, has_lf_);
      next = next_line(bytes, end);
    }
    Message::Row row;
    row.raw = bytes.substr(begin, end - begin);
    row.end = bytes.substr(end, next - end);
    number(row);
    split_fields(row);
    if (continued) broken_.push_back(message_.rows_.size());
    if (!is_name(row.raw)) misnamed_.push_back(message_.rows_.size());
    message_.rows_.push_back(row);
    return next;
  }

  static bool is_name(std::string_view raw) {
    return is_upper_or_digit(raw[0]) && is_upper_or_digit(raw[1]) && is_upper_or_digit(raw[2]);
  }

  /// At the end, when it is known which names stand several times.
  void complain() {
    for (const auto index : broken_) {
      issues_.push_back({Severity::warning, "structure", message_[index].path(),
                         "a line break inside a field; expected it as \\.br\\ or \\X0D\\. The "
                         "lines after it were read as its text"});
    }
    for (const auto index : misnamed_) {
      issues_.push_back({Severity::warning, "structure", message_[index].path(),
                         "expected a segment name of upper case letters and digits"});
    }
  }

  /// Counts the segments of each name; a message has few names.
  void number(Message::Row& row) {
    for (auto& count : names_) {
      if (std::memcmp(count.name, row.raw.data(), 3) != 0) continue;
      if (count.seen == 1) message_.rows_[count.first].alone = false;
      row.position = ++count.seen;
      row.alone = false;
      return;
    }
    names_.push_back({row.raw.data(), 1, static_cast<std::uint32_t>(message_.rows_.size())});
  }

  void split_fields(Message::Row& row) {
    auto& fields = message_.fields_;
    const char separator = message_.delimiters_.field;
    row.first_field = static_cast<std::uint32_t>(fields.size());
    std::string_view rest = row.raw.substr(3);
    if (message_.rows_.empty()) {  // MSH-1 is the separator itself
      fields.push_back(rest.substr(0, 1));
    }
    while (!rest.empty()) {
      rest.remove_prefix(1);
      const void* found = rest.empty() ? nullptr : std::memchr(rest.data(), separator, rest.size());
      const std::size_t size =
          found == nullptr ? rest.size() : static_cast<const char*>(found) - rest.data();
      fields.push_back(rest.substr(0, size));
      rest.remove_prefix(size);
    }
    row.fields = static_cast<std::uint32_t>(fields.size()) - row.first_field;
  }

  struct NameCount {
    const char* name;
    std::uint32_t seen;
    std::uint32_t first;  ///< row of the first one
  };

  Issues& issues_;
  const ParseLimits& limits_;
  Message message_;
  std::vector<NameCount> names_;
  std::vector<std::size_t> broken_;    ///< segments with a line break inside
  std::vector<std::size_t> misnamed_;  ///< segments whose name is not in upper case
  bool has_lf_ = false;
};

std::optional<Message> parse(std::string_view bytes, Issues& issues, const ParseLimits& limits) {
  if (bytes.size() > limits.max_bytes) {
    issues.push_back({Severity::fatal, "too-long", "", "the message is longer than is taken"});
    return std::nullopt;
  }
  Parser parser(bytes, issues, limits);
  if (!parser.run()) return std::nullopt;
  return parser.take();
}

}  // namespace meridian::hl7v2
