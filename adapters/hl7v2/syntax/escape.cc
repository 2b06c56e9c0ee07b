// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/syntax/escape.h"

#include <algorithm>
#include <charconv>

#include <simdjson.h>

namespace meridian::hl7v2 {
namespace {

constexpr std::string_view hex_digits = "0123456789ABCDEF";
constexpr int max_lines = 100;  ///< of one \.sp\ or \.sk\: more is nonsense

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

void append_latin1(std::string& out, std::string_view bytes) {
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out.push_back(c);
    } else {
      out.push_back(static_cast<char>(0xC0 | byte >> 6));
      out.push_back(static_cast<char>(0x80 | (byte & 0x3F)));
    }
  }
}

/// \Xhh..\; false when it is not hexadecimal.
bool append_hex(std::string& out, std::string_view digits) {
  if (digits.empty() || digits.size() % 2 != 0) return false;
  std::string bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const int high = hex_value(digits[i]);
    const int low = hex_value(digits[i + 1]);
    if (high < 0 || low < 0) return false;
    bytes.push_back(static_cast<char>(high * 16 + low));
  }
  if (simdjson::validate_utf8(bytes)) {
    out += bytes;
  } else {
    append_latin1(out, bytes);
  }
  return true;
}

/// \.sp 2\ and the like: the number after the command; 1 when there is none.
int count_of(std::string_view command) {
  auto number = command.substr(std::min<std::size_t>(3, command.size()));
  while (!number.empty() && (number[0] == ' ' || number[0] == '+')) number.remove_prefix(1);
  int count = 1;
  std::from_chars(number.data(), number.data() + number.size(), count);
  return std::clamp(count, 0, max_lines);
}

bool append_command(std::string& out, std::string_view command) {
  const auto name = command.substr(0, 3);
  if (name == ".br" || name == ".ce") {
    out.push_back('\n');
  } else if (name == ".sp") {
    out.append(count_of(command), '\n');
  } else if (name == ".sk") {
    out.append(count_of(command), ' ');
  } else {
    return name == ".in" || name == ".ti" || name == ".fi" || name == ".nf";
  }
  return true;
}

bool append_delimiter(std::string& out, char name, const Delimiters& delimiters) {
  switch (name) {
    case 'F':
      out.push_back(delimiters.field);
      return true;
    case 'S':
      out.push_back(delimiters.component);
      return true;
    case 'T':
      out.push_back(delimiters.subcomponent != 0 ? delimiters.subcomponent : '&');
      return true;
    case 'R':
      out.push_back(delimiters.repetition);
      return true;
    case 'E':
      out.push_back(delimiters.escape);
      return true;
    case 'P':
      out.push_back(delimiters.truncation != 0 ? delimiters.truncation : '#');
      return true;
    case 'H':
    case 'N':
      return true;
    default:
      return false;
  }
}

/// What stands between two escape characters; false when it is no escape sequence.
bool append_escape(std::string& out, std::string_view sequence, const Delimiters& delimiters) {
  if (sequence.empty()) return false;
  if (sequence.size() == 1) return append_delimiter(out, sequence[0], delimiters);
  if (sequence[0] == '.') return append_command(out, sequence);
  if (sequence[0] == 'X') return append_hex(out, sequence.substr(1));
  if (sequence[0] != 'C' && sequence[0] != 'M') return false;
  std::string ignored;  // \C2842\, \M2442..\: single and multi byte charset switches
  return append_hex(ignored, sequence.substr(1));
}

/// LF for CR LF and for CR alone.
void settle_line_ends(std::string& text) {
  if (text.find('\r') == std::string::npos) return;
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      out.push_back(text[i]);
    } else if (i + 1 == text.size() || text[i + 1] != '\n') {
      out.push_back('\n');
    }
  }
  text = std::move(out);
}

/// Most texts are a few bytes, for which a loop is done before a search of the library has begun.
bool needs_unescaping(std::string_view raw, char mark) {
  constexpr std::size_t few = 32;
  if (raw.size() > few) {
    const bool marked = mark != 0 && raw.find(mark) != std::string_view::npos;
    return marked || raw.find('\r') != std::string_view::npos;
  }
  return std::ranges::any_of(raw, [&](char c) { return c == '\r' || (c == mark && c != 0); });
}

}  // namespace

std::string unescape(std::string_view raw, const Delimiters& delimiters) {
  const char mark = delimiters.escape;
  if (!needs_unescaping(raw, mark)) return std::string(raw);
  std::string out;
  out.reserve(raw.size());
  while (mark != 0) {
    const auto begin = raw.find(mark);
    if (begin == std::string_view::npos) break;
    const auto end = raw.find(mark, begin + 1);
    if (end == std::string_view::npos) break;
    out += raw.substr(0, begin);
    if (append_escape(out, raw.substr(begin + 1, end - begin - 1), delimiters)) {
      raw.remove_prefix(end + 1);
    } else {
      out.push_back(mark);  // the second one may begin a sequence
      raw.remove_prefix(begin + 1);
    }
  }
  out += raw;
  settle_line_ends(out);
  return out;
}

std::string escape(std::string_view text, const Delimiters& delimiters) {
  if (delimiters.escape == 0) return std::string(text);
  std::string out;
  out.reserve(text.size());
  const auto sequence = [&](std::string_view name) {
    out.push_back(delimiters.escape);
    out += name;
    out.push_back(delimiters.escape);
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    if (c == delimiters.field) {
      sequence("F");
    } else if (c == delimiters.component && c != 0) {
      sequence("S");
    } else if (c == delimiters.subcomponent && c != 0) {
      sequence("T");
    } else if (c == delimiters.repetition && c != 0) {
      sequence("R");
    } else if (c == delimiters.escape) {
      sequence("E");
    } else if (c == delimiters.truncation && c != 0) {
      sequence("P");
    } else if (c == '\r' || c == '\n') {
      if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
      sequence(".br");
    } else if (byte < ' ' || byte == 0x7F) {
      sequence({std::string{'X', hex_digits[byte >> 4], hex_digits[byte & 15]}});
    } else {
      out.push_back(c);
    }
  }
  return out;
}

}  // namespace meridian::hl7v2
