// SPDX-License-Identifier: Apache-2.0
#include "unit/hl7v2_write/random_referral.h"

#include <random>

namespace meridian::hl7v2::test {
namespace {

constexpr std::string_view table = "http://terminology.hl7.org/CodeSystem/v2-";

class Maker {
 public:
  explicit Maker(std::uint32_t seed) : random_(seed) {}

  Letter letter() {
    letter_.kind = Letter::Kind::referral;
    letter_.referral_id = "01JNQX" + std::to_string(number(1000, 9999));
    letter_.source_order = "ServiceRequest/1";
    letter_.task_status = "requested";
    letter_.sender_name = maybe() ? "Sending hospital" : "";
    letter_.receiver_name = "Receiving clinic";
    letter_.at = *parse_instant("2026-04-02T08:00:00Z");
    add_patient();
    add_practitioner();
    add_conditions();
    add_coverages();
    add_order();
    add_allergies();
    add_procedures();
    add_medications();
    add_observations();
    add_reports();
    add_documents();
    return std::move(letter_);
  }

 private:
  int number(int from, int to) { return std::uniform_int_distribution<int>(from, to)(random_); }
  bool maybe() { return number(0, 1) == 1; }
  int few() { return number(0, 3); }

  template <std::size_t N>
  std::string one_of(const char* const (&list)[N]) {
    return list[static_cast<std::size_t>(number(0, N - 1))];
  }

  /// Never begins or ends with a blank: v2 has none there.
  std::string words(bool lines = false) {
    constexpr const char* pieces[] = {"pain",       "L4|L5",     "a^b",    "x~y",    "back\\slash",
                                      "A&B",        "Ölçü",      "腰痛",   "#1",     "\\F\\",
                                      "\\.br\\",    "tab\there", "R&amp;", "o'Hara", "50 %",
                                      "\"quoted\"", "β"};
    std::string text = one_of(pieces);
    for (int i = number(0, 3); i > 0; --i) {
      text += (lines && number(0, 3) == 0 ? "\n" : " ") + one_of(pieces);
    }
    return text;
  }

  std::string two(int value) { return (value < 10 ? "0" : "") + std::to_string(value); }

  /// Never after the letter.
  PartialDate date(bool times = true) {
    std::string text = std::to_string(number(1990, 2025));
    const int precision = number(0, times ? 4 : 2);
    if (precision >= 1) text += '-' + two(number(1, 12));
    if (precision >= 2) text += '-' + two(number(1, 28));
    if (precision >= 3) {
      text += 'T' + two(number(0, 23)) + ':' + two(number(0, 59)) + ':' + two(number(0, 59));
      if (precision == 4) text += '.' + std::to_string(number(100, 999));
      constexpr const char* zones[] = {"Z", "-05:00", "+01:30", "+00:00"};
      text += one_of(zones);
    }
    return *parse_partial_date(text);
  }

  PartialDate day() {
    return *parse_partial_date(std::to_string(number(1930, 2005)) + '-' + two(number(1, 12)) + '-' +
                               two(number(1, 28)));
  }

  Coding coding() {
    constexpr const char* systems[] = {"http://snomed.info/sct",
                                       "http://hl7.org/fhir/sid/icd-10-cm",
                                       "http://www.nlm.nih.gov/research/umls/rxnorm",
                                       "http://hospital.example/codes", "urn:oid:1.2.840.99"};
    return {one_of(systems),
            "C" + std::to_string(number(100, 999)) + '.' + std::to_string(number(0, 9)),
            maybe() ? words() : ""};
  }

  Concept coded() {
    Concept coded;
    for (int i = number(0, 2); i > 0; --i) coded.codings.push_back(coding());
    if (coded.codings.empty() || maybe()) coded.text = words();
    return coded;
  }

  Identifier identifier() {
    constexpr const char* systems[] = {"urn:oid:1.2.3.4", "http://hospital.example/mrn",
                                       "urn:hl7v2:EPIC", "urn:uuid:6ba7b810-9dad-11d1-80b4"};
    Identifier identifier;
    identifier.system = one_of(systems);
    identifier.value = Sensitive<std::string>("N" + std::to_string(number(1, 99999)) + "&|");
    return identifier;
  }

  HumanName name() {
    constexpr const char* uses[] = {"", "official", "usual", "maiden"};
    HumanName name;
    name.family = Sensitive<std::string>(words());
    if (maybe()) name.given.reveal().push_back(words());
    if (maybe() && !name.given.reveal().empty()) name.given.reveal().push_back(words());
    name.use = one_of(uses);
    return name;
  }

  ContactPoint contact() {
    constexpr const char* systems[] = {"phone", "fax", "email"};
    constexpr const char* uses[] = {"", "home", "work", "mobile"};
    ContactPoint contact;
    contact.system = one_of(systems);
    contact.value = Sensitive<std::string>("555-0" + std::to_string(number(100, 999)));
    contact.use = one_of(uses);
    return contact;
  }

