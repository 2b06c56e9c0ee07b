// SPDX-License-Identifier: Apache-2.0
// Where references stand in each record, and what the text of a reference means.
#pragma once

#include <string>
#include <string_view>
#include <tuple>

#include "model/record_set.h"

namespace meridian::fhir_read {

/// "Type/id" of a relative or absolute literal reference, without its version; empty when the
/// text has no such form. Source: http://hl7.org/fhir/R4/references.html#literal
std::string_view type_and_id(std::string_view reference);

/// A member of a record that is a Reference or a list of them, under its FHIR name.
template <typename Member>
struct NamedMember {
  Member member;
  std::string_view name;
};
template <typename Member>
NamedMember(Member, std::string_view) -> NamedMember<Member>;

template <typename T>
struct ReferencesOf {
  static constexpr std::tuple<> members{};
};

#define MERIDIAN_REFERENCES(type, ...)                \
  template <>                                         \
  struct ReferencesOf<type> {                         \
    using T = type;                                   \
    static constexpr std::tuple members{__VA_ARGS__}; \
  }

MERIDIAN_REFERENCES(Patient, NamedMember{&T::managing_organization, "managingOrganization"},
                    NamedMember{&T::replaced_by, "link.other"});
MERIDIAN_REFERENCES(PractitionerRole, NamedMember{&T::practitioner, "practitioner"},
                    NamedMember{&T::organization, "organization"},
                    NamedMember{&T::locations, "location"},
                    NamedMember{&T::healthcare_services, "healthcareService"},
                    NamedMember{&T::endpoints, "endpoint"},
                    NamedMember{&T::networks, "extension.valueReference"},
                    NamedMember{&T::new_patients, "extension.extension.valueReference"},
                    NamedMember{&T::qualifications, "extension.extension.valueReference"});
MERIDIAN_REFERENCES(Practitioner, NamedMember{&T::qualifications, "qualification.issuer"});
MERIDIAN_REFERENCES(Organization, NamedMember{&T::endpoints, "endpoint"},
                    NamedMember{&T::part_of, "partOf"},
                    NamedMember{&T::qualifications, "extension.extension.valueReference"});
MERIDIAN_REFERENCES(Location, NamedMember{&T::managing_organization, "managingOrganization"},
                    NamedMember{&T::endpoints, "endpoint"},
                    NamedMember{&T::new_patients, "extension.extension.valueReference"});
MERIDIAN_REFERENCES(HealthcareService, NamedMember{&T::provided_by, "providedBy"},
                    NamedMember{&T::locations, "location"}, NamedMember{&T::endpoints, "endpoint"},
                    NamedMember{&T::networks, "extension.valueReference"},
                    NamedMember{&T::new_patients, "extension.extension.valueReference"});
MERIDIAN_REFERENCES(Endpoint, NamedMember{&T::managing_organization, "managingOrganization"});
MERIDIAN_REFERENCES(Coverage, NamedMember{&T::beneficiary, "beneficiary"},
                    NamedMember{&T::payors, "payor"});
MERIDIAN_REFERENCES(Consent, NamedMember{&T::patient, "patient"},
                    NamedMember{&T::provision, "provision"});
MERIDIAN_REFERENCES(Encounter, NamedMember{&T::subject, "subject"},
                    NamedMember{&T::reason_references, "reasonReference"},
                    NamedMember{&T::diagnoses, "diagnosis.condition"},
                    NamedMember{&T::participants, "participant.individual"},
                    NamedMember{&T::service_provider, "serviceProvider"});
MERIDIAN_REFERENCES(Condition, NamedMember{&T::subject, "subject"},
                    NamedMember{&T::encounter, "encounter"});
MERIDIAN_REFERENCES(Observation, NamedMember{&T::subject, "subject"},
                    NamedMember{&T::encounter, "encounter"}, NamedMember{&T::based_on, "basedOn"},
                    NamedMember{&T::derived_from, "derivedFrom"},
                    NamedMember{&T::members, "hasMember"});
MERIDIAN_REFERENCES(Procedure, NamedMember{&T::subject, "subject"},
                    NamedMember{&T::encounter, "encounter"},
                    NamedMember{&T::reason_references, "reasonReference"},
                    NamedMember{&T::based_on, "basedOn"},
                    NamedMember{&T::performers, "performer.actor"});
MERIDIAN_REFERENCES(Medication, NamedMember{&T::medication, "medicationReference"},
                    NamedMember{&T::subject, "subject"}, NamedMember{&T::encounter, "encounter"},
                    NamedMember{&T::reason_references, "reasonReference"});
MERIDIAN_REFERENCES(AllergyIntolerance, NamedMember{&T::patient, "patient"});
MERIDIAN_REFERENCES(ImagingReport, NamedMember{&T::subject, "subject"},
                    NamedMember{&T::encounter, "encounter"}, NamedMember{&T::results, "result"},
                    NamedMember{&T::studies, "imagingStudy"}, NamedMember{&T::based_on, "basedOn"});
MERIDIAN_REFERENCES(Document, NamedMember{&T::subject, "subject"},
                    NamedMember{&T::related, "context.related"});
MERIDIAN_REFERENCES(QuestionnaireResponse, NamedMember{&T::subject, "subject"},
                    NamedMember{&T::author, "author"}, NamedMember{&T::source, "source"},
                    NamedMember{&T::based_on, "basedOn"});
MERIDIAN_REFERENCES(ServiceRequest, NamedMember{&T::based_on, "basedOn"},
                    NamedMember{&T::replaces, "replaces"}, NamedMember{&T::subject, "subject"},
                    NamedMember{&T::encounter, "encounter"},
                    NamedMember{&T::requester, "requester"},
                    NamedMember{&T::performers, "performer"},
                    NamedMember{&T::locations, "locationReference"},
                    NamedMember{&T::reason_references, "reasonReference"},
                    NamedMember{&T::insurance, "insurance"},
                    NamedMember{&T::supporting_info, "supportingInfo"});
MERIDIAN_REFERENCES(Task, NamedMember{&T::based_on, "basedOn"}, NamedMember{&T::part_of, "partOf"},
                    NamedMember{&T::focus, "focus"}, NamedMember{&T::patient, "for"},
                    NamedMember{&T::requester, "requester"}, NamedMember{&T::owner, "owner"});
MERIDIAN_REFERENCES(Appointment, NamedMember{&T::based_on, "basedOn"},
                    NamedMember{&T::participants, "participant.actor"});
MERIDIAN_REFERENCES(Communication, NamedMember{&T::based_on, "basedOn"},
                    NamedMember{&T::about, "about"}, NamedMember{&T::subject, "subject"},
                    NamedMember{&T::sender, "sender"}, NamedMember{&T::recipients, "recipient"});
#undef MERIDIAN_REFERENCES

template <typename Visit>
void visit_reference(Reference& reference, std::string_view name, Visit& visit) {
  visit(reference, name);
}
template <typename Visit>
void visit_reference(std::vector<Reference>& references, std::string_view name, Visit& visit) {
  for (auto& reference : references) visit(reference, name);
}
template <typename Visit>
void visit_reference(std::vector<NewPatients>& list, std::string_view name, Visit& visit) {
  for (auto& item : list) visit(item.network, name);
}
template <typename Visit>
void visit_reference(std::vector<Qualification>& list, std::string_view name, Visit& visit) {
  for (auto& item : list) visit(item.issuer, name);
}
template <typename Visit>
void visit_reference(Provision& provision, std::string_view name, Visit& visit) {
  for (auto& actor : provision.actors) visit(actor.reference, name);
  for (auto& instance : provision.data) visit(instance.reference, name);
  for (auto& nested : provision.provisions) visit_reference(nested, name, visit);
}

/// Calls `visit(reference, FHIR name)` for every reference of a record.
template <typename T, typename Visit>
void for_each_reference(T& record, Visit visit) {
  std::apply(
      [&](const auto&... named) {
        (visit_reference(record.*named.member, named.name, visit), ...);
      },
      ReferencesOf<T>::members);
  if constexpr (std::is_same_v<T, Task>) {
    for (auto& output : record.outputs) visit(output.reference, "output.valueReference");
  }
}

}  // namespace meridian::fhir_read
