// SPDX-License-Identifier: Apache-2.0
// OBX: rows of a report, attachments, and observations.
#include <algorithm>
#include <charconv>

#include "base/base64.h"
#include "hl7v2/read/narrative.h"
#include "hl7v2/read/segments.h"
#include "hl7v2/read/values.h"

namespace meridian::hl7v2 {
namespace {

bool one_of(const std::string& value, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

/// "application/pdf" from ED-2 and ED-3, which are written in many ways. Tables 0191 and 0291
std::string content_type(const Part& value) {
  auto type = lower(value.component(2).value());
  auto subtype = lower(value.component(3).value());
  if (type.find('/') != std::string::npos) return type;
  if (type == "ap" || type.empty()) type = "application";
  if (type == "tx" || type == "ft") type = "text";
  if (type == "im") type = "image";
  if (type == "pdf" || type == "rtf") {
    subtype = type;
    type = "application";
  }
  if (subtype == "text" || (type == "text" && subtype.empty())) return "text/plain";
  return type + '/' + (subtype.empty() ? "octet-stream" : subtype);
}

/// The document that an attachment belongs to: that of TXA, else one of its own.
Document& document_of(Context& context, const Segment& obx) {
  if (context.document) return context.out.documents[*context.document];
  Document document;
  context.begin(document, obx, context.ref_of("DocumentReference", obx));
  document.status = "current";
  document.type = concept_of(context, obx.field(3));
  document.subject = context.patient;
  document.date = date_of(context, obx, 14);
  if (context.order.report) {
    Reference report;
    report.written = report.target = context.out.imaging[*context.order.report].ref;
    document.related.push_back(std::move(report));
  }
  context.out.documents.push_back(std::move(document));
  return context.out.documents.back();
}

/// ED: bytes in the message. Words go into the narrative, everything into a document.
void read_attachment(Context& context, const Segment& obx) {
  std::size_t i = 0;
  for (const auto& value : obx.field(5).each()) {
    ++i;
    const auto encoding = lower(value.component(4).value());
    Document::Attachment attachment;
    attachment.content_type = content_type(value);
    attachment.title = obx.field(3).component(2).text();
    if (encoding == "base64") {
      auto bytes = decode_base64(value.component(5).raw());
      if (!bytes) {
        context.note(Severity::error, "value", obx.path(5, i, 5), "not base64");
        continue;
      }
      attachment.data = std::move(*bytes);
    } else if (encoding == "a" || encoding.empty()) {
      attachment.data = value.component(5).text();
    } else {
      context.note(Severity::warning, "not-supported", obx.path(5, i, 4),
                   "encoding '" + encoding + "' is not read; expected Base64 or A");
      continue;
    }
    if (attachment.content_type == "text/plain") {
      append_row(context, obx, attachment.data);
    } else if (context.order.report) {
      context.note(Severity::information, "not-supported", obx.path(5, i),
                   "'" + attachment.content_type +
                       "' is kept as a document; its words are not in the narrative");
    }
    document_of(context, obx).content.push_back(std::move(attachment));
  }
}

/// RP: the document stands elsewhere.
void read_pointer(Context& context, const Segment& obx) {
  Document::Attachment attachment;
  attachment.url = obx.field(5).component(1).text();
  attachment.title = obx.field(3).component(2).text();
  context.note(Severity::warning, "not-found", obx.path(5),
               "the document stands elsewhere and was not fetched");
  document_of(context, obx).content.push_back(std::move(attachment));
}

void read_number(Context& context, const Segment& obx, Observation& observation) {
  const auto written = obx.field(5).value();
  double number = 0;
  const auto parsed = std::from_chars(written.data() + (written.starts_with('+') ? 1 : 0),
                                      written.data() + written.size(), number);
  if (parsed.ec != std::errc{} || parsed.ptr != written.data() + written.size()) {
    context.note(Severity::warning, "value", obx.path(5),
                 "'" + written + "' is no number; expected NM");
    observation.text = Sensitive<std::string>(written);
    return;
  }
  observation.quantity.value = written.starts_with('+') ? written.substr(1) : written;
}

/// SN: comparator, number, separator, second number.
void read_structured(const Segment& obx, Observation& observation) {
  const auto field = obx.field(5);
  const auto comparator = field.component(1).value();
  if (!field.component(3).empty()) {
    observation.text =
        Sensitive<std::string>(comparator + field.component(2).value() +
                               field.component(3).value() + field.component(4).value());
    return;
  }
  observation.quantity.value = field.component(2).value();
  if (comparator != "=") observation.quantity.comparator = comparator;
}

void read_unit(const Context& context, const Segment& obx, Quantity& quantity) {
  if (quantity.empty()) return;
  const auto unit = obx.field(6).components();
  quantity.code = unit[1].value();
  quantity.unit = unit[2].text();
  if (quantity.unit.empty()) quantity.unit = quantity.code;
  const auto system = unit[3].value();
  if (!quantity.code.empty()) {
    quantity.system = system.empty() ? "http://unitsofmeasure.org" : coding_system(context, system);
  }
}

void read_value(Context& context, const Segment& obx, Observation& observation) {
  const auto type = obx.field(2).value();
  const auto value = obx.field(5);
  if (!value.has_value()) return;
  if (type == "NM") {
    read_number(context, obx, observation);
  } else if (type == "SN") {
    read_structured(obx, observation);
  } else if (one_of(type, {"CE", "CWE", "CNE", "CF"})) {
    observation.concept_value = concept_of(context, value);
  } else if (one_of(type, {"ID", "IS"}) && one_of(value.value(), {"Y", "N"})) {
    observation.concept_value = table_concept(value, "0136");
  } else if (one_of(type, {"DT", "TS", "DTM"})) {
    observation.text = Sensitive<std::string>(date_of(context, obx, 5).text);
  } else {
    observation.text = Sensitive<std::string>(lines_of(value));
  }
  read_unit(context, obx, observation.quantity);
}

PartialDate time_of(Context& context, const Segment& obx) {
  auto at = date_of(context, obx, 14);
  if (at.empty() && context.order.obr) at = date_of(context, *context.order.obr, 7);
  if (at.empty() && context.order.orc) at = date_of(context, *context.order.orc, 9);
  return at;
}

/// What was, said as an observation because the message has no segment for it: an earlier illness,
/// a medicine that is taken, a procedure without a date. `what` is OBX-3. False when it is none of
/// these.
bool read_history(Context& context, const Segment& obx, const Concept& what) {
  if (context.settings.tables == nullptr || context.order.report) return false;
  if (!one_of(obx.field(2).value(), {"CE", "CWE", "CNE"}) || !obx.field(5).has_value())
    return false;
  const auto kind = context.settings.tables->translate("v2-observation-kind", what);
  if (!kind) return false;
  auto code = concept_of(context, obx.field(5));
  const auto at = date_of(context, obx, 14);
  const auto fill = [&](auto& record) {
    context.begin(record, obx, context.ref_of(*kind, obx));
    record.code = std::move(code);
    record.subject = context.patient;
    record.encounter = context.encounter;
  };
  if (*kind == "Condition") {
    auto& condition = context.out.conditions.emplace_back();
    fill(condition);
    condition.clinical_status = "inactive";
    condition.recorded = at;
  } else if (*kind == "Procedure") {
    auto& procedure = context.out.procedures.emplace_back();
    fill(procedure);
    procedure.status = "completed";
    procedure.performed = {at, at};
  } else if (*kind == "MedicationStatement") {
    auto& medication = context.out.medications.emplace_back();
    fill(medication);
    medication.is_statement = true;
    medication.status = "active";
    medication.authored = at;
  }
  return true;
}

/// Observations are big, so their list grows in larger steps than the library's: fewer are moved.
Observation& next_observation(std::vector<Observation>& list) {
  if (list.size() == list.capacity()) list.reserve(list.size() * 3 + 4);
  return list.emplace_back();
}

void read_observation(Context& context, const Segment& obx) {
  auto code = concept_of(context, obx.field(3));
  if (read_history(context, obx, code)) return;
  if (code.empty()) {
    return context.note(Severity::warning, "required", obx.path(3),
                        "an observation that does not say what was observed");
  }
  auto& observation = next_observation(context.out.observations);
  context.begin(observation, obx, context.ref_of("Observation", obx));
  observation.code = std::move(code);
  observation.status = context.translated("v2-observation-status", "0085", obx, 11);
  if (observation.status.empty()) observation.status = "unknown";
  observation.subject = context.patient;
  observation.encounter = context.encounter;
  observation.effective = time_of(context, obx);
  for (const auto& one : obx.field(8).each()) {
    auto flag = table_concept(one, "0078");
    if (!flag.empty()) observation.interpretations.push_back(std::move(flag));
  }
  read_value(context, obx, observation);
  Reference reference;
  reference.written = reference.target = observation.ref;
  if (context.order.report) {
    auto& report = context.out.imaging[*context.order.report];
    report.results.push_back(reference);
    observation.based_on = report.based_on;
  } else if (context.order.request) {
    auto& request = context.out.service_requests[*context.order.request];
    request.supporting_info.push_back(reference);
    Reference order;
    order.written = order.target = request.ref;
    observation.based_on.push_back(std::move(order));
  }
}

}  // namespace

void read_obx(Context& context, const Segment& obx) {
  const auto type = obx.field(2).value();
  if (type == "ED") return read_attachment(context, obx);
  if (type == "RP") return read_pointer(context, obx);
  const bool in_report = context.order.report.has_value();
  if (in_report || context.document) {
    const bool prose =
        one_of(type, {"TX", "FT"}) ||
        (one_of(type, {"ST", ""}) &&
         (!in_report || is_imaging(context, context.out.imaging[*context.order.report])));
    if (prose) return append_row(context, obx, lines_of(obx.field(5)));
    if (in_report && one_of(type, {"CE", "CWE", "CNE"}) &&
        section_of(context, obx) == "impression") {
      context.out.imaging[*context.order.report].conclusion_codes.push_back(
          concept_of(context, obx.field(5)));
      return;
    }
  }
  read_observation(context, obx);
}

}  // namespace meridian::hl7v2