  template <typename T>
  void begin(T& record, const char* type) {
    record.ref = std::string(type) + '/' + std::to_string(++count_);
    letter_.include.push_back(record.ref);
  }

  static Reference to(const Record& record) {
    Reference reference;
    reference.written = reference.target = record.ref;
    return reference;
  }

  void add_patient() {
    Patient patient;
    begin(patient, "Patient");
    constexpr const char* genders[] = {"", "female", "male", "other", "unknown"};
    for (int i = number(1, 2); i > 0; --i) patient.identifiers.push_back(identifier());
    for (int i = number(1, 2); i > 0; --i) patient.names.push_back(name());
    for (int i = few(); i > 0; --i) patient.telecom.push_back(contact());
    if (maybe()) {
      Address address;
      for (int i = number(1, 2); i > 0; --i) address.lines.reveal().push_back(words());
      address.city = words();
      address.state = "OH";
      address.postal_code = "43001";
      patient.addresses.push_back(address);
    }
    patient.gender = one_of(genders);
    if (maybe()) patient.birth_date = Sensitive<PartialDate>(day());
    if (maybe()) patient.languages.push_back({{coding()}, {}});
    patient.deceased = number(0, 9) == 0;
    patient_ = to(patient);
    letter_.records.patients.push_back(std::move(patient));
  }

  void add_practitioner() {
    if (maybe()) return;
    Practitioner person;
    begin(person, "Practitioner");
    person.names.push_back(name());
    for (int i = few(); i > 0; --i) person.telecom.push_back(contact());
    Identifier npi;
    npi.system = "http://hl7.org/fhir/sid/us-npi";
    npi.value = Sensitive<std::string>("1093817465");
    if (maybe()) person.identifiers.push_back(npi);
    requester_ = to(person);
    letter_.records.practitioners.push_back(std::move(person));
  }

  void add_conditions() {
    for (int i = few(); i > 0; --i) {
      Condition condition;
      begin(condition, "Condition");
      condition.code = coded();
      condition.subject = patient_;
      condition.recorded = date();
      condition.clinical_status = maybe() ? "active" : "inactive";
      if (condition.clinical_status == "active") {
        condition.verification_status = maybe() ? "confirmed" : "provisional";
        if (maybe()) reasons_.push_back(to(condition));
      }
      letter_.records.conditions.push_back(std::move(condition));
    }
  }

  void add_coverages() {
    for (int i = number(0, 2); i > 0; --i) {
      Coverage coverage;
      begin(coverage, "Coverage");
      coverage.status = "active";
      coverage.beneficiary = patient_;
      coverage.type = coded();
      coverage.payor_name = words();
      coverage.subscriber_id = Sensitive<std::string>("S" + std::to_string(number(1, 999)) + "^");
      coverage.period = {date(), maybe() ? date() : PartialDate{}};
      letter_.records.coverages.push_back(std::move(coverage));
    }
  }

  void add_order() {
    ServiceRequest order;
    order.ref = letter_.source_order;
    letter_.include.push_back(order.ref);
    constexpr const char* priorities[] = {"routine", "urgent", "asap", "stat"};
    order.status = "active";
    order.intent = "order";
    for (int i = few(); i > 0; --i) order.identifiers.push_back(identifier());
    order.priority = one_of(priorities);
    if (maybe()) order.categories.push_back(coded());
    order.code = coded();
    for (int i = few(); i > 0; --i) order.order_details.push_back(coded());
    for (int i = few(); i > 0; --i) order.reason_codes.push_back(coded());
    order.reason_references = reasons_;
    order.subject = patient_;
    order.requester = requester_;
    order.authored = date();
    if (maybe()) order.occurrence = {date(), date()};
    letter_.records.service_requests.push_back(std::move(order));
  }

  void add_allergies() {
    constexpr const char* categories[] = {"medication", "food", "environment"};
    constexpr const char* grades[] = {"", "high", "low", "unable-to-assess"};
    for (int i = few(); i > 0; --i) {
      AllergyIntolerance allergy;
      begin(allergy, "AllergyIntolerance");
      allergy.patient = patient_;
      allergy.code = coded();
      if (maybe()) allergy.categories.push_back(one_of(categories));
      allergy.criticality = one_of(grades);
      if (maybe()) allergy.onset = date();
      letter_.records.allergies.push_back(std::move(allergy));
    }
  }

  void add_procedures() {
    for (int i = few(); i > 0; --i) {
      Procedure procedure;
      begin(procedure, "Procedure");
      procedure.subject = patient_;
      procedure.status = "completed";
      procedure.code = coded();
      const auto at = maybe() ? date() : PartialDate{};
      procedure.performed = {at, at};
      letter_.records.procedures.push_back(std::move(procedure));
    }
  }

