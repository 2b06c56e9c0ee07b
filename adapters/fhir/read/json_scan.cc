// SPDX-License-Identifier: Apache-2.0
#include "fhir/read/json_scan.h"

#include <cstdint>
#include <cstring>

namespace meridian::fhir_read {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// A position in the text that may not go past its end. A failed step sets `at` to null.
struct Scan {
  const char* at;
  const char* end;

  bool more() const { return at != nullptr && at < end; }
  char peek() const { return at < end ? *at : '\0'; }
  void fail() { at = nullptr; }

  void spaces() {
    while (at < end && is_space(*at)) ++at;
  }
  bool take(char c) {
    if (peek() != c) return false;
    ++at;
    return true;
  }
  bool word(std::string_view text) {
    if (static_cast<std::size_t>(end - at) < text.size()) return false;
    if (std::memcmp(at, text.data(), text.size()) != 0) return false;
    at += text.size();
    return true;
  }

  bool digits() {
    if (!is_digit(peek())) return false;
    while (is_digit(peek())) ++at;
    return true;
  }
  bool number() {
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (peek() == 'e' || peek() == 'E') {
      ++at;
      if (!take('+')) take('-');
      return digits();
    }
    return true;
  }

  int hex4() {
    if (end - at < 4) return -1;
    int value = 0;
    for (int i = 0; i < 4; ++i, ++at) {
      const char c = *at;
      value <<= 4;
      if (is_digit(c)) {
        value += c - '0';
      } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
        value += (c | 0x20) - 'a' + 10;
      } else {
        return -1;
      }
    }
    return value;
  }
  /// After the 'u'; a high surrogate must be followed by a low one.
  bool unicode_escape() {
    const int unit = hex4();
    if (unit < 0 || (unit >= 0xDC00 && unit <= 0xDFFF)) return false;
    if (unit < 0xD800 || unit > 0xDBFF) return true;
    if (!word("\\u")) return false;
    const int low = hex4();
    return low >= 0xDC00 && low <= 0xDFFF;
  }
  bool escape() {
    if (at >= end) return false;
    const char c = *at++;
    if (c == 'u') return unicode_escape();
    return std::memchr("\"\\/bfnrt", c, 8) != nullptr;
  }

  /// Moves to the next quote, backslash or control character.
  void plain_text() {
#if defined(__SSE2__)
    for (; end - at >= 16; at += 16) {
      if (const unsigned bits = special_bits(at); bits != 0) {
        at += __builtin_ctz(bits);
        return;
      }
    }
#endif
    while (at < end && *at != '"' && *at != '\\' && static_cast<unsigned char>(*at) >= 0x20) ++at;
  }
  /// After the opening quote, to after the closing one.
  bool string() {
    for (;;) {
      plain_text();
      if (at >= end) return false;
      const char c = *at++;
      if (c == '"') return true;
      if (c != '\\' || !escape()) return false;
    }
  }
  /// A string without escapes.
  bool plain_string() {
    if (peek() != '"') return false;
    ++at;
    plain_text();
    return at < end && *at++ == '"';
  }
  /// Members of an object that are plain strings, in text without spaces, as most are. True: `at`
  /// is after a value; else it is where a member begins that is none of these. `first`: of the
  /// object.
  bool plain_members(bool& first) {
    for (;; first = false) {
      const char* const begin = at;
      if (!plain_string() || !take(':') || !plain_string()) {
        at = begin;
        return false;
      }
      if (end - at < 2 || at[0] != ',' || at[1] != '"') return true;
      ++at;
    }
  }
  bool scalar() {
    switch (peek()) {
      case '"':
        ++at;
        return string();
      case 't':
        return word("true");
      case 'f':
        return word("false");
      case 'n':
        return word("null");
      default:
        return number();
    }
  }
  /// "name" and the colon.
  bool name() {
    if (!take('"') || !string()) return false;
    spaces();
    if (!take(':')) return false;
    spaces();
    return true;
  }
};

