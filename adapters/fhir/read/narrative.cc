// SPDX-License-Identifier: Apache-2.0
#include "fhir/read/narrative.h"

#include <array>
#include <cstdint>

#include "fhir/read/html.h"
#include "fhir/read/utf8.h"

namespace meridian::fhir_read {
namespace {

constexpr std::uint8_t no_digit = 64;
constexpr std::uint8_t ignored = 65;

constexpr std::array<std::uint8_t, 256> base64_digits() {
  std::array<std::uint8_t, 256> digits{};
  digits.fill(no_digit);
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    digits[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  for (const char c : std::string_view(" \t\r\n")) digits[static_cast<unsigned char>(c)] = ignored;
  return digits;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

/// The text of one form; what cannot be read is noted and gives nothing.
std::string text_of_form(Context& context, const Form& form, const std::string& path) {
  const std::string type = lower(form.content_type);
  const bool html = type.starts_with("text/html") || type.starts_with("application/xhtml");
  if (form.base64.empty()) {
    context.notes.add(Severity::warning, "not-found", path,
                      "the report stands elsewhere and was not fetched: " + quoted(form.url));
    return {};
  }
  if (!html && !type.starts_with("text/plain")) {
    context.notes.add(Severity::warning, "not-supported", path,
                      quoted(form.content_type) +
                          " is not read; its words are not in the narrative, its bytes are kept");
    return {};
  }
  auto bytes = decode_base64(form.base64);
  if (!bytes) {
    context.notes.add(Severity::error, "value", path + ".data", "not base64");
    return {};
  }
  if (utf8_error(*bytes)) {
    context.notes.add(Severity::information, "value", path + ".data",
                      "not UTF-8; read as ISO 8859-1");
    bytes = utf8_of_latin1(*bytes);
  }
  return html ? text_of_html(*bytes) : std::move(*bytes);
}

}  // namespace

std::optional<std::string> decode_base64(std::string_view text) {
  static constexpr auto digits = base64_digits();
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3 + 3);
  std::uint32_t group = 0;
  unsigned count = 0;
  std::size_t at = 0;
  for (; at < text.size() && text[at] != '='; ++at) {
    const std::uint8_t digit = digits[static_cast<unsigned char>(text[at])];
    if (digit == ignored) continue;
    if (digit == no_digit) return std::nullopt;
    group = group << 6 | digit;
    if (++count % 4 == 0) {
      const char three[] = {static_cast<char>(group >> 16), static_cast<char>(group >> 8),
                            static_cast<char>(group)};
      bytes.append(three, 3);
    }
  }
  if (text.find_first_not_of("= \t\r\n", at) != std::string_view::npos) return std::nullopt;
  const unsigned rest = count % 4;
  if (rest == 1) return std::nullopt;
  if (rest == 2) bytes.push_back(static_cast<char>(group >> 4));
  if (rest == 3) {
    bytes.push_back(static_cast<char>(group >> 10));
    bytes.push_back(static_cast<char>(group >> 2));
  }
  return bytes;
}

std::string utf8_of_latin1(std::string_view text) {
  std::string out;
  out.reserve(text.size() * 2);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out.push_back(c);
    } else {
      out.push_back(static_cast<char>(0xC0 | byte >> 6));
      out.push_back(static_cast<char>(0x80 | (byte & 0x3F)));
    }
  }
  return out;
}

void append_paragraph(std::string& narrative, std::string_view words) {
  if (words.empty()) return;
  if (!narrative.empty()) narrative += narrative.back() == '\n' ? "\n" : "\n\n";
  narrative += words;
}

void compose_narrative(Context& context, ImagingReport& report) {
  auto& narrative = report.narrative.reveal();
  std::size_t index = 0;
  for (const auto& form : context.forms) {
    if (form.owner != &report) continue;
    const std::string path =
        report.provenance.path + ".presentedForm[" + std::to_string(index++) + "]";
    append_paragraph(narrative, text_of_form(context, form, path));
  }
  std::erase_if(context.forms, [&](const Form& form) { return form.owner == &report; });
  const std::string& conclusion = report.conclusion.reveal();
  if (conclusion.empty() || narrative.find(conclusion) != std::string::npos) return;
  append_paragraph(narrative, narrative.empty() ? conclusion : "IMPRESSION:\n" + conclusion);
}

}  // namespace meridian::fhir_read
