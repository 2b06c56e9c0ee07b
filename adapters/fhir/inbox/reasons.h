// SPDX-License-Identifier: Apache-2.0
// Why a clinic may decline: CodeSystem-decline-reason.json of fhir-profiles/guide.
#pragma once

#include <string_view>
#include <vector>

#include "model/values.h"
#include "port/inbox.h"

namespace meridian::fhir {

/// The file as it was when the program was built.
extern const std::string_view reasons_file;

/// Its concepts, in its order, with their Spanish designations.
const std::vector<InboxReason>& decline_reasons();

/// The coding of one of them; nothing for another word.
std::optional<Coding> decline_coding(std::string_view code);

}  // namespace meridian::fhir
