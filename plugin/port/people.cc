// SPDX-License-Identifier: Apache-2.0
#include "port/people.h"

namespace meridian {

std::optional<Role> person_role(std::string_view word) {
  if (word == "clinic") return Role::clinic;
  if (word == "staff") return Role::staff;
  if (word == "clinician") return Role::clinician;
  if (word == "viewer") return Role::viewer;
  if (word == "operator") return Role::operations;
  if (word == "administrator") return Role::admin;
  if (word == "auditor") return Role::auditor;
  return std::nullopt;
}

}  // namespace meridian
