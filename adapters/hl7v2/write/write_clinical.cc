// SPDX-License-Identifier: Apache-2.0
// DG1, PR1 and AL1.
#include <algorithm>

#include "hl7v2/write/rows.h"

namespace meridian::hl7v2 {
namespace {

bool one_of(const std::string& value, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

/// The code, and its words in a field of their own, where versions to 2.5 look for them.
void set_code(const Writing& writing, const Concept& code, std::size_t field, Row& row) {
  row.set(field, writing.coded({code.codings, {}})).set(field + 1, writing.text(code.text));
}

}  // namespace

bool is_said_by_dg1(const Condition& condition) {
  const bool denied = one_of(condition.verification_status, {"refuted", "entered-in-error"});
  return !denied && one_of(condition.clinical_status, {"", "active", "recurrence", "relapse"}) &&
         !condition.abated;
}

bool is_said_by_pr1(const Procedure& procedure) {
  const bool done = one_of(procedure.status, {"completed", "in-progress", "unknown", ""});
  return done && !procedure.performed.start.empty();  // one without a date would be asked for
}

bool is_said_by_al1(const AllergyIntolerance& allergy) {
  return !one_of(allergy.verification_status, {"refuted", "entered-in-error"}) &&
         one_of(allergy.clinical_status, {"", "active"});
}

Row dg1_of(const Writing& writing, const Condition& condition, bool reason, Allowance& may) {
  Row dg1{"DG1"};
  const auto& ref = condition.ref;
  if (may(ref, "code")) set_code(writing, condition.code, 3, dg1);
  if (!condition.recorded.empty() && may(ref, "recordedDate")) {
    dg1.set(5, writing.date(condition.recorded));
  }
  const auto type = writing.code("v2-diagnosis-type", "0052", condition.verification_status);
  dg1.set(6, type.empty() ? "W" : type);  // required; nothing was said of how sure it is
  dg1.set(15, reason ? "" : "0");
  return dg1;
}

Row pr1_of(const Writing& writing, const Procedure& procedure, Allowance& may) {
  Row pr1{"PR1"};
  const auto& ref = procedure.ref;
  if (may(ref, "code")) set_code(writing, procedure.code, 3, pr1);
  if (may.any(ref, {"performedDateTime", "performedPeriod"})) {
    pr1.set(5, writing.date(procedure.performed.start));
  }
  return pr1;
}

Row al1_of(const Writing& writing, const AllergyIntolerance& allergy, Allowance& may) {
  Row al1{"AL1"};
  const auto& ref = allergy.ref;
  if (!allergy.categories.empty() && may(ref, "category")) {
    al1.set(2, writing.code("v2-allergy-category", "0127", allergy.categories.front()));
  }
  if (may(ref, "code")) al1.set(3, writing.coded(allergy.code));
  if (!allergy.criticality.empty() && may(ref, "criticality")) {
    al1.set(4, writing.code("v2-allergy-severity", "0128", allergy.criticality));
  }
  if (!allergy.onset.empty() && may(ref, "onsetDateTime")) al1.set(6, writing.date(allergy.onset));
  return al1;
}

}  // namespace meridian::hl7v2