/// Which brackets are open; a set bit is an object.
class Nesting {
 public:
  Nesting(bool object, unsigned max_depth) : objects_(object ? 1 : 0), max_depth_(max_depth) {}
  bool object() const { return (objects_ & 1) != 0; }
  bool push(bool object) {
    if (depth_ >= max_depth_) return false;
    ++depth_;
    objects_ = (objects_ << 1) | (object ? 1 : 0);
    return true;
  }
  /// True when the outermost bracket is closed.
  bool pop() {
    objects_ >>= 1;
    return --depth_ == 0;
  }

 private:
  std::uint64_t objects_;
  unsigned depth_ = 1;
  unsigned max_depth_;
};

}  // namespace

const char* skip_container(const char* at, const char* end, bool object, unsigned max_depth) {
  Scan scan{at, end};
  Nesting nesting(object, max_depth);
  bool empty = true;  // a closing bracket may come at once
  for (;;) {
    scan.spaces();
    const char close = nesting.object() ? '}' : ']';
    if (nesting.object() && scan.plain_members(empty)) {
      scan.spaces();
    } else if (!empty || scan.peek() != close) {
      if (nesting.object() && !scan.name()) return nullptr;
      const char c = scan.peek();
      if (c == '{' || c == '[') {
        ++scan.at;
        if (!nesting.push(c == '{')) return nullptr;
        empty = true;
        continue;
      }
      if (!scan.scalar()) return nullptr;
      scan.spaces();
    }
    while (scan.peek() == (nesting.object() ? '}' : ']')) {
      if (nesting.pop()) return scan.at;
      ++scan.at;
      scan.spaces();
    }
    if (!scan.take(',')) return nullptr;
    empty = false;
  }
}

std::optional<std::size_t> mend_surrogates(std::span<char> text) {
  char* const begin = text.data();
  char* const end = begin + text.size();
  std::optional<std::size_t> first;
  char* at = begin;
  while (at < end) {
    at = static_cast<char*>(std::memchr(at, '\\', end - at));
    if (at == nullptr || end - at < 6) break;
    if (at[1] != 'u') {
      at += 2;
      continue;
    }
    Scan scan{at + 2, end};
    const int unit = scan.hex4();
    const bool high = unit >= 0xD800 && unit <= 0xDBFF;
    const bool low = unit >= 0xDC00 && unit <= 0xDFFF;
    const bool paired = high && scan.word("\\u") && (scan.hex4() & 0xFC00) == 0xDC00;
    if (low || (high && !paired)) {
      std::memcpy(at + 2, "fffd", 4);
      if (!first) first = at - begin;
    }
    at += paired ? 12 : 6;
  }
  return first;
}

ResourceHead peek_resource(const char* at, const char* end, unsigned max_depth, bool with_id) {
  ResourceHead head;
  Scan scan{at, end};
  scan.spaces();
  while (scan.take('"')) {
    const char* name_begin = scan.at;
    if (!scan.string()) return head;
    const std::string_view name(name_begin, scan.at - name_begin - 1);
    scan.spaces();
    if (!scan.take(':')) return head;
    scan.spaces();
    const char c = scan.peek();
    const char* value_begin = scan.at;
    if (c == '{' || c == '[') {
      const char* close = skip_container(scan.at + 1, end, c == '{', max_depth);
      if (close == nullptr) return head;
      scan.at = close + 1;
    } else if (!scan.scalar()) {
      return head;
    }
    if (c == '"') {
      const std::string_view value(value_begin + 1, scan.at - value_begin - 2);
      if (name == "resourceType" && head.type.empty()) head.type = value;
      if (name == "id" && head.id.empty()) head.id = value;
      if (!head.type.empty() && (!with_id || !head.id.empty())) return head;
    }
    scan.spaces();
    if (!scan.take(',')) return head;
    scan.spaces();
  }
  return head;
}

}  // namespace meridian::fhir_read
