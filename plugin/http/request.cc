// SPDX-License-Identifier: Apache-2.0
#include "http/request.h"

#include "http/uri.h"

namespace meridian::http {

std::string_view find_header(const Fields& headers, std::string_view name) {
  for (const auto& field : headers) {
    if (same_token(field.name, name)) return field.value;
  }
  return {};
}

std::string_view find_parameter(const Fields& parameters, std::string_view name) {
  for (const auto& field : parameters) {
    if (field.name == name) return field.value;
  }
  return {};
}

}  // namespace meridian::http
