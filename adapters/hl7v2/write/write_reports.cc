// SPDX-License-Identifier: Apache-2.0
// Reports, documents and our own page: OBR, and OBX with rows of text or ED.
#include <algorithm>

#include "base/base64.h"
#include "hl7v2/syntax/names.h"
#include "hl7v2/write/rows.h"

namespace meridian::hl7v2 {
namespace {

bool one_of(const std::string& value, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

/// OBR-24: the code of table 0074 among the categories; RAD when another system says imaging.
std::string section_code(const Writing& writing, const ImagingReport& report) {
  for (const auto& category : report.categories) {
    for (const auto& coding : category.codings) {
      if (coding.system == table_system("0074")) return writing.text(coding.code);
    }
  }
  return writing.tables.contains("imaging.category", report.categories) ? "RAD" : "";
}

Row obr_of(std::string code) {
  Row obr{"OBR"};
  return obr.set(4, std::move(code));
}

/// Words of the report: the narrative where it may go, else its conclusion.
void add_words(const Writing& writing, const ImagingReport& report, Allowance& may, Rows& rows) {
  const auto& narrative = report.narrative.reveal();
  const auto& conclusion = report.conclusion.reveal();
  const bool whole = !narrative.empty() && (may.any(report.ref, {"presentedForm", "text"}));
  if (whole) add_lines(writing, writing.concept_named("narrative"), narrative, rows);
  const bool said = whole && narrative.find(conclusion) != std::string::npos;
  if (!said && !conclusion.empty() && may(report.ref, "conclusion")) {
    add_lines(writing, writing.concept_named("impression"), conclusion, rows);
  }
}

/// "application", "pdf" of "application/pdf; charset=utf-8".
std::pair<std::string, std::string> parts_of(const std::string& content_type) {
  const auto type = content_type.substr(0, content_type.find(';'));
  const auto slash = std::min(type.find('/'), type.size());
  return {type.substr(0, slash), type.substr(std::min(slash + 1, type.size()))};
}

}  // namespace

void add_lines(const Writing& writing, const std::string& code, std::string_view text, Rows& rows) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    Row obx = obx_of("TX", code, writing.text(text.substr(0, end)));
    rows.push_back(std::move(obx.set(11, "F")));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

Rows prose_of(const Writing& writing, const std::string& code, Instant at, std::string_view text) {
  Rows rows = {obr_of(code).set(7, writing.date(at))};
  add_lines(writing, code, text, rows);
  return rows;
}

Rows report_of(const Writing& writing, const ImagingReport& report, Allowance& may) {
  const auto& ref = report.ref;
  if (report.is_study || one_of(report.status, {"cancelled", "entered-in-error", "registered"})) {
    return {};
  }
  if (!may(ref, "code")) return {};
  Row obr = obr_of(writing.coded(report.code));
  if (may.any(ref, {"effectiveDateTime", "effectivePeriod"})) {
    obr.set(7, writing.date(report.effective));
  }
  if (!report.issued.empty() && may(ref, "issued")) obr.set(22, writing.date(report.issued));
  if (!report.categories.empty() && may(ref, "category")) {
    obr.set(24, section_code(writing, report));
  }
  obr.set(25, writing.code("v2-result-status", "0123", report.status));
  Rows rows = {obr};
  add_words(writing, report, may, rows);
  if (!report.conclusion_codes.empty() && may(ref, "conclusionCode")) {
    for (const auto& code : report.conclusion_codes) {
      Row obx = obx_of("CWE", writing.concept_named("impression"), writing.coded(code));
      rows.push_back(std::move(obx.set(11, "F")));
    }
  }
  if (rows.size() == 1) return {};  // an OBR without OBX would ask for the exam
  return rows;
}

Row file_of(const Writing& writing, const std::string& code, const std::string& content_type,
            const std::string& bytes, const std::string& date) {
  const auto [type, subtype] = parts_of(content_type);
  Row obx = obx_of("ED", code,
                   writing.components({"", writing.text(type), writing.text(subtype), "Base64",
                                       encode_base64(bytes)}));
  return obx.set(11, "F").set(14, date);
}

Rows document_of(const Writing& writing, const Document& document, Allowance& may) {
  if (document.status == "entered-in-error" || !may(document.ref, "content")) return {};
  const auto code =
      document.type.empty() ? writing.concept_named("note") : writing.coded(document.type);
  Rows rows = {obr_of(code).set(7, writing.date(document.date))};
  for (const auto& attachment : document.content) {
    if (attachment.data.empty()) {
      add_lines(writing, code,
                "A document is named here and not in this message: " +
                    (attachment.title.empty() ? attachment.content_type : attachment.title),
                rows);
      continue;
    }
    const auto [type, subtype] = parts_of(attachment.content_type);
    if (type == "text" && subtype == "plain") {
      add_lines(writing, code, attachment.data, rows);
      continue;
    }
    rows.push_back(file_of(writing, code, attachment.content_type, attachment.data,
                           writing.date(document.date)));
  }
  if (rows.size() == 1) return {};
  return rows;
}

}  // namespace meridian::hl7v2
