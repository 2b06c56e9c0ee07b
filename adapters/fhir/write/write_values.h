// SPDX-License-Identifier: Apache-2.0
// Data types of FHIR R4 out of the model's: one function for each that JsonOut does not have.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fhir/write/json_out.h"
#include "model/values.h"

namespace meridian::fhir {

/// "resourceType", "id" and "meta" of a record: an object is open afterwards.
void begin_resource(JsonOut& out, std::string_view type, const Record& record);

void write_concepts(JsonOut& out, std::string_view name, const std::vector<Concept>& list);
void write_identifiers(JsonOut& out, const std::vector<Identifier>& list);
void write_names(JsonOut& out, const std::vector<HumanName>& list);
void write_telecom(JsonOut& out, const std::vector<ContactPoint>& list);
void write_addresses(JsonOut& out, const std::vector<Address>& list);
void write_period(JsonOut& out, std::string_view name, const Period& period);
/// Under value[x] or another Quantity's name; a value that is no JSON number is left out.
void write_quantity(JsonOut& out, std::string_view name, const Quantity& quantity);
/// To a record of the set, to something named by an identifier, or by its display only.
void write_reference(JsonOut& out, std::string_view name, const Reference& reference);
void write_references(JsonOut& out, std::string_view name, const std::vector<Reference>& list);
void write_notes(JsonOut& out, const std::vector<std::string>& texts);
/// A code of a code system under `name`, as a CodeableConcept; nothing when the code is empty.
void write_status(JsonOut& out, std::string_view name, std::string_view system,
                  std::string_view code);

}  // namespace meridian::fhir
