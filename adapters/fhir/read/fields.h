// SPDX-License-Identifier: Apache-2.0
// Builders for field tables: a member of a model struct becomes an Element of the fitting shape.
#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "fhir/read/context.h"
#include "fhir/read/element.h"

namespace meridian::fhir_read {

// Types of values.h, defined in fields_values.cc.
extern const Type coding_type;
extern const Type concept_type;
extern const Type identifier_type;
extern const Type period_type;
extern const Type quantity_type;
extern const Type reference_type;
extern const Type contact_point_type;
extern const Type address_type;
extern const Type human_name_type;
extern const Type qualification_type;  // fields_people.cc, and these
extern const Type provision_type;
extern const Type provision_actor_type;
extern const Type provision_data_type;

constexpr const Type* type_for(const Coding*) {
  return &coding_type;
}
constexpr const Type* type_for(const Concept*) {
  return &concept_type;
}
constexpr const Type* type_for(const Identifier*) {
  return &identifier_type;
}
constexpr const Type* type_for(const Period*) {
  return &period_type;
}
constexpr const Type* type_for(const Quantity*) {
  return &quantity_type;
}
constexpr const Type* type_for(const Reference*) {
  return &reference_type;
}
constexpr const Type* type_for(const ContactPoint*) {
  return &contact_point_type;
}
constexpr const Type* type_for(const Address*) {
  return &address_type;
}
constexpr const Type* type_for(const HumanName*) {
  return &human_name_type;
}
constexpr const Type* type_for(const Qualification*) {
  return &qualification_type;
}
constexpr const Type* type_for(const Provision*) {
  return &provision_type;
}
constexpr const Type* type_for(const Provision::Actor*) {
  return &provision_actor_type;
}
constexpr const Type* type_for(const Provision::Instance*) {
  return &provision_data_type;
}

template <typename T>
T& bare(T& value) {
  return value;
}
template <typename T>
T& bare(Sensitive<T>& value) {
  return value.reveal();
}

template <typename T>
struct ListOf {
  static constexpr bool value = false;
  using Item = T;
};
template <typename T>
struct ListOf<std::vector<T>> {
  static constexpr bool value = true;
  using Item = T;
};

/// Appends an empty item. What the model holds is big, so lists grow in larger steps than the
/// library's: fewer items are moved.
template <typename T>
T& append_item(std::vector<T>& list, std::size_t first = 2) {
  if (list.size() == list.capacity()) list.reserve(list.size() * 3 + first);
  return list.emplace_back();
}

inline bool store(std::string& into, std::string_view value) {
  into.assign(value);
  return true;
}
inline bool store(bool& into, std::string_view value) {
  into = value == "true";
  return true;
}
inline bool store(std::optional<bool>& into, std::string_view value) {
  into = value == "true";
  return true;
}
inline bool store(PartialDate& into, std::string_view value) {
  auto date = parse_partial_date(value);
  if (!date) return false;
  into = std::move(*date);
  return true;
}
inline bool store(std::optional<double>& into, std::string_view value) {
  double number = 0;
  const auto result = std::from_chars(value.data(), value.data() + value.size(), number);
  if (result.ec != std::errc{}) return false;
  into = number;
  return true;
}
template <typename T>
bool store(std::vector<T>& into, std::string_view value) {
  return store(into.emplace_back(), value);
}

template <typename T>
constexpr Shape shape_of() {
  if constexpr (std::is_same_v<T, std::string>) return Shape::text;
  if constexpr (std::is_same_v<T, PartialDate>) return Shape::date;
  if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, std::optional<bool>>) {
    return Shape::boolean;
  }
  if constexpr (std::is_same_v<T, std::optional<double>>) return Shape::number;
  return Shape::object;
}

/// Elements of the JSON object that is read into a T.
template <typename T>
struct In {
  /// The JSON member goes to the struct's member, by its type.
  template <auto Member>
  static constexpr Element to(std::string_view name) {
    using Field = std::remove_reference_t<decltype(bare(std::declval<T&>().*Member))>;
    using Item = typename ListOf<Field>::Item;
    Element element{.name = name, .shape = shape_of<Item>(), .list = ListOf<Field>::value};
    if constexpr (shape_of<Item>() != Shape::object) {
      element.set = [](Context&, void* object, std::string_view value) {
        return store(bare(static_cast<T*>(object)->*Member), value);
      };
    } else {
      element.place = [](Context&, void* object) -> void* {
        auto& field = bare(static_cast<T*>(object)->*Member);
        if constexpr (ListOf<Field>::value) return &append_item(field);
        if constexpr (!ListOf<Field>::value) return &field;
      };
      element.type = type_for(static_cast<const Item*>(nullptr));
    }
    return element;
  }

