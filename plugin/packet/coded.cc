// SPDX-License-Identifier: Apache-2.0
#include "packet/coded.h"

namespace meridian::packet {
namespace {

void add(Codes& codes, const Concept& coded) {
  if (!coded.empty()) codes.push_back(coded);
}

void add(Codes& codes, const std::vector<Concept>& concepts) {
  for (const auto& coded : concepts) add(codes, coded);
}

template <typename... Members>
Codes all(const Members&... members) {
  Codes codes;
  (add(codes, members), ...);
  return codes;
}

}  // namespace

Codes codes_of(const Encounter& record) {
  return all(record.types, record.reason_codes);
}

Codes codes_of(const Condition& record) {
  return all(record.categories, record.code, record.body_sites);
}

Codes codes_of(const Observation& record) {
  Codes codes = all(record.categories, record.code, record.concept_value, record.interpretations);
  for (const auto& component : record.components) {
    add(codes, component.code);
    add(codes, component.concept_value);
  }
  return codes;
}

Codes codes_of(const Procedure& record) {
  return all(record.category, record.code, record.reason_codes, record.status_reason);
}

Codes codes_of(const Medication& record) {
  return all(record.code, record.reason_codes);
}

Codes codes_of(const AllergyIntolerance& record) {
  return all(record.code);
}

Codes codes_of(const ImagingReport& record) {
  return all(record.categories, record.code, record.conclusion_codes);
}

Codes codes_of(const Document& record) {
  return all(record.type, record.categories);
}

Codes codes_of(const QuestionnaireResponse& record) {
  Codes codes;
  for (const auto& item : record.items) {
    add(codes, Concept{item.coded_values, {}});
    if (!item.values.empty()) add(codes, Concept{item.codes, {}});
  }
  return codes;
}

Codes codes_of(const ServiceRequest& record) {
  return all(record.categories, record.code, record.order_details, record.reason_codes);
}

Codes codes_of(const Task& record) {
  return all(record.code, record.status_reason, record.business_status);
}

Codes codes_of(const Appointment& record) {
  return all(record.service_types, record.cancelation_reason);
}

Codes codes_of(const PractitionerRole& record) {
  return all(record.codes, record.specialties);
}

Codes codes_of(const HealthcareService& record) {
  return all(record.categories, record.types, record.specialties);
}

}  // namespace meridian::packet
