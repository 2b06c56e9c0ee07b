// SPDX-License-Identifier: Apache-2.0
// OBX: observations, answers, and what has no segment of its own.
#include <algorithm>

#include "hl7v2/write/rows.h"

namespace meridian::hl7v2 {
namespace {

constexpr std::string_view loinc = "http://loinc.org";
constexpr std::string_view own_questions =
    "http://meridian-referral.org/fhir/CodeSystem/screening-question";

bool one_of(const std::string& value, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

std::string yes_or_no(bool yes) {
  return yes ? "Y^Yes^HL70136" : "N^No^HL70136";
}

std::string unit_of(const Writing& writing, const Quantity& quantity) {
  if (quantity.code.empty()) return writing.coded(Concept{{}, quantity.unit});
  return writing.coded(Coding{quantity.system, quantity.code, quantity.unit});
}

/// OBX-2, 5 and 6; false when there is no value that may be sent.
bool set_quantity(const Writing& writing, const Quantity& quantity, Row& obx) {
  if (quantity.empty()) return false;
  obx.set(6, unit_of(writing, quantity));
  if (quantity.comparator.empty()) {
    obx.set(2, "NM").set(5, writing.text(quantity.value));
  } else {
    obx.set(2, "SN");
    obx.set(5,
            writing.components({writing.text(quantity.comparator), writing.text(quantity.value)}));
  }
  return true;
}

void set_value(const Writing& writing, const Observation& observation, Allowance& may, Row& obx) {
  const auto& ref = observation.ref;
  if (observation.boolean) {
    if (may(ref, "valueBoolean")) obx.set(2, "CWE").set(5, yes_or_no(*observation.boolean));
  } else if (!observation.concept_value.empty()) {
    if (!may(ref, "valueCodeableConcept")) return;
    obx.set(2, "CWE").set(5, writing.coded(observation.concept_value));
  } else if (!observation.text.reveal().empty()) {
    if (may(ref, "valueString")) obx.set(2, "ST").set(5, writing.text(observation.text.reveal()));
  } else if (!observation.quantity.empty() && may(ref, "valueQuantity")) {
    set_quantity(writing, observation.quantity, obx);
  }
}

Row component_row(const Writing& writing, const Observation::Component& component) {
  Row obx = obx_of("ST", writing.coded(component.code), writing.text(component.text));
  if (!component.concept_value.empty()) {
    obx.set(2, "CWE").set(5, writing.coded(component.concept_value));
  } else if (component.text.empty()) {
    set_quantity(writing, component.quantity, obx);
  }
  return obx;
}

/// When it was observed: an answer without its time would be taken for one of today.
void set_time(const Writing& writing, const Observation& observation, Allowance& may, Row& obx) {
  if (observation.effective.empty()) return;
  if (may.any(observation.ref, {"effectiveDateTime", "effectivePeriod"})) {
    obx.set(14, writing.date(observation.effective));
  }
}

std::string question_of(const Writing& writing, const QuestionnaireResponse::Item& item) {
  if (item.link_id.find('.') != std::string::npos && !item.link_id.empty() &&
      !(item.link_id[0] >= '0' && item.link_id[0] <= '9')) {
    return writing.coded(Coding{std::string(own_questions), item.link_id, item.text});
  }
  for (const auto& coding : item.codes) {
    if (!coding.code.empty()) return writing.coded(Concept{{coding}, item.text});
  }
  return writing.coded(Concept{{}, item.text.empty() ? item.link_id : item.text});
}

Row history_row(const Writing& writing, const std::string& kind, const Concept& code) {
  const auto loinc_code = writing.tables.code_for("v2-observation-kind", loinc, kind);
  Row obx = obx_of("CWE", writing.coded(Coding{std::string(loinc), loinc_code.value_or(""), {}}),
                   writing.coded(code));
  return obx.set(11, "F");
}

}  // namespace

Row obx_of(const char* type, std::string code, std::string value) {
  Row obx{"OBX"};
  obx.set(2, type).set(3, std::move(code)).set(5, std::move(value));
  return obx;
}

Rows obx_of(const Writing& writing, const Observation& observation, Allowance& may) {
  const auto& ref = observation.ref;
  if (one_of(observation.status, {"cancelled", "entered-in-error", "registered"})) return {};
  if (!may(ref, "code")) return {};
  const auto status = writing.code("v2-observation-status", "0085", observation.status);
  Rows rows;
  const auto add = [&](Row obx) {
    set_time(writing, observation, may, obx);
    rows.push_back(std::move(obx.set(11, status)));
  };
  Row obx = obx_of("ST", writing.coded(observation.code), {});
  set_value(writing, observation, may, obx);
  if (!observation.interpretations.empty() && may(ref, "interpretation")) {
    std::vector<std::string> flags;
    for (const auto& flag : observation.interpretations) {
      if (flag.codings.empty()) continue;
      const auto& coding = flag.codings.front();
      flags.push_back(
          writing.components({writing.text(coding.code), writing.text(coding.display)}));
    }
    obx.set(8, writing.repetitions(flags));
  }
  if (!obx.get(5).empty() || observation.components.empty()) add(std::move(obx));
  if (!observation.components.empty() && may(ref, "component")) {
    for (const auto& component : observation.components) add(component_row(writing, component));
  }
  return rows;
}

Rows obx_of(const Writing& writing, const QuestionnaireResponse& response, Allowance& may) {
  Rows rows;
  if (!one_of(response.status, {"completed", "amended"}) || !may(response.ref, "item")) return rows;
  const bool dated = may(response.ref, "authored");
  const auto add = [&](const QuestionnaireResponse::Item& item, const char* type,
                       std::string value) {
    Row obx = obx_of(type, question_of(writing, item), std::move(value));
    obx.set(11, "F");
    if (dated) obx.set(14, writing.date(response.authored));
    rows.push_back(std::move(obx));
  };
  for (const auto& item : response.items) {
    for (const auto& coding : item.coded_values) add(item, "CWE", writing.coded(coding));
    if (!item.coded_values.empty()) continue;
    for (const auto& value : item.values) {
      const bool truth = value == "true" || value == "false";
      add(item, truth ? "CWE" : "ST", truth ? yes_or_no(value == "true") : writing.text(value));
    }
  }
  return rows;
}

Rows history_of(const Writing& writing, const Condition& condition, Allowance& may) {
  const bool denied = one_of(condition.verification_status, {"refuted", "entered-in-error"});
  if (denied || !may(condition.ref, "code")) return {};
  Row obx = history_row(writing, "Condition", condition.code);
  if (!condition.recorded.empty() && may(condition.ref, "recordedDate")) {
    obx.set(14, writing.date(condition.recorded));
  }
  return {obx};
}

Rows history_of(const Writing& writing, const Procedure& procedure, Allowance& may) {
  const bool done = one_of(procedure.status, {"completed", "in-progress", "unknown", ""});
  if (!done || !may(procedure.ref, "code")) return {};
  return {history_row(writing, "Procedure", procedure.code)};
}

Rows history_of(const Writing& writing, const Medication& medication, Allowance& may) {
  const auto& ref = medication.ref;
  if (!one_of(medication.status, {"active", "unknown", ""})) return {};
  if (medication.code.empty() || !may(ref, "medicationCodeableConcept")) return {};
  Row obx = history_row(writing, "MedicationStatement", medication.code);
  const auto& at = medication.authored.empty() ? medication.effective.start : medication.authored;
  const bool dated = medication.is_statement
                         ? may.any(ref, {"effectiveDateTime", "effectivePeriod"})
                         : may(ref, "authoredOn");
  if (dated) obx.set(14, writing.date(at));
  return {obx};
}

}  // namespace meridian::hl7v2
