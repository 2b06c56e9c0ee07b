// SPDX-License-Identifier: Apache-2.0
#include "fhir/read/html.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace meridian::fhir_read {
namespace {

constexpr std::string_view block_tags[] = {"p",  "br", "div", "tr", "li", "h1",    "h2", "h3",
                                           "h4", "h5", "h6",  "td", "th", "table", "ul", "pre"};

void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) code = 0xFFFD;
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

/// Appends the character that "&name;" stands for; false when it is no entity we know.
bool append_entity(std::string& out, std::string_view name) {
  if (name.starts_with('#')) {
    const bool hex = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
    const auto digits = name.substr(hex ? 2 : 1);
    std::uint32_t code = 0;
    const auto* last = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), last, code, hex ? 16 : 10);
    if (digits.empty() || read.ptr != last || read.ec != std::errc{}) return false;
    append_utf8(out, code);
    return true;
  }
  constexpr std::pair<std::string_view, std::string_view> entities[] = {
      {"amp", "&"},  {"lt", "<"},   {"gt", ">"},       {"quot", "\""},
      {"apos", "'"}, {"nbsp", " "}, {"deg", "\u00B0"}, {"ndash", "\u2013"}};
  for (const auto& [known, text] : entities) {
    if (name != known) continue;
    out += text;
    return true;
  }
  return false;
}

/// Lower-case name of the tag at `<`, without the slash.
std::string tag_name(std::string_view tag) {
  std::string name;
  for (const char c : tag) {
    if (c == '/' && name.empty()) continue;
    const char low = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    if ((low < 'a' || low > 'z') && (low < '0' || low > '9')) break;
    name.push_back(low);
  }
  return name;
}

class Page {
 public:
  explicit Page(std::string_view html) : html_(html) {}

  std::string words() {
    while (at_ < html_.size()) {
      const char c = html_[at_];
      if (c == '<') {
        tag();
      } else if (c == '&') {
        entity();
      } else {
        text(c);
        ++at_;
      }
    }
    while (!out_.empty() && (out_.back() == ' ' || out_.back() == '\n')) out_.pop_back();
    return std::move(out_);
  }

 private:
  void text(char c) {
    const bool space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!space) {
      out_.push_back(c);
    } else if (!out_.empty() && out_.back() != ' ' && out_.back() != '\n') {
      out_.push_back(' ');
    }
  }
  void entity() {
    const auto end = html_.find(';', at_);
    const bool near = end != std::string_view::npos && end - at_ <= 10;
    if (near && append_entity(out_, html_.substr(at_ + 1, end - at_ - 1))) {
      at_ = end + 1;
    } else {
      out_.push_back(html_[at_++]);
    }
  }
  void pass(std::string_view until) {
    const auto end = html_.find(until, at_);
    at_ = end == std::string_view::npos ? html_.size() : end + until.size();
  }
  void tag() {
    const auto rest = html_.substr(at_ + 1);
    if (rest.starts_with("!--")) return pass("-->");
    const std::string name = tag_name(rest.substr(0, 16));
    if (name.empty() && !rest.starts_with('!') && !rest.starts_with('?')) {
      out_.push_back(html_[at_++]);  // "a < b"
      return;
    }
    pass(">");
    if (!rest.starts_with('/') && (name == "script" || name == "style")) {
      pass("</" + name);
      pass(">");
    }
    if (std::find(std::begin(block_tags), std::end(block_tags), name) == std::end(block_tags)) {
      return;
    }
    while (!out_.empty() && out_.back() == ' ') out_.pop_back();
    if (!out_.empty() && out_.back() != '\n') out_.push_back('\n');
  }

  std::string_view html_;
  std::size_t at_ = 0;
  std::string out_;
};

}  // namespace

std::string text_of_html(std::string_view html) {
  return Page(html).words();
}

}  // namespace meridian::fhir_read
