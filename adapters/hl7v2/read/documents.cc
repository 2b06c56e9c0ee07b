// SPDX-License-Identifier: Apache-2.0
// TXA: documents of MDM messages.
#include "hl7v2/read/segments.h"
#include "hl7v2/read/values.h"

namespace meridian::hl7v2 {
namespace {

Reference reference_to(const std::string& ref) {
  Reference reference;
  reference.written = reference.target = ref;
  return reference;
}

/// TXA-2 of an imaging department without an OBR: the document is a report too.
void add_report(Context& context, const Segment& txa, const Document& document) {
  const auto section = context.translate("v2-imaging-document", "0270", txa.field(2).value());
  if (!section || context.order.report) return;
  ImagingReport report;
  const auto number = hidden_number_of(context, txa.field(12));
  context.begin(
      report, txa,
      number.empty() ? context.ref_of("DiagnosticReport", txa) : "DiagnosticReport/" + number);
  report.categories.push_back({{Coding{table_system("0074"), *section, {}}}, {}});
  report.code.text = txa.field(16).text();
  report.subject = context.patient;
  report.encounter = context.encounter;
  report.effective = document.date;
  context.order.report = context.out.imaging.size();
  context.out.imaging.push_back(std::move(report));
}

/// A document of the message's event, or of TXA-17, decides over an OBR-25 that was left empty.
void settle_report(Context& context, const Document& document) {
  if (!context.order.report) return;
  auto& report = context.out.imaging[*context.order.report];
  const bool open = report.status.empty() || report.status == "unknown";
  if (document.doc_status == "entered-in-error") {
    report.status = "entered-in-error";
  } else if (document.doc_status == "amended" && (open || report.status == "final")) {
    report.status = "amended";
  } else if (open) {
    report.status = document.doc_status.empty() ? "unknown" : document.doc_status;
  }
}

}  // namespace

void read_txa(Context& context, const Segment& txa) {
  Document document;
  const auto number = hidden_number_of(context, txa.field(12));
  context.begin(
      document, txa,
      number.empty() ? context.ref_of("DocumentReference", txa) : "DocumentReference/" + number);
  const bool cancelled = context.event_is("cancel-document");
  document.status = cancelled ? "entered-in-error" : "current";
  document.type = table_concept(txa.field(2), "0270");
  document.subject = context.patient;
  document.date = date_of(context, txa, 4);
  if (document.date.empty()) document.date = date_of(context, txa, 6);
  document.doc_status = context.translated("v2-document-status", "0271", txa, 17);
  if (auto by_event = context.translate("v2-document-event", "0003", context.event)) {
    document.doc_status = *by_event;
  }
  if (!context.encounter.empty()) document.related.push_back(context.encounter);
  const auto parent = hidden_number_of(context, txa.field(13));
  if (!parent.empty()) document.related.push_back(reference_to("DocumentReference/" + parent));
  add_report(context, txa, document);
  settle_report(context, document);
  if (context.order.report) {
    document.related.push_back(reference_to(context.out.imaging[*context.order.report].ref));
  }
  context.document = context.out.documents.size();
  context.out.documents.push_back(std::move(document));
}

}  // namespace meridian::hl7v2
