// SPDX-License-Identifier: Apache-2.0
// Escaping, commas and the FHIR data types.
#include "fhir/write/json_out.h"

#include "fhir/exchange/json_edit.h"

namespace meridian::fhir {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// Bytes of the well-formed UTF-8 sequence at the front of `text`; 0 when it is none.
/// Source: Unicode 15, table 3-7.
std::size_t sequence_size(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return tail(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const bool shortest = lead != 0xE0 || byte(1) >= 0xA0;
    const bool scalar = lead != 0xED || byte(1) <= 0x9F;
    return shortest && scalar && tail(1) && tail(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const bool shortest = lead != 0xF0 || byte(1) >= 0x90;
    const bool scalar = lead != 0xF4 || byte(1) <= 0x8F;
    return shortest && scalar && tail(1) && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

void append_control(std::string& out, char c) {
  constexpr char digits[] = "0123456789abcdef";
  switch (c) {
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += digits[static_cast<unsigned char>(c) >> 4];
      out += digits[c & 0xF];
  }
}

}  // namespace

std::string json_string(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const std::size_t size = sequence_size(text);
    if (size == 0) {
      out += replacement;
      text.remove_prefix(1);
      continue;
    }
    const char c = text.front();
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      append_control(out, c);
    } else {
      out += text.substr(0, size);
    }
    text.remove_prefix(size);
  }
  return out += '"';
}

void JsonOut::comma(std::string_view name) {
  if (!text_.empty() && text_.back() != '{' && text_.back() != '[') text_ += ',';
  if (!name.empty()) (text_ += json_string(name)) += ':';
}

JsonOut& JsonOut::open(std::string_view name, char bracket, char closer) {
  const std::size_t before = text_.size();
  comma(name);
  text_ += bracket;
  open_.push_back({closer, before, text_.size()});
  return *this;
}

JsonOut& JsonOut::object(std::string_view name) {
  return open(name, '{', '}');
}

JsonOut& JsonOut::list(std::string_view name) {
  return open(name, '[', ']');
}

JsonOut& JsonOut::end() {
  const Open closed = open_.back();
  open_.pop_back();
  if (text_.size() == closed.inside && !open_.empty()) {
    text_.resize(closed.before);
  } else {
    text_ += closed.closer;
  }
  return *this;
}

JsonOut& JsonOut::text(std::string_view name, std::string_view value) {
  return value.empty() ? *this : raw(name, json_string(value));
}

JsonOut& JsonOut::raw(std::string_view name, std::string_view json) {
  if (json.empty()) return *this;
  comma(name);
  text_ += json;
  return *this;
}

JsonOut& JsonOut::raw_element(std::string_view json) {
  return raw({}, json);
}

JsonOut& JsonOut::element(std::string_view value) {
  return raw({}, json_string(value));
}

JsonOut& JsonOut::coding(std::string_view name, const Coding& coding) {
  return object(name)
      .text("system", coding.system)
      .text("code", coding.code)
      .text("display", coding.display)
      .end();
}

JsonOut& JsonOut::concept_of(std::string_view name, const Concept& coded) {
  if (coded.empty()) return *this;
  object(name);
  if (!coded.codings.empty()) {
    list("coding");
    for (const auto& one : coded.codings) coding({}, one);
    end();
  }
  return text("text", coded.text).end();
}

JsonOut& JsonOut::identifier(std::string_view name, std::string_view system, std::string_view value,
                             std::string_view type_code) {
  object(name);
  if (!type_code.empty()) {
    const Coding type{"http://terminology.hl7.org/CodeSystem/v2-0203", std::string(type_code), ""};
    concept_of("type", Concept{{type}, ""});
  }
  return text("system", system).text("value", value).end();
}

JsonOut& JsonOut::conforms_to(std::string_view profile) {
  return object("meta").list("profile").element(profile).end().end();
}

JsonOut& JsonOut::reference(std::string_view name, std::string_view reference,
                            std::string_view display) {
  if (reference.empty() && display.empty()) return *this;
  return object(name).text("reference", reference).text("display", display).end();
}

}  // namespace meridian::fhir
