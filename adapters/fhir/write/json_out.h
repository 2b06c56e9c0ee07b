// SPDX-License-Identifier: Apache-2.0
// Writes the JSON that we author: members in the order of the calls, empty values left out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/values.h"

namespace meridian::fhir {

/// One JSON text under construction. Names are literals of FHIR; values are escaped. An object or
/// list that stayed empty is left out, for FHIR allows neither; only the root may be empty.
class JsonOut {
 public:
  /// Opens an object or list: as the member `name`, or without name as root or element.
  JsonOut& object(std::string_view name = {});
  JsonOut& list(std::string_view name = {});
  /// Closes the innermost object or list.
  JsonOut& end();

  /// A string member; nothing is written when `value` is empty.
  JsonOut& text(std::string_view name, std::string_view value);
  /// A member whose value is JSON already; nothing is written when it is empty.
  JsonOut& raw(std::string_view name, std::string_view json);
  /// A list element that is JSON already.
  JsonOut& raw_element(std::string_view json);
  /// A string element of a list.
  JsonOut& element(std::string_view value);

  // Data types of FHIR, as member `name` or, when it is empty, as list element.
  JsonOut& coding(std::string_view name, const Coding& coding);
  JsonOut& concept_of(std::string_view name, const Concept& coded);
  JsonOut& identifier(std::string_view name, std::string_view system, std::string_view value,
                      std::string_view type_code = {});
  /// "meta" with the profile that the resource conforms to.
  JsonOut& conforms_to(std::string_view profile);
  /// { "reference": ..., "display": ... }; nothing when both are empty.
  JsonOut& reference(std::string_view name, std::string_view reference,
                     std::string_view display = {});

  const std::string& str() const { return text_; }

 private:
  void comma(std::string_view name);

  struct Open {
    char closer;
    std::size_t before;  ///< size of the text before the member was begun
    std::size_t inside;  ///< size of the text behind the bracket
  };
  JsonOut& open(std::string_view name, char bracket, char closer);

  std::string text_;
  std::vector<Open> open_;
};

}  // namespace meridian::fhir
