// SPDX-License-Identifier: Apache-2.0
// Extensions that are read into members of the record they stand in; all others pass by.
#pragma once

#include "fhir/read/fields.h"

namespace meridian::fhir_read {

extern const Type extension_type;  ///< one inside another

constexpr const Type* type_for(const Extension*) {
  return &extension_type;
}

inline constexpr std::array extension_elements{
    In<Extension>::to<&Extension::url>("url"),
    In<Extension>::written<&Extension::text>("valueBoolean"),
    In<Extension>::written<&Extension::text>("valueCode"),
    In<Extension>::written<&Extension::text>("valueDecimal"),
    In<Extension>::written<&Extension::text>("valueString"),
    In<Extension>::to<&Extension::coded>("valueCodeableConcept"),
    In<Extension>::to<&Extension::identifier>("valueIdentifier"),
    In<Extension>::to<&Extension::period>("valuePeriod"),
    In<Extension>::to<&Extension::reference>("valueReference"),
    In<Extension>::to<&Extension::extensions>("extension"),
};

/// What an extension says goes to its owner; one that nobody knows is dropped.
void take(Address& owner, Extension&& extension);
void take(Qualification& owner, Extension&& extension);
void take(PractitionerRole& owner, Extension&& extension);
void take(Organization& owner, Extension&& extension);
void take(Location& owner, Extension&& extension);
void take(HealthcareService& owner, Extension&& extension);

/// The member `extension` of the object that is read into a T.
template <typename T>
struct ExtensionOf {
  static void* begin(Context& context, void* object) {
    return &context.extensions.emplace_back(OpenExtension{object, {}}).read;
  }
  static void finish(Context& context, void*) {
    auto& open = context.extensions.back();
    take(*static_cast<T*>(open.owner), std::move(open.read));
    context.extensions.pop_back();
  }
  static constexpr Type type = make_type(extension_elements, finish);
  static constexpr Element element{
      .name = "extension", .shape = Shape::object, .list = true, .place = begin, .type = &type};
};

}  // namespace meridian::fhir_read
