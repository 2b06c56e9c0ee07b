// SPDX-License-Identifier: Apache-2.0
#include "fhir/read/narrative.h"

#include "base/base64.h"
#include "fhir/read/html.h"
#include "fhir/read/utf8.h"

namespace meridian::fhir_read {
namespace {

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