  /// One JSON value, appended to a vector.
  template <auto Member>
  static constexpr Element append(std::string_view name) {
    Element element = to<Member>(name);
    element.list = false;
    return element;
  }

  /// Any primitive, kept as written.
  template <auto Member>
  static constexpr Element written(std::string_view name) {
    Element element = to<Member>(name);
    element.shape = Shape::any;
    return element;
  }

  /// A text that is set only while it is empty: the first one counts.
  template <auto Member>
  static constexpr Element if_empty(std::string_view name) {
    Element element = to<Member>(name);
    element.set = [](Context&, void* object, std::string_view value) {
      auto& field = bare(static_cast<T*>(object)->*Member);
      if (field.empty()) return store(field, value);
      return true;
    };
    return element;
  }

  /// A primitive stored by a function of its own.
  static constexpr Element custom(std::string_view name, Shape shape, Set set, bool list = false) {
    return {.name = name, .shape = shape, .list = list, .set = set};
  }
};

/// A nested object whose members go to the same struct.
constexpr Element inside(std::string_view name, const Type& type, bool list = false) {
  return {.name = name,
          .shape = Shape::object,
          .list = list,
          .place = [](Context&, void* object) { return object; },
          .type = &type};
}
constexpr Element inside_each(std::string_view name, const Type& type) {
  return inside(name, type, true);
}

constexpr Element stu3(std::string_view name) {
  return {.name = name, .shape = Shape::stu3};
}

constexpr Element required(Element element) {
  element.need = Need::required;
  return element;
}
constexpr Element essential(Element element) {
  element.need = Need::essential;
  return element;
}

/// CodeableConcept of which only the first code is kept, in a text of the struct.
template <typename T, auto Member>
struct CodeOf {
  static constexpr std::array coding_elements{In<T>::template if_empty<Member>("code")};
  static constexpr Type coding_type = make_type(coding_elements);
  static constexpr std::array elements{inside_each("coding", coding_type)};
  static constexpr Type type = make_type(elements);
};

/// Period of which only the start is kept.
template <typename T, auto Member>
struct StartOf {
  static constexpr std::array elements{In<T>::template to<Member>("start")};
  static constexpr Type type = make_type(elements);
};

/// Annotation of which only the text is kept.
template <typename T, auto Member>
struct TextOf {
  static constexpr std::array elements{In<T>::template append<Member>("text")};
  static constexpr Type type = make_type(elements);
};

/// What may change the meaning of a record and is not read. A record on which others rely knows
/// that it was there.
template <typename T>
constexpr Element unread(std::string_view name) {
  Element element{.name = name, .shape = Shape::unread};
  if constexpr (requires(T & record) { record.has_limits; }) {
    element.place = [](Context&, void* object) {
      static_cast<T*>(object)->has_limits = true;
      return object;
    };
  }
  return element;
}

// Elements that every resource has. `ref` holds the bare id until the resource ends.
template <typename T>
struct ResourceElements {
  static constexpr std::array meta_elements{
      In<T>::template to<&T::version>("versionId"),
      In<T>::template to<&T::last_updated>("lastUpdated"),
      In<T>::template to<&T::security>("security"),
  };
  static constexpr Type meta_type = make_type(meta_elements);
  static constexpr std::array elements{
      Element{.name = "resourceType"},
      In<T>::template to<&T::ref>("id"),
      inside("meta", meta_type),
      Element{.name = "contained", .shape = Shape::resource, .list = true},
      Element{.name = "text"},
      unread<T>("implicitRules"),
      unread<T>("modifierExtension"),
  };
};

/// The table of a resource: what every resource has, and its own elements.
template <typename T, std::size_t N>
constexpr auto resource_table(const std::array<Element, N>& own) {
  constexpr auto& common = ResourceElements<T>::elements;
  std::array<Element, N + common.size()> table{};
  for (std::size_t i = 0; i < common.size(); ++i) table[i] = common[i];
  for (std::size_t i = 0; i < N; ++i) table[common.size() + i] = own[i];
  return table;
}

}  // namespace meridian::fhir_read
