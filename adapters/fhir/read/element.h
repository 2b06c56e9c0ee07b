// SPDX-License-Identifier: Apache-2.0
// The vocabulary of the field tables: which JSON member goes where in a struct of the model.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace meridian::fhir_read {

struct Context;
struct Type;

/// What JSON value an element has.
enum class Shape : std::uint8_t {
  text,
  date,
  number,
  boolean,
  any,       ///< any primitive, kept as written
  object,    ///< described by Element::type
  resource,  ///< described by its own resourceType
  nothing,   ///< known, but not read
  unread,    ///< may change the meaning of the record, and is not read: a warning
  stu3,      ///< element of FHIR STU3 that R4 no longer has
};

enum class Need : std::uint8_t {
  optional,
  required,   ///< its absence is a warning
  essential,  ///< without it the record is refused
};

/// Stores a primitive as it is written, booleans as "true" and "false". False: not a legal value.
using Set = bool (*)(Context&, void* object, std::string_view value);
/// Gives the struct that the members of a JSON object go to.
using Place = void* (*)(Context&, void* object);
/// Called when an object has been read.
using Finish = void (*)(Context&, void* object);

/// One JSON member of a FHIR type.
struct Element {
  std::string_view name;
  Shape shape = Shape::nothing;
  bool list = false;
  Need need = Need::optional;
  Set set = nullptr;
  Place place = nullptr;
  const Type* type = nullptr;
};

/// A FHIR type: its elements, found by a hash computed at compile time.
struct Type {
  static constexpr std::size_t slot_count = 128;
  static constexpr std::uint8_t no_element = 0xff;

  const Element* elements = nullptr;
  std::uint8_t count = 0;
  std::uint64_t required = 0;  ///< bit per element
  std::uint64_t essential = 0;
  Finish finish = nullptr;
  std::array<std::uint8_t, slot_count> slots{};

  static constexpr std::size_t slot_of(std::string_view name) {
    if (name.empty()) return 0;
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(name[i]); };
    return (at(0) * 5u + at(name.size() - 1) * 11u + at(name.size() / 2) * 3u + name.size() * 17u) %
           slot_count;
  }

  /// The element of that name; null when the type has none that is read.
  const Element* find(std::string_view name) const {
    for (std::size_t slot = slot_of(name);; slot = (slot + 1) % slot_count) {
      if (slots[slot] == no_element) return nullptr;
      const Element& element = elements[slots[slot]];
      if (element.name == name) return &element;
    }
  }
};

/// Builds a type from its table. At most 63 elements, so that a set of them fits 64 bits.
template <std::size_t N>
consteval Type make_type(const std::array<Element, N>& elements, Finish finish = nullptr) {
  static_assert(N < 64);
  Type type;
  type.elements = elements.data();
  type.count = N;
  type.finish = finish;
  type.slots.fill(Type::no_element);
  for (std::size_t i = 0; i < N; ++i) {
    if (elements[i].need == Need::required) type.required |= std::uint64_t{1} << i;
    if (elements[i].need == Need::essential) type.essential |= std::uint64_t{1} << i;
    std::size_t slot = Type::slot_of(elements[i].name);
    while (type.slots[slot] != Type::no_element) slot = (slot + 1) % Type::slot_count;
    type.slots[slot] = static_cast<std::uint8_t>(i);
  }
  return type;
}

}  // namespace meridian::fhir_read
