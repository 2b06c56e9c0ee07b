// SPDX-License-Identifier: Apache-2.0
// Field tables of the data types, in the order in which members are mostly written, which is looked
// for first. Source: http://hl7.org/fhir/R4/datatypes.html
#include "fhir/read/extensions.h"

namespace meridian::fhir_read {
namespace {

constexpr std::array coding_elements{
    In<Coding>::to<&Coding::system>("system"),
    In<Coding>::to<&Coding::code>("code"),
    In<Coding>::to<&Coding::display>("display"),
};

constexpr std::array concept_elements{
    In<Concept>::to<&Concept::codings>("coding"),
    In<Concept>::to<&Concept::text>("text"),
};

/// A coding that only says why there is none (data-absent-reason, as Oracle writes it) is no code:
/// the text is what is known, and what looks at the first coding must not take it for one.
void drop_empty_codings(Context&, void* object) {
  std::erase_if(static_cast<Concept*>(object)->codings, [](const Coding& coding) {
    return coding.system.empty() && coding.code.empty() && coding.display.empty();
  });
}

constexpr std::array identifier_elements{
    inside("type", CodeOf<Identifier, &Identifier::type>::type),
    In<Identifier>::to<&Identifier::system>("system"),
    In<Identifier>::to<&Identifier::value>("value"),
};

constexpr std::array period_elements{
    In<Period>::to<&Period::start>("start"),
    In<Period>::to<&Period::end>("end"),
};

constexpr Element quantity_value() {
  Element element = In<Quantity>::to<&Quantity::value>("value");
  element.shape = Shape::number;
  return element;
}

constexpr std::array quantity_elements{
    quantity_value(),
    In<Quantity>::to<&Quantity::unit>("unit"),
    In<Quantity>::to<&Quantity::system>("system"),
    In<Quantity>::to<&Quantity::code>("code"),
    In<Quantity>::to<&Quantity::comparator>("comparator"),
};

constexpr std::array reference_elements{
    In<Reference>::to<&Reference::written>("reference"),
    In<Reference>::to<&Reference::display>("display"),
    In<Reference>::to<&Reference::identifier>("identifier"),
};

constexpr std::array contact_point_elements{
    In<ContactPoint>::to<&ContactPoint::system>("system"),
    In<ContactPoint>::to<&ContactPoint::value>("value"),
    In<ContactPoint>::to<&ContactPoint::use>("use"),
};

constexpr std::array address_elements{
    ExtensionOf<Address>::element,
    In<Address>::to<&Address::lines>("line"),
    In<Address>::to<&Address::city>("city"),
    In<Address>::to<&Address::state>("state"),
    In<Address>::to<&Address::postal_code>("postalCode"),
    In<Address>::to<&Address::country>("country"),
};

constexpr std::array human_name_elements{
    In<HumanName>::to<&HumanName::use>("use"),
    In<HumanName>::to<&HumanName::family>("family"),
    In<HumanName>::to<&HumanName::given>("given"),
    In<HumanName>::to<&HumanName::text>("text"),
};

}  // namespace

constinit const Type coding_type = make_type(coding_elements);
constinit const Type concept_type = make_type(concept_elements, drop_empty_codings);
constinit const Type identifier_type = make_type(identifier_elements);
constinit const Type period_type = make_type(period_elements);
constinit const Type quantity_type = make_type(quantity_elements);
constinit const Type reference_type = make_type(reference_elements);
constinit const Type contact_point_type = make_type(contact_point_elements);
constinit const Type address_type = make_type(address_elements);
constinit const Type human_name_type = make_type(human_name_elements);

}  // namespace meridian::fhir_read
