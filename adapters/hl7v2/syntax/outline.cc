// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/syntax/outline.h"

namespace meridian::hl7v2 {
namespace {

constexpr std::size_t longest_value = 4000;
constexpr std::size_t deeper = 2;  // blanks

/// True for what is no part of a text: C0 but LF, DEL, and C1 (in UTF-8 0xC2 and 0x80 to 0x9F).
bool is_control(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte == 0xC2 && at + 1 < text.size()) return static_cast<unsigned char>(text[at + 1]) < 0xA0;
  return (byte < ' ' && byte != '\n') || byte == 0x7F;
}

std::string hexadecimal(char c) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  return {'\\', 'x', digits[byte >> 4U], digits[byte & 0xFU]};
}

/// `text` up to `longest_value` bytes, not within a character, and what there is in all.
std::string shortened(const std::string& text) {
  if (text.size() <= longest_value) return text;
  auto end = longest_value;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) --end;
  return text.substr(0, end) + " ... (" + std::to_string(text.size()) + " bytes in all)";
}

/// A value as it may be printed.
std::string shown(const Part& part, std::size_t indent) {
  if (part.is_null()) return "\"\"";
  const auto text = shortened(part.text());
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') {
      out += '\n' + std::string(indent + deeper, ' ') + "| ";
    } else if (is_control(text, i)) {
      out += hexadecimal(text[i]);
      if (static_cast<unsigned char>(text[i]) == 0xC2) out += hexadecimal(text[++i]);
    } else {
      out += text[i];
    }
  }
  return out;
}

bool has(const Part& part, char delimiter) {
  return delimiter != 0 && part.raw().find(delimiter) != std::string_view::npos;
}

/// The lines of one segment.
class Tree {
 public:
  /// `path` is "OBX[3]".
  Tree(std::string path, const Delimiters& delimiters, const NameOf& name_of)
      : path_(std::move(path)), delimiters_(delimiters), name_of_(name_of) {
    out_ = path_;
    add_name(path_.substr(0, 3));
    out_ += '\n';
  }

  void field(std::size_t number, const Part& field) {
    if (field.empty()) return;
    const auto own = '-' + std::to_string(number);
    std::string line(deeper, ' ');
    line += path_ + own;
    out_ += line;
    add_name(path_.substr(0, 3) + own);
    const bool defines_delimiters =
        number <= 2 && (path_ == "MSH" || path_ == "FHS" || path_ == "BHS");
    if (defines_delimiters) {
      out_ += ": " + std::string(field.raw()) + '\n';
    } else if (is_plain(field)) {
      out_ += ": " + shown(field, deeper) + '\n';
    } else {
      out_ += '\n';
      repetitions(path_ + own, field);
    }
  }

  std::string take() { return std::move(out_); }

 private:
  bool is_plain(const Part& field) const {
    return !has(field, delimiters_.repetition) && !has(field, delimiters_.component) &&
           !has(field, delimiters_.subcomponent);
  }

  void add_name(const std::string& path) {
    const auto name = name_of_(path);
    if (!name.empty()) out_ += ' ' + std::string(name);
  }

  void repetitions(const std::string& path, const Part& field) {
    std::size_t i = 0;
    for (const auto& one : field.each()) {
      const auto own = ++i == 1 ? path : path + '[' + std::to_string(i) + ']';
      parts(own, one, delimiters_.component, 2 * deeper);
    }
  }

  /// The components of a repetition, or the subcomponents of a component, below it.
  void parts(const std::string& path, const Part& whole, char delimiter, std::size_t indent) {
    if (whole.empty()) return;
    const bool components = delimiter == delimiters_.component;
    if (!has(whole, delimiter) && !(components && has(whole, delimiters_.subcomponent))) {
      out_ += std::string(indent, ' ') + path + ": " + shown(whole, indent) + '\n';
      return;
    }
    std::size_t count = 1;
    for (const char c : whole.raw()) count += c == delimiter ? 1 : 0;
    for (std::size_t i = 1; i <= count; ++i) {
      const auto own = path + '.' + std::to_string(i);
      if (components) {
        parts(own, whole.component(i), delimiters_.subcomponent, indent);
      } else if (const auto part = whole.subcomponent(i); !part.empty()) {
        out_ += std::string(indent, ' ') + own + ": " + shown(part, indent) + '\n';
      }
    }
  }

  std::string path_;
  const Delimiters& delimiters_;
  const NameOf& name_of_;
  std::string out_;
};

std::string outline(const Segment& segment, const Delimiters& delimiters, const NameOf& name_of) {
  Tree tree(segment.path(), delimiters, name_of);
  for (std::size_t i = 1; i <= segment.size(); ++i) tree.field(i, segment.field(i));
  return tree.take();
}

}  // namespace

std::string outline(const Message& message, std::size_t segment, const NameOf& name_of) {
  return outline(message[segment], message.delimiters(), name_of);
}

std::string outline(const Message& message, const NameOf& name_of) {
  std::string out;
  for (std::size_t i = 0; i < message.size(); ++i) out += outline(message, i, name_of);
  return out;
}

std::string outline(std::string_view envelope_segment, const Delimiters& delimiters,
                    const NameOf& name_of) {
  const std::string name(envelope_segment.substr(0, 3));
  Tree tree(name, delimiters, name_of);
  auto rest = envelope_segment.substr(name.size());
  std::size_t number = 0;
  if (!rest.empty() && (name == "FHS" || name == "BHS")) {
    tree.field(++number, {rest.substr(0, 1), delimiters});
  }
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const auto end = std::min(rest.find(delimiters.field), rest.size());
    tree.field(++number, {rest.substr(0, end), delimiters});
    rest.remove_prefix(end);
  }
  return tree.take();
}

}  // namespace meridian::hl7v2
