// SPDX-License-Identifier: Apache-2.0
// The vocabulary of the field tables: which JSON member goes where in a struct of the model.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
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
  unread,  ///< may change the meaning of the record, and is not read: a warning; a `place` is told
  stu3,    ///< element of FHIR STU3 that R4 no longer has
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

/// The name of a JSON member, also as two words, so that names are compared without a loop.
struct Name {
  std::string_view text;
  std::uint64_t first = 0;   ///< bytes 0 to 7, zero where the name is shorter
  std::uint64_t second = 0;  ///< bytes 8 to 15

  constexpr Name() = default;
  // Implicit, so that tables say names as they are.
  constexpr Name(const char* name) : Name(std::string_view(name)) {}
  constexpr Name(std::string_view name) : text(name) {
    for (std::size_t i = 0; i < name.size() && i < 16; ++i) {
      const auto byte = static_cast<std::uint64_t>(static_cast<unsigned char>(name[i]));
      (i < 8 ? first : second) |= byte << (i % 8 * 8);
    }
  }
  /// The same at run time. 16 bytes must be readable at `text`, however short the name is.
  static Name at(const char* text, std::size_t size) {
    Name name;
    name.text = {text, size};
    name.first = word(text) & mask(size);
    name.second = size <= 8 ? 0 : word(text + 8) & mask(size - 8);
    return name;
  }
  bool operator==(const Name& other) const {
    return first == other.first && second == other.second && text.size() == other.text.size() &&
           (text.size() <= 16 ||
            std::memcmp(text.data() + 16, other.text.data() + 16, text.size() - 16) == 0);
  }

 private:
  static std::uint64_t word(const char* text) {
    std::uint64_t value;
    std::memcpy(&value, text, sizeof value);
    if constexpr (std::endian::native == std::endian::big) value = __builtin_bswap64(value);
    return value;
  }
  static std::uint64_t mask(std::size_t size) {
    return size >= 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << size * 8) - 1;
  }
};

/// One JSON member of a FHIR type.
struct Element {
  Name name;
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

  static constexpr std::size_t slot_of(const Name& name) {
    const std::uint64_t mixed = name.first ^ name.second * 31 ^ name.text.size();
    return mixed * 0x9E3779B97F4A7C15u >> 57;  // the 7 highest bits
  }

  /// The element of that name; null when the type has none. 16 bytes must be readable at `text`.
  /// `likely` is the element that the table has next, and is tried first.
  const Element* find(const char* text, std::size_t size, const Element* likely) const {
    const Name name = Name::at(text, size);
    if (likely != elements + count && likely->name == name) return likely;
    for (std::size_t slot = slot_of(name);; slot = (slot + 1) % slot_count) {
      if (slots[slot] == no_element) return nullptr;
      const Element& element = elements[slots[slot]];
      if (element.name == name) return &element;
    }
  }
};

/// Builds a type from its table. At most 63 elements, so that a set of them fits 64 bits.
template <std::size_t N>
constexpr Type make_type(const std::array<Element, N>& elements, Finish finish = nullptr) noexcept {
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
