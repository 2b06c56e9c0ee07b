// SPDX-License-Identifier: Apache-2.0
// Who may sign in: a person is added, invited again, locked, unlocked or removed by hand.
#pragma once

#include <string>
#include <string_view>

#include "flow/core.h"
#include "flow/intervene.h"

namespace meridian::flow {

/// A person as lists show them; nothing of their credentials.
std::string person_json(const store::PersonRow& row);

bool is_about_people(std::string_view action);

/// What the intervention comes to; nothing is changed yet. Errors: not_found; invalid (no such
/// role, no name, no e-mail address).
Result<Outlook> look_at_person(const Core& core, const Intervention& given, std::string_view by);

}  // namespace meridian::flow
