// SPDX-License-Identifier: Apache-2.0
// Field tables of encounters, conditions, observations, procedures, medications and allergies.
#include <charconv>

#include "fhir/read/fields.h"
#include "fhir/read/resources.h"

namespace meridian::fhir_read {
namespace {

constexpr std::array diagnosis_elements{In<Encounter>::append<&Encounter::diagnoses>("condition")};
constexpr Type diagnosis_type = make_type(diagnosis_elements);
constexpr std::array individual_elements{
    In<Encounter>::append<&Encounter::participants>("individual")};
constexpr Type individual_type = make_type(individual_elements);

constexpr auto encounter_elements = resource_table<Encounter>(std::array{
    required(In<Encounter>::to<&Encounter::status>("status")),
    required(In<Encounter>::to<&Encounter::class_code>("class")),
    In<Encounter>::to<&Encounter::types>("type"),
    In<Encounter>::append<&Encounter::types>("serviceType"),
    In<Encounter>::to<&Encounter::subject>("subject"),
    In<Encounter>::to<&Encounter::period>("period"),
    In<Encounter>::to<&Encounter::reason_codes>("reasonCode"),
    In<Encounter>::to<&Encounter::reason_references>("reasonReference"),
    inside_each("diagnosis", diagnosis_type),
    inside_each("participant", individual_type),
    In<Encounter>::to<&Encounter::service_provider>("serviceProvider"),
    stu3("reason"),
    stu3("incomingReferral"),
});

/// "52 a" from an Age whose members come in any order.
bool append_onset(Context&, void* object, std::string_view value) {
  auto& text = static_cast<Condition*>(object)->onset_text;
  if (!text.empty()) text += ' ';
  text += value;
  return true;
}
constexpr std::array age_elements{
    In<Condition>::custom("value", Shape::number, append_onset),
    In<Condition>::custom("code", Shape::text, append_onset),
};
constexpr Type age_type = make_type(age_elements);
constexpr std::array range_elements{inside("low", age_type), inside("high", age_type)};
constexpr Type range_type = make_type(range_elements);

template <auto Member>
constexpr Element abatement(std::string_view name) {
  Element element = In<Condition>::to<Member>(name);
  element.set = [](Context&, void* object, std::string_view value) {
    auto& condition = *static_cast<Condition*>(object);
    condition.abated = true;
    return store(condition.*Member, value);
  };
  return element;
}
void* mark_abated(Context&, void* object) {
  static_cast<Condition*>(object)->abated = true;
  return object;
}
constexpr Element abated_object(std::string_view name, const Type& type) {
  Element element = inside(name, type);
  element.place = mark_abated;
  return element;
}
bool set_abated(Context&, void* object, std::string_view value) {
  static_cast<Condition*>(object)->abated = value != "false";
  return true;
}
constexpr std::array<Element, 0> no_elements{};
constexpr Type opaque_type = make_type(no_elements);
constexpr std::array abatement_period_elements{abatement<&Condition::abatement>("end")};
constexpr Type abatement_period_type = make_type(abatement_period_elements);

constexpr auto condition_elements = resource_table<Condition>(std::array{
    inside("clinicalStatus", CodeOf<Condition, &Condition::clinical_status>::type),
    inside("verificationStatus", CodeOf<Condition, &Condition::verification_status>::type),
    In<Condition>::to<&Condition::categories>("category"),
    In<Condition>::to<&Condition::severity>("severity"),
    required(In<Condition>::to<&Condition::code>("code")),
    In<Condition>::to<&Condition::body_sites>("bodySite"),
    essential(In<Condition>::to<&Condition::subject>("subject")),
    In<Condition>::to<&Condition::encounter>("encounter"),
    In<Condition>::to<&Condition::onset>("onsetDateTime"),
    inside("onsetPeriod", StartOf<Condition, &Condition::onset>::type),
    inside("onsetAge", age_type),
    inside("onsetRange", range_type),
    In<Condition>::to<&Condition::onset_text>("onsetString"),
    abatement<&Condition::abatement>("abatementDateTime"),
    abated_object("abatementPeriod", abatement_period_type),
    abated_object("abatementAge", opaque_type),
    abated_object("abatementRange", opaque_type),
    In<Condition>::custom("abatementString", Shape::any, set_abated),
    In<Condition>::to<&Condition::recorded>("recordedDate"),
    stu3("context"),
    stu3("assertedDate"),
});

/// AdverseEvent.actuality: what is only potential did not happen to the patient.
bool set_actuality(Context&, void* object, std::string_view value) {
  static_cast<Condition*>(object)->verification_status =
      value == "actual" ? "confirmed" : "refuted";
  return true;
}

constexpr auto adverse_event_elements = resource_table<Condition>(std::array{
    required(In<Condition>::custom("actuality", Shape::text, set_actuality)),
    In<Condition>::to<&Condition::categories>("category"),
    In<Condition>::to<&Condition::code>("event"),
    essential(In<Condition>::to<&Condition::subject>("subject")),
    In<Condition>::to<&Condition::encounter>("encounter"),
    In<Condition>::to<&Condition::onset>("date"),
    In<Condition>::to<&Condition::recorded>("recordedDate"),
    In<Condition>::append<&Condition::categories>("seriousness"),
    In<Condition>::to<&Condition::severity>("severity"),
});

template <typename T>
bool append_text(Context&, void* object, std::string_view value) {
  auto& text = bare(static_cast<T*>(object)->text);
  if (!text.empty()) text += ' ';
  text += value;
  return true;
}
/// valueRange, valuePeriod and valueRatio become words: "3 5", "2020 2021", "1 128".
template <typename T>
struct WordsOf {
  static constexpr std::array quantity_elements{
      In<T>::custom("value", Shape::number, append_text<T>)};
  static constexpr Type quantity = make_type(quantity_elements);
  static constexpr std::array elements{
      inside("low", quantity),
      inside("high", quantity),
      inside("numerator", quantity),
      inside("denominator", quantity),
      In<T>::custom("start", Shape::text, append_text<T>),
      In<T>::custom("end", Shape::text, append_text<T>),
  };
  static constexpr Type type = make_type(elements);
};
/// valueInteger: a number without a unit, and as written.
template <typename T>
bool set_integer(Context&, void* object, std::string_view value) {
  auto& observation = *static_cast<T*>(object);
  observation.quantity.value = value;
  bare(observation.text) = value;
  return true;
}

using Component = Observation::Component;
constexpr std::array component_elements{
    In<Component>::to<&Component::code>("code"),
    In<Component>::to<&Component::quantity>("valueQuantity"),
    In<Component>::to<&Component::concept_value>("valueCodeableConcept"),
    In<Component>::to<&Component::text>("valueString"),
    In<Component>::written<&Component::text>("valueBoolean"),
    In<Component>::custom("valueInteger", Shape::number, set_integer<Component>),
    In<Component>::written<&Component::text>("valueTime"),
    In<Component>::written<&Component::text>("valueDateTime"),
    inside("valueRange", WordsOf<Component>::type),
    inside("valueRatio", WordsOf<Component>::type),
    inside("valuePeriod", WordsOf<Component>::type),
};
constexpr Type component_type = make_type(component_elements);
void* place_component(Context&, void* object) {
  return &static_cast<Observation*>(object)->components.emplace_back();
}

constexpr auto observation_elements = resource_table<Observation>(std::array{
    required(In<Observation>::to<&Observation::status>("status")),
    In<Observation>::to<&Observation::categories>("category"),
    required(In<Observation>::to<&Observation::code>("code")),
    In<Observation>::to<&Observation::subject>("subject"),
    In<Observation>::to<&Observation::encounter>("encounter"),
    In<Observation>::to<&Observation::effective>("effectiveDateTime"),
    In<Observation>::to<&Observation::effective>("effectiveInstant"),
    inside("effectivePeriod", StartOf<Observation, &Observation::effective>::type),
    In<Observation>::to<&Observation::quantity>("valueQuantity"),
    In<Observation>::to<&Observation::concept_value>("valueCodeableConcept"),
    In<Observation>::to<&Observation::text>("valueString"),
    In<Observation>::to<&Observation::boolean>("valueBoolean"),
    In<Observation>::custom("valueInteger", Shape::number, set_integer<Observation>),
    In<Observation>::written<&Observation::text>("valueTime"),
    In<Observation>::written<&Observation::text>("valueDateTime"),
    inside("valueRange", WordsOf<Observation>::type),
    inside("valueRatio", WordsOf<Observation>::type),
    inside("valuePeriod", WordsOf<Observation>::type),
    In<Observation>::to<&Observation::data_absent_reason>("dataAbsentReason"),
    In<Observation>::to<&Observation::interpretations>("interpretation"),
    In<Observation>::to<&Observation::body_site>("bodySite"),
    In<Observation>::to<&Observation::based_on>("basedOn"),
    In<Observation>::to<&Observation::derived_from>("derivedFrom"),
    In<Observation>::to<&Observation::members>("hasMember"),
    Element{.name = "component",
            .shape = Shape::object,
            .list = true,
            .place = place_component,
            .type = &component_type},
    stu3("context"),
    stu3("related"),
});

bool set_performed(Context&, void* object, std::string_view value) {
  auto& period = static_cast<Procedure*>(object)->performed;
  if (!store(period.start, value)) return false;
  period.end = period.start;
  return true;
}
constexpr std::array performer_elements{In<Procedure>::append<&Procedure::performers>("actor")};
constexpr Type performer_type = make_type(performer_elements);

constexpr auto procedure_elements = resource_table<Procedure>(std::array{
    required(In<Procedure>::to<&Procedure::status>("status")),
    In<Procedure>::to<&Procedure::status_reason>("statusReason"),
    In<Procedure>::to<&Procedure::category>("category"),
    In<Procedure>::to<&Procedure::code>("code"),
    essential(In<Procedure>::to<&Procedure::subject>("subject")),
    In<Procedure>::to<&Procedure::encounter>("encounter"),
    In<Procedure>::custom("performedDateTime", Shape::date, set_performed),
    In<Procedure>::to<&Procedure::performed>("performedPeriod"),
    In<Procedure>::to<&Procedure::reason_codes>("reasonCode"),
    In<Procedure>::to<&Procedure::reason_references>("reasonReference"),
    In<Procedure>::to<&Procedure::body_sites>("bodySite"),
    In<Procedure>::to<&Procedure::based_on>("basedOn"),
    inside_each("performer", performer_type),
    stu3("context"),
    stu3("notDone"),
    stu3("notDoneReason"),
});

/// Days of a UCUM or UnitsOfTime duration; nothing for units that are no time.
std::optional<int> days_of(const Quantity& duration) {
  const auto amount = duration.number();
  if (!amount || *amount < 0 || *amount > 100000) return std::nullopt;
  const auto& unit = duration.code.empty() ? duration.unit : duration.code;
  double days = 0;
  if (unit == "d" || unit == "day" || unit == "days") days = *amount;
  if (unit == "wk" || unit == "week" || unit == "weeks") days = *amount * 7;
  if (unit == "mo" || unit == "month" || unit == "months") days = *amount * 30;
  if (unit == "a" || unit == "year" || unit == "years") days = *amount * 365;
  if (unit == "h" || unit == "hour" || unit == "hours") days = *amount / 24;
  if (days == 0) return std::nullopt;
  return static_cast<int>(days);
}
void* begin_supply(Context& context, void* object) {
  context.supply = {};
  context.supplied = static_cast<Medication*>(object);
  return &context.supply;
}
void end_supply(Context& context, void*) {
  context.supplied->days_supply = days_of(context.supply);
}
constexpr std::array supply_elements{
    In<Quantity>::written<&Quantity::value>("value"),
    In<Quantity>::to<&Quantity::unit>("unit"),
    In<Quantity>::to<&Quantity::code>("code"),
};
constexpr Type supply_type = make_type(supply_elements, end_supply);
constexpr std::array dispense_elements{
    In<Medication>::to<&Medication::effective>("validityPeriod"),
    Element{.name = "expectedSupplyDuration",
            .shape = Shape::object,
            .place = begin_supply,
            .type = &supply_type},
};
constexpr Type dispense_type = make_type(dispense_elements);

constexpr auto medication_request_elements = resource_table<Medication>(std::array{
    required(In<Medication>::to<&Medication::status>("status")),
    required(In<Medication>::to<&Medication::intent>("intent")),
    Element{.name = "doNotPerform", .shape = Shape::unread},
    In<Medication>::to<&Medication::code>("medicationCodeableConcept"),
    In<Medication>::to<&Medication::medication>("medicationReference"),
    essential(In<Medication>::to<&Medication::subject>("subject")),
    In<Medication>::to<&Medication::encounter>("encounter"),
    In<Medication>::to<&Medication::authored>("authoredOn"),
    inside("dispenseRequest", dispense_type),
    In<Medication>::to<&Medication::reason_codes>("reasonCode"),
    In<Medication>::to<&Medication::reason_references>("reasonReference"),
    stu3("context"),
    stu3("definition"),
});

bool set_effective(Context&, void* object, std::string_view value) {
  auto& period = static_cast<Medication*>(object)->effective;
  if (!store(period.start, value)) return false;
  period.end = period.start;
  return true;
}
constexpr auto medication_statement_elements = resource_table<Medication>(std::array{
    required(In<Medication>::to<&Medication::status>("status")),
    In<Medication>::to<&Medication::code>("medicationCodeableConcept"),
    In<Medication>::to<&Medication::medication>("medicationReference"),
    essential(In<Medication>::to<&Medication::subject>("subject")),
    In<Medication>::to<&Medication::encounter>("context"),
    In<Medication>::to<&Medication::authored>("dateAsserted"),
    In<Medication>::custom("effectiveDateTime", Shape::date, set_effective),
    In<Medication>::to<&Medication::effective>("effectivePeriod"),
    In<Medication>::to<&Medication::reason_codes>("reasonCode"),
    In<Medication>::to<&Medication::reason_references>("reasonReference"),
    stu3("taken"),
    stu3("reasonNotTaken"),
});

constexpr auto drug_elements = resource_table<Drug>(std::array{In<Drug>::to<&Drug::code>("code")});

constexpr auto allergy_elements = resource_table<AllergyIntolerance>(std::array{
    inside("clinicalStatus",
           CodeOf<AllergyIntolerance, &AllergyIntolerance::clinical_status>::type),
    inside("verificationStatus",
           CodeOf<AllergyIntolerance, &AllergyIntolerance::verification_status>::type),
    In<AllergyIntolerance>::to<&AllergyIntolerance::categories>("category"),
    In<AllergyIntolerance>::to<&AllergyIntolerance::criticality>("criticality"),
    In<AllergyIntolerance>::to<&AllergyIntolerance::code>("code"),
    essential(In<AllergyIntolerance>::to<&AllergyIntolerance::patient>("patient")),
    In<AllergyIntolerance>::to<&AllergyIntolerance::onset>("onsetDateTime"),
    inside("onsetPeriod", StartOf<AllergyIntolerance, &AllergyIntolerance::onset>::type),
    stu3("assertedDate"),
});

}  // namespace

constinit const Type encounter_type = make_type(encounter_elements);
constinit const Type adverse_event_type = make_type(adverse_event_elements);
constinit const Type condition_type = make_type(condition_elements);
constinit const Type observation_type = make_type(observation_elements);
constinit const Type procedure_type = make_type(procedure_elements);
constinit const Type medication_request_type = make_type(medication_request_elements);
constinit const Type medication_statement_type = make_type(medication_statement_elements);
constinit const Type drug_type = make_type(drug_elements);
constinit const Type allergy_type = make_type(allergy_elements);

}  // namespace meridian::fhir_read
