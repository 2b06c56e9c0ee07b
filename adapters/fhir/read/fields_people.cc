// SPDX-License-Identifier: Apache-2.0
// Field tables of people, organisations and places.
#include "fhir/read/extensions.h"
#include "fhir/read/resources.h"

namespace meridian::fhir_read {
namespace {

/// Patient.communication: which one is preferred may be said before or after the language.
void* begin_language(Context& context, void* object) {
  context.preferred = false;
  return object;
}
void end_language(Context& context, void* object) {
  auto& patient = *static_cast<Patient*>(object);
  if (context.preferred && !patient.languages.empty()) {
    patient.preferred_language = patient.languages.back();
  }
}
bool set_preferred(Context& context, void*, std::string_view value) {
  return store(context.preferred, value);
}
constexpr std::array language_elements{
    In<Patient>::append<&Patient::languages>("language"),
    In<Patient>::custom("preferred", Shape::boolean, set_preferred),
};
constexpr Type language_type = make_type(language_elements, end_language);

/// Patient.link: only replaced-by is kept, and its type may come after its reference.
void* begin_link(Context& context, void* object) {
  context.link_type.clear();
  static_cast<Patient*>(object)->replaced_by.emplace_back();
  return object;
}
void end_link(Context& context, void* object) {
  if (context.link_type != "replaced-by") static_cast<Patient*>(object)->replaced_by.pop_back();
}
bool set_link_type(Context& context, void*, std::string_view value) {
  return store(context.link_type, value);
}
void* link_other(Context&, void* object) {
  return &static_cast<Patient*>(object)->replaced_by.back();
}
constexpr std::array link_elements{
    Element{.name = "other", .shape = Shape::object, .place = link_other, .type = &reference_type},
    In<Patient>::custom("type", Shape::text, set_link_type),
};
constexpr Type link_type = make_type(link_elements, end_link);

bool set_deceased(Context&, void* object, std::string_view) {
  static_cast<Patient*>(object)->deceased = true;
  return true;
}

constexpr auto patient_elements = resource_table<Patient>(std::array{
    In<Patient>::to<&Patient::identifiers>("identifier"),
    In<Patient>::to<&Patient::names>("name"),
    In<Patient>::to<&Patient::telecom>("telecom"),
    In<Patient>::to<&Patient::addresses>("address"),
    In<Patient>::to<&Patient::gender>("gender"),
    In<Patient>::to<&Patient::birth_date>("birthDate"),
    In<Patient>::to<&Patient::deceased>("deceasedBoolean"),
    In<Patient>::custom("deceasedDateTime", Shape::text, set_deceased),
    In<Patient>::to<&Patient::active>("active"),
    Element{.name = "communication",
            .shape = Shape::object,
            .list = true,
            .place = begin_language,
            .type = &language_type},
    In<Patient>::to<&Patient::managing_organization>("managingOrganization"),
    Element{.name = "link",
            .shape = Shape::object,
            .list = true,
            .place = begin_link,
            .type = &link_type},
    stu3("animal"),
});

constexpr std::array qualification_elements{
    In<Qualification>::to<&Qualification::identifiers>("identifier"),
    In<Qualification>::to<&Qualification::code>("code"),
    In<Qualification>::to<&Qualification::period>("period"),
    In<Qualification>::to<&Qualification::issuer>("issuer"),
    ExtensionOf<Qualification>::element,
};

constexpr auto practitioner_elements = resource_table<Practitioner>(std::array{
    In<Practitioner>::to<&Practitioner::identifiers>("identifier"),
    In<Practitioner>::to<&Practitioner::names>("name"),
    In<Practitioner>::to<&Practitioner::telecom>("telecom"),
    In<Practitioner>::to<&Practitioner::qualifications>("qualification"),
    In<Practitioner>::to<&Practitioner::languages>("communication"),
    In<Practitioner>::to<&Practitioner::active>("active"),
});

constexpr auto practitioner_role_elements = resource_table<PractitionerRole>(std::array{
    In<PractitionerRole>::to<&PractitionerRole::practitioner>("practitioner"),
    In<PractitionerRole>::to<&PractitionerRole::organization>("organization"),
    In<PractitionerRole>::to<&PractitionerRole::codes>("code"),
    In<PractitionerRole>::to<&PractitionerRole::specialties>("specialty"),
    In<PractitionerRole>::to<&PractitionerRole::locations>("location"),
    In<PractitionerRole>::to<&PractitionerRole::healthcare_services>("healthcareService"),
    In<PractitionerRole>::to<&PractitionerRole::endpoints>("endpoint"),
    In<PractitionerRole>::to<&PractitionerRole::telecom>("telecom"),
    In<PractitionerRole>::to<&PractitionerRole::active>("active"),
    In<PractitionerRole>::to<&PractitionerRole::identifiers>("identifier"),
    ExtensionOf<PractitionerRole>::element,
});

constexpr auto organization_elements = resource_table<Organization>(std::array{
    In<Organization>::to<&Organization::identifiers>("identifier"),
    In<Organization>::to<&Organization::name>("name"),
    In<Organization>::to<&Organization::types>("type"),
    In<Organization>::to<&Organization::telecom>("telecom"),
    In<Organization>::to<&Organization::addresses>("address"),
    In<Organization>::to<&Organization::endpoints>("endpoint"),
    In<Organization>::to<&Organization::part_of>("partOf"),
    In<Organization>::to<&Organization::active>("active"),
    ExtensionOf<Organization>::element,
});

constexpr std::array position_elements{
    In<Location>::to<&Location::latitude>("latitude"),
    In<Location>::to<&Location::longitude>("longitude"),
};
constexpr Type position_type = make_type(position_elements);

constexpr auto location_elements = resource_table<Location>(std::array{
    In<Location>::to<&Location::identifiers>("identifier"),
    In<Location>::to<&Location::name>("name"),
    In<Location>::to<&Location::address>("address"),
    inside("position", position_type),
    In<Location>::to<&Location::managing_organization>("managingOrganization"),
    In<Location>::to<&Location::telecom>("telecom"),
    In<Location>::to<&Location::status>("status"),
    In<Location>::to<&Location::endpoints>("endpoint"),
    ExtensionOf<Location>::element,
});

constexpr std::array eligibility_code_elements{
    In<HealthcareService>::append<&HealthcareService::eligibility>("text")};
constexpr Type eligibility_code_type = make_type(eligibility_code_elements);
constexpr std::array eligibility_elements{
    inside("code", eligibility_code_type),
    In<HealthcareService>::append<&HealthcareService::eligibility>("comment"),
};
constexpr Type eligibility_type = make_type(eligibility_elements);

constexpr auto healthcare_service_elements = resource_table<HealthcareService>(std::array{
    In<HealthcareService>::to<&HealthcareService::identifiers>("identifier"),
    In<HealthcareService>::to<&HealthcareService::name>("name"),
    In<HealthcareService>::to<&HealthcareService::active>("active"),
    In<HealthcareService>::to<&HealthcareService::provided_by>("providedBy"),
    In<HealthcareService>::to<&HealthcareService::categories>("category"),
    In<HealthcareService>::to<&HealthcareService::types>("type"),
    In<HealthcareService>::to<&HealthcareService::specialties>("specialty"),
    In<HealthcareService>::to<&HealthcareService::locations>("location"),
    In<HealthcareService>::to<&HealthcareService::endpoints>("endpoint"),
    In<HealthcareService>::to<&HealthcareService::telecom>("telecom"),
    In<HealthcareService>::to<&HealthcareService::languages>("communication"),
    In<HealthcareService>::to<&HealthcareService::characteristics>("characteristic"),
    inside_each("eligibility", eligibility_type),
    ExtensionOf<HealthcareService>::element,
});

constexpr auto endpoint_elements = resource_table<Endpoint>(std::array{
    required(In<Endpoint>::to<&Endpoint::status>("status")),
    required(In<Endpoint>::to<&Endpoint::connection_type>("connectionType")),
    required(In<Endpoint>::to<&Endpoint::address>("address")),
    In<Endpoint>::to<&Endpoint::mime_types>("payloadMimeType"),
    In<Endpoint>::to<&Endpoint::managing_organization>("managingOrganization"),
});

constexpr std::array coverage_class_elements{
    In<Coverage>::append<&Coverage::classes>("name"),
    In<Coverage>::append<&Coverage::classes>("value"),
};
constexpr Type coverage_class_type = make_type(coverage_class_elements);

constexpr auto coverage_elements = resource_table<Coverage>(std::array{
    required(In<Coverage>::to<&Coverage::status>("status")),
    In<Coverage>::to<&Coverage::type>("type"),
    essential(In<Coverage>::to<&Coverage::beneficiary>("beneficiary")),
    required(In<Coverage>::to<&Coverage::payors>("payor")),
    In<Coverage>::to<&Coverage::subscriber_id>("subscriberId"),
    In<Coverage>::to<&Coverage::period>("period"),
    In<Coverage>::to<&Coverage::network>("network"),
    inside_each("class", coverage_class_type),
    stu3("grouping"),
});

constexpr std::array provision_actor_elements{
    In<Provision::Actor>::to<&Provision::Actor::role>("role"),
    In<Provision::Actor>::to<&Provision::Actor::reference>("reference"),
    unread<Provision::Actor>("modifierExtension"),
};
constexpr std::array provision_data_elements{
    In<Provision::Instance>::to<&Provision::Instance::meaning>("meaning"),
    In<Provision::Instance>::to<&Provision::Instance::reference>("reference"),
    unread<Provision::Instance>("modifierExtension"),
};

constexpr std::array provision_elements{
    In<Provision>::to<&Provision::type>("type"),
    In<Provision>::to<&Provision::period>("period"),
    In<Provision>::to<&Provision::actors>("actor"),
    In<Provision>::to<&Provision::actions>("action"),
    In<Provision>::to<&Provision::labels>("securityLabel"),
    In<Provision>::to<&Provision::purposes>("purpose"),
    In<Provision>::to<&Provision::classes>("class"),
    unread<Provision>("code"),
    unread<Provision>("dataPeriod"),
    In<Provision>::to<&Provision::data>("data"),
    In<Provision>::to<&Provision::provisions>("provision"),
    unread<Provision>("modifierExtension"),
};

constexpr auto consent_elements = resource_table<Consent>(std::array{
    required(In<Consent>::to<&Consent::status>("status")),
    In<Consent>::to<&Consent::scope>("scope"),
    In<Consent>::to<&Consent::categories>("category"),
    In<Consent>::to<&Consent::patient>("patient"),
    In<Consent>::to<&Consent::date_time>("dateTime"),
    In<Consent>::to<&Consent::policy_rule>("policyRule"),
    In<Consent>::to<&Consent::provision>("provision"),
    stu3("except"),
    stu3("consentingParty"),
});

}  // namespace

constinit const Type qualification_type = make_type(qualification_elements);
constinit const Type patient_type = make_type(patient_elements);
constinit const Type practitioner_type = make_type(practitioner_elements);
constinit const Type practitioner_role_type = make_type(practitioner_role_elements);
constinit const Type organization_type = make_type(organization_elements);
constinit const Type location_type = make_type(location_elements);
constinit const Type healthcare_service_type = make_type(healthcare_service_elements);
constinit const Type endpoint_type = make_type(endpoint_elements);
constinit const Type coverage_type = make_type(coverage_elements);
constinit const Type provision_actor_type = make_type(provision_actor_elements);
constinit const Type provision_data_type = make_type(provision_data_elements);
constinit const Type provision_type = make_type(provision_elements);
constinit const Type consent_type = make_type(consent_elements);

}  // namespace meridian::fhir_read
