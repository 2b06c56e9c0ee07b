// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/read/narrative.h"

#include "hl7v2/read/values.h"

namespace meridian::hl7v2 {
namespace {

constexpr std::string_view section_map = "v2-report-section";
constexpr std::string_view suffix_system =
    "http://meridian-referral.org/fhir/CodeSystem/v2-obx-suffix";
constexpr std::size_t longest_heading = 40;

std::string by_words(const Context& context, std::string_view words) {
  if (context.settings.tables == nullptr || words.empty()) return {};
  return context.settings.tables->translate(section_map, term_system, normalized_term(words))
      .value_or("");
}

std::string by_suffix(const Context& context, const std::string& suffix) {
  if (context.settings.tables == nullptr || suffix.empty()) return {};
  return context.settings.tables->translate(section_map, suffix_system, suffix).value_or("");
}

struct Heading {
  std::string section;    ///< empty: the line is no heading
  std::string_view rest;  ///< what stands after it on the line
};

/// "IMPRESSION: no fracture", or the words alone on their line.
Heading heading_of(const Context& context, std::string_view line) {
  const auto first = line.find_first_not_of(" \t*_-");
  if (first == std::string_view::npos) return {};
  line.remove_prefix(first);
  const auto colon = line.find(':');
  const auto words = line.substr(0, colon);
  if (words.size() > longest_heading) return {};
  const auto rest = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  return {by_words(context, words), rest};
}

std::string_view next_line(std::string_view& text) {
  const auto end = text.find('\n');
  const auto line = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  return line;
}

void trim(std::string& text) {
  const auto last = text.find_last_not_of(" \t\n");
  text.erase(last == std::string::npos ? 0 : last + 1);
  text.erase(0, std::min(text.find_first_not_of(" \t\n"), text.size()));
}

std::string upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

/// The words of a document that came as rows are its first attachment.
std::string& document_text(Document& document) {
  for (auto& attachment : document.content) {
    if (attachment.content_type == "text/plain") return attachment.data;
  }
  auto& attachment = document.content.emplace_back();
  attachment.content_type = "text/plain";
  return attachment.data;
}

/// The section that the code of a row names.
std::string section_by_code(const Context& context, const Part& field) {
  const auto code = field.component(1);
  for (const std::size_t part : {2U, 1U}) {
    if (auto found = by_suffix(context, code.subcomponent(part).value()); !found.empty()) {
      return found;
    }
  }
  const auto coded = concept_of(context, field);
  if (context.settings.tables != nullptr) {
    if (auto found = context.settings.tables->translate(section_map, coded)) return *found;
  }
  for (const auto& coding : coded.codings) {
    if (auto found = by_words(context, coding.display); !found.empty()) return found;
  }
  return by_words(context, coded.text);
}

}  // namespace

bool is_imaging(const Context& context, const ImagingReport& report) {
  const auto* tables = context.settings.tables;
  if (tables == nullptr) return false;
  return tables->contains("imaging.category", report.categories) ||
         tables->translate("imaging-modality", report.code).has_value();
}

const std::string& section_of(Context& context, const Segment& obx) {
  const auto field = obx.field(3);
  if (auto& row = context.row; field.raw() != row.code) {
    row = {field.raw(), section_by_code(context, field)};
  }
  return context.row.section;
}

void append_row(Context& context, const Segment& obx, std::string_view words) {
  std::string row;
  const auto& section = section_of(context, obx);
  std::string_view rest = words;
  const auto said = heading_of(context, next_line(rest)).section;
  if (!section.empty() && section != context.section && said.empty()) {
    row = upper(section) + ":\n";
  }
  if (!section.empty() || !said.empty()) context.section = said.empty() ? section : said;
  row += words;
  row += '\n';
  if (context.order.report) {
    context.out.imaging[*context.order.report].narrative.reveal() += row;
  }
  if (context.document) document_text(context.out.documents[*context.document]) += row;
}

std::string impression_of(const Context& context, std::string_view narrative) {
  std::string impression;
  bool inside = false;
  while (!narrative.empty()) {
    const auto line = next_line(narrative);
    const auto heading = heading_of(context, line);
    if (!heading.section.empty()) {
      inside = heading.section == "impression";
      if (inside && !impression.empty()) impression += '\n';
      if (inside) impression.append(heading.rest).append(1, '\n');
    } else if (inside) {
      impression.append(line).append(1, '\n');
    }
  }
  trim(impression);
  return impression;
}

void finish_reports(Context& context) {
  for (auto& report : context.out.imaging) {
    trim(report.narrative.reveal());
    report.conclusion.reveal() = impression_of(context, report.narrative.reveal());
  }
  for (auto& document : context.out.documents) {
    for (auto& attachment : document.content) {
      if (attachment.content_type == "text/plain") trim(attachment.data);
    }
  }
}

}  // namespace meridian::hl7v2