  void add_medications() {
    for (int i = few(); i > 0; --i) {
      Medication medication;
      medication.is_statement = maybe();
      begin(medication, medication.is_statement ? "MedicationStatement" : "MedicationRequest");
      medication.subject = patient_;
      medication.status = "active";
      medication.intent = "order";
      medication.code = coded();
      medication.authored = date();
      letter_.records.medications.push_back(std::move(medication));
    }
  }

  Quantity quantity() {
    constexpr const char* values[] = {"1.50", "0", "-3", "120"};
    constexpr const char* comparators[] = {"", "", "<", ">="};
    Quantity quantity;
    quantity.value = one_of(values);
    quantity.comparator = one_of(comparators);
    if (maybe()) {
      quantity.unit = words();
      quantity.code = "mg/dL";
      quantity.system = "http://unitsofmeasure.org";
    }
    return quantity;
  }

  void add_observations() {
    constexpr const char* statuses[] = {"final", "preliminary", "corrected"};
    for (int i = few(); i > 0; --i) {
      Observation observation;
      begin(observation, "Observation");
      observation.subject = patient_;
      observation.status = one_of(statuses);
      observation.code = coded();
      if (maybe()) observation.effective = date();
      switch (number(0, 3)) {
        case 0:
          observation.quantity = quantity();
          break;
        case 1:
          observation.concept_value = coded();
          break;
        case 2:
          observation.text = Sensitive<std::string>(words(true));
          break;
        default:
          observation.boolean = maybe();
      }
      if (maybe()) {
        observation.interpretations.push_back({{{std::string(table) + "0078", "H", ""}}, ""});
      }
      letter_.records.observations.push_back(std::move(observation));
    }
  }

  void add_reports() {
    constexpr const char* statuses[] = {"final", "preliminary", "corrected", "partial"};
    for (int i = few(); i > 0; --i) {
      ImagingReport report;
      begin(report, "DiagnosticReport");
      report.subject = patient_;
      report.status = one_of(statuses);
      report.categories.push_back({{{std::string(table) + "0074", "RAD", ""}}, ""});
      report.code = coded();
      report.effective = date();
      if (maybe()) report.issued = date();
      report.narrative.reveal() = "FINDINGS:\n" + words(true);
      if (maybe()) {
        report.conclusion.reveal() = words(true);
        report.narrative.reveal() += "\n\nIMPRESSION:\n" + report.conclusion.reveal();
      }
      for (int j = number(0, 2); j > 0; --j) report.conclusion_codes.push_back(coded());
      letter_.records.imaging.push_back(std::move(report));
    }
  }

  void add_documents() {
    for (int i = number(0, 2); i > 0; --i) {
      Document document;
      begin(document, "DocumentReference");
      document.subject = patient_;
      document.status = "current";
      document.type = {{coding()}, {}};
      const bool pdf = maybe();
      std::string content = pdf ? "%PDF-1.7 " : "Dear colleague,\n\n";
      content += words(!pdf);
      const auto& title = document.type.codings[0].display;  // ED has no other
      document.content.push_back(
          {pdf ? "application/pdf" : "text/plain", "", pdf ? title : "", content});
      letter_.records.documents.push_back(std::move(document));
    }
  }

  std::mt19937 random_;
  Letter letter_;
  int count_ = 1;  ///< the order is 1
  Reference patient_;
  Reference requester_;
  std::vector<Reference> reasons_;
};

template <typename List>
void add_refs(const List& list, std::vector<std::string>& refs) {
  for (const auto& record : list) refs.push_back(record.ref);
}

}  // namespace

Letter referral_letter(RecordSet records) {
  Letter letter;
  letter.kind = Letter::Kind::referral;
  letter.referral_id = "REF1";
  if (!records.service_requests.empty()) letter.source_order = records.service_requests[0].ref;
  add_refs(records.service_requests, letter.include);
  add_refs(records.patients, letter.include);
  add_refs(records.practitioners, letter.include);
  add_refs(records.conditions, letter.include);
  add_refs(records.allergies, letter.include);
  add_refs(records.procedures, letter.include);
  add_refs(records.coverages, letter.include);
  add_refs(records.observations, letter.include);
  add_refs(records.medications, letter.include);
  add_refs(records.imaging, letter.include);
  add_refs(records.documents, letter.include);
  letter.receiver_name = "Clinic";
  letter.at = *parse_instant("2026-04-02T08:00:00Z");
  letter.records = std::move(records);
  return letter;
}

Letter random_referral(std::uint32_t seed) {
  return Maker(seed).letter();
}

}  // namespace meridian::hl7v2::test
