// SPDX-License-Identifier: Apache-2.0
// Diagnoses, allergies, procedures and insurance.
#include "hl7v2/read/segments.h"
#include "hl7v2/read/values.h"

namespace meridian::hl7v2 {
namespace {

constexpr std::string_view deleted = "D";    ///< segment action code, table 0206
constexpr std::string_view no_reason = "0";  ///< DG1-15: not ranked among the message's diagnoses

/// By its own number when it has one, else by its place in the message.
std::string ref_by_number(const Context& context, std::string_view type, const Segment& segment,
                          std::size_t field) {
  const auto number = hidden_number_of(context, segment.field(field));
  return number.empty() ? context.ref_of(type, segment) : std::string(type) + '/' + number;
}

/// DG1-3, with DG1-2 (to v2.3) as its coding system and DG1-4 as its words.
Concept diagnosis_of(const Context& context, const Segment& dg1) {
  Concept coded = concept_of(context, dg1.field(3));
  const auto method = dg1.field(2).value();
  if (!coded.codings.empty() && dg1.field(3).component(3).empty() && !method.empty()) {
    coded.codings[0].system = coding_system(context, method);
  }
  if (const auto words = dg1.field(4).text(); !words.empty()) coded.text = words;
  return coded;
}

}  // namespace

void read_dg1(Context& context, const Segment& dg1) {
  Condition condition;
  context.begin(condition, dg1, ref_by_number(context, "Condition", dg1, 20));
  condition.code = diagnosis_of(context, dg1);
  if (condition.code.empty()) {
    return context.note(Severity::warning, "required", dg1.path(3), "a diagnosis without a code");
  }
  condition.subject = context.patient;
  condition.encounter = context.encounter;
  condition.recorded = date_of(context, dg1, 5);
  if (condition.recorded.empty()) condition.recorded = context.sent;  // said by this message
  condition.verification_status =
      context.translate("v2-diagnosis-type", "0052", dg1.field(6).value()).value_or("");
  if (dg1.field(21).value() == deleted) condition.verification_status = "entered-in-error";
  Reference reference;
  reference.written = reference.target = condition.ref;
  if (context.order.request) {
    auto& request = context.out.service_requests[*context.order.request];
    request.reason_references.push_back(reference);
    request.reason_codes.push_back(condition.code);
  } else if (context.order.medication) {
    context.out.medications[*context.order.medication].reason_codes.push_back(condition.code);
  } else if (dg1.field(15).value() != no_reason) {
    context.diagnoses.push_back(reference);
    if (!context.encounter.empty() && !context.out.encounters.empty()) {
      context.out.encounters.back().diagnoses.push_back(reference);
    }
  }
  context.out.conditions.push_back(std::move(condition));
}

void read_al1(Context& context, const Segment& al1) {
  AllergyIntolerance allergy;
  context.begin(allergy, al1, context.ref_of("AllergyIntolerance", al1));
  allergy.code = concept_of(context, al1.field(3));
  if (allergy.code.empty()) {
    return context.note(Severity::warning, "required", al1.path(3), "an allergy to nothing");
  }
  allergy.patient = context.patient;
  if (auto category = context.translate("v2-allergy-category", "0127", al1.field(2).value())) {
    allergy.categories.push_back(std::move(*category));
  }
  allergy.criticality =
      context.translate("v2-allergy-severity", "0128", al1.field(4).value()).value_or("");
  allergy.onset = date_of(context, al1, 6);
  context.out.allergies.push_back(std::move(allergy));
}

void read_pr1(Context& context, const Segment& pr1) {
  Procedure procedure;
  context.begin(procedure, pr1, ref_by_number(context, "Procedure", pr1, 19));
  procedure.code = concept_of(context, pr1.field(3));
  if (const auto words = pr1.field(4).text(); !words.empty()) procedure.code.text = words;
  if (procedure.code.empty()) {
    return context.note(Severity::warning, "required", pr1.path(3), "a procedure without a code");
  }
  const auto at = date_of(context, pr1, 5);
  const auto day = at.first_day();
  const auto sent = context.sent.last_day();
  const bool done = day && (!sent || *day <= *sent);
  if (context.referral && !done) {  // a procedure that is asked for
    auto& request = context.out.service_requests[*context.referral];
    if (!at.empty() && request.occurrence.start.empty()) request.occurrence.start = at;
    request.order_details.push_back(std::move(procedure.code));
    return;
  }
  procedure.status = pr1.field(20).value() == deleted ? "entered-in-error"
                     : at.empty()                     ? "unknown"
                                                      : "completed";
  procedure.subject = context.patient;
  procedure.encounter = context.encounter;
  procedure.performed = {at, at};
  auto reason = concept_of(context, pr1.field(15));
  if (!reason.empty()) procedure.reason_codes.push_back(std::move(reason));
  context.out.procedures.push_back(std::move(procedure));
}

void read_in1(Context& context, const Segment& in1) {
  Coverage coverage;
  context.begin(coverage, in1, context.ref_of("Coverage", in1));
  coverage.status = "active";
  coverage.beneficiary = context.patient;
  coverage.payor_name = in1.field(4).value();
  coverage.type = concept_of(context, in1.field(15));
  if (coverage.type.empty()) coverage.type = concept_of(context, in1.field(2));
  coverage.subscriber_id = Sensitive<std::string>(in1.field(36).value());
  coverage.period = {date_of(context, in1, 12), date_of(context, in1, 13)};
  if (coverage.payor_name.empty()) coverage.payor_name = in1.field(3).value();
  context.out.coverages.push_back(std::move(coverage));
}

}  // namespace meridian::hl7v2
