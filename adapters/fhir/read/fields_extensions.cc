// SPDX-License-Identifier: Apache-2.0
// The extensions of provider directories, and the position of an address.
// Sources: Da Vinci PDex Plan-Net STU1.2, HL7 VHDir, National Directory (NDH).
#include "fhir/read/extensions.h"

namespace meridian::fhir_read {
namespace {

constexpr std::string_view geolocation = "http://hl7.org/fhir/StructureDefinition/geolocation";

/// The guides name what they took over from each other alike, but for the place.
enum class Meaning { none, new_patients, network, qualification, delivery_method };

struct Known {
  std::string_view name;
  Meaning meaning;
};
constexpr Known plan_net[] = {{"newpatients", Meaning::new_patients},
                              {"network-reference", Meaning::network},
                              {"qualification", Meaning::qualification},
                              {"practitioner-qualification", Meaning::qualification},
                              {"delivery-method", Meaning::delivery_method}};
/// NDH's names are these, with the prefix.
constexpr std::string_view guides[] = {
    "http://hl7.org/fhir/us/davinci-pdex-plan-net/StructureDefinition/",
    "http://hl7.org/fhir/uv/vhdir/StructureDefinition/",
    "http://hl7.org/fhir/us/ndh/StructureDefinition/base-ext-",
};

Meaning meaning_of(std::string_view url) {
  for (const auto guide : guides) {
    if (!url.starts_with(guide)) continue;
    for (const auto& known : plan_net) {
      if (url.substr(guide.size()) == known.name) return known.meaning;
    }
  }
  return Meaning::none;
}

std::string code_of(const Concept& coded) {
  return coded.codings.empty() ? "" : coded.codings.front().code;
}

NewPatients new_patients_of(Extension& extension) {
  NewPatients said;
  for (auto& part : extension.extensions) {
    if (part.url == "acceptingPatients") {
      said.accepting = part.text.empty() ? code_of(part.coded) : part.text;
      if (said.accepting == "true") said.accepting = "newpt";
      if (said.accepting == "false") said.accepting = "nopt";
    }
    const bool of = part.url == "fromNetwork" || part.url == "fromnetwork" || part.url == "network";
    if (of) said.network = std::move(part.reference);
  }
  return said;
}

/// The parts of a qualification: all of one on a role, or what is added to a practitioner's.
void add_parts(Qualification& into, Extension& extension) {
  for (auto& part : extension.extensions) {
    if (part.url == "status") into.status = std::move(part.text);
    if (part.url == "whereValid") into.where_valid.push_back(std::move(part.coded));
    if (part.url == "code") into.code = std::move(part.coded);
    if (part.url == "issuer") into.issuer = std::move(part.reference);
    if (part.url == "period") into.period = std::move(part.period);
    if (part.url == "identifier") into.identifiers.push_back(std::move(part.identifier));
  }
}

void set_number(Sensitive<std::optional<double>>& into, const std::string& text) {
  std::optional<double> number;
  if (store(number, text)) into.reveal() = number;
}

}  // namespace

void take(Address& owner, Extension&& extension) {
  if (extension.url != geolocation) return;
  for (const auto& part : extension.extensions) {
    if (part.url == "latitude") set_number(owner.latitude, part.text);
    if (part.url == "longitude") set_number(owner.longitude, part.text);
  }
}

void take(Qualification& owner, Extension&& extension) {
  if (meaning_of(extension.url) == Meaning::qualification) add_parts(owner, extension);
}

void take(PractitionerRole& owner, Extension&& extension) {
  switch (meaning_of(extension.url)) {
    case Meaning::new_patients:
      owner.new_patients.push_back(new_patients_of(extension));
      break;
    case Meaning::network:
      owner.networks.push_back(std::move(extension.reference));
      break;
    case Meaning::qualification:
      add_parts(owner.qualifications.emplace_back(), extension);
      break;
    default:
      break;
  }
}

void take(Organization& owner, Extension&& extension) {
  if (meaning_of(extension.url) != Meaning::qualification) return;
  add_parts(owner.qualifications.emplace_back(), extension);
}

void take(Location& owner, Extension&& extension) {
  if (meaning_of(extension.url) != Meaning::new_patients) return;
  owner.new_patients.push_back(new_patients_of(extension));
}

void take(HealthcareService& owner, Extension&& extension) {
  switch (meaning_of(extension.url)) {
    case Meaning::new_patients:
      owner.new_patients.push_back(new_patients_of(extension));
      break;
    case Meaning::network:
      owner.networks.push_back(std::move(extension.reference));
      break;
    case Meaning::delivery_method:
      for (const auto& part : extension.extensions) {
        if (part.url == "type") owner.visit_modes.push_back(code_of(part.coded));
      }
      break;
    default:
      break;
  }
}

constinit const Type extension_type = make_type(extension_elements);

}  // namespace meridian::fhir_read
