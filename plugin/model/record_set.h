// SPDX-License-Identifier: Apache-2.0
// What one message, bundle or gathered history holds, mapped to the normalized model.
#pragma once

#include <string>
#include <vector>

#include "model/clinical.h"
#include "model/issue.h"
#include "model/people.h"
#include "model/referral.h"

namespace meridian {

/// A resource of the input, known to the model or not; its bytes are found by offset and size.
struct ResourceSpan {
  std::string type;
  std::string id;
  std::string full_url;
  std::size_t offset = 0;
  std::size_t size = 0;
  bool mapped = false;  ///< false for types that only pass through
  std::string method;   ///< Bundle.entry.request.method, when given
};

/// Records by type, in the order of the input. Links between records are Reference::target.
struct RecordSet {
  std::vector<Patient> patients;
  std::vector<Practitioner> practitioners;
  std::vector<PractitionerRole> practitioner_roles;
  std::vector<Organization> organizations;
  std::vector<Location> locations;
  std::vector<HealthcareService> healthcare_services;
  std::vector<Endpoint> endpoints;
  std::vector<Coverage> coverages;
  std::vector<Consent> consents;
  std::vector<Encounter> encounters;
  std::vector<Condition> conditions;
  std::vector<Observation> observations;
  std::vector<Procedure> procedures;
  std::vector<Medication> medications;
  std::vector<AllergyIntolerance> allergies;
  std::vector<ImagingReport> imaging;
  std::vector<Document> documents;
  std::vector<QuestionnaireResponse> questionnaire_responses;
  std::vector<ServiceRequest> service_requests;
  std::vector<Task> tasks;
  std::vector<Appointment> appointments;
  std::vector<Communication> communications;

  std::vector<ResourceSpan> resources;
  Issues issues;
  std::string bundle_type;  ///< empty for a single resource
  std::string next_link;    ///< Bundle.link relation next, as written

  // Compiled once, in compiled_once.cc.
  RecordSet();
  RecordSet(const RecordSet& other);
  RecordSet(RecordSet&& other) noexcept;
  RecordSet& operator=(const RecordSet& other);
  RecordSet& operator=(RecordSet&& other) noexcept;
  ~RecordSet();
};

/// Appends all of `from`, keeping order. A record of the same ref and version is kept once.
void merge(RecordSet& into, RecordSet from);

}  // namespace meridian

#ifndef NDEBUG  // compiled once, in compiled_once.cc
extern template class std::vector<meridian::Patient>;
extern template class std::vector<meridian::Practitioner>;
extern template class std::vector<meridian::PractitionerRole>;
extern template class std::vector<meridian::Organization>;
extern template class std::vector<meridian::Location>;
extern template class std::vector<meridian::HealthcareService>;
extern template class std::vector<meridian::Endpoint>;
extern template class std::vector<meridian::Coverage>;
extern template class std::vector<meridian::Consent>;
extern template class std::vector<meridian::Encounter>;
extern template class std::vector<meridian::Condition>;
extern template class std::vector<meridian::Observation>;
extern template class std::vector<meridian::Observation::Component>;
extern template class std::vector<meridian::Procedure>;
extern template class std::vector<meridian::Medication>;
extern template class std::vector<meridian::AllergyIntolerance>;
extern template class std::vector<meridian::ImagingFinding>;
extern template class std::vector<meridian::ImagingReport>;
extern template class std::vector<meridian::Document>;
extern template class std::vector<meridian::Document::Attachment>;
extern template class std::vector<meridian::QuestionnaireResponse>;
extern template class std::vector<meridian::QuestionnaireResponse::Item>;
extern template class std::vector<meridian::ServiceRequest>;
extern template class std::vector<meridian::Task>;
extern template class std::vector<meridian::Task::Output>;
extern template class std::vector<meridian::Appointment>;
extern template class std::vector<meridian::Communication>;
extern template class std::vector<meridian::ResourceSpan>;
#endif
