// SPDX-License-Identifier: Apache-2.0
// The parts of a row that are sealed together: they are written and read together.
#pragma once

#include <string>
#include <string_view>

#include "store/rows.h"

namespace meridian::store {

/// order_ref, patient_ref, decision, assessment and requester, each after its length in four bytes.
std::string pack_hidden(const ReferralRow& row);

/// The reverse; false when it was not packed like that. The requester may be missing: it was added
/// to the others later.
bool unpack_hidden(std::string_view packed, ReferralRow& row);

/// The same for name, e-mail and credentials of a person.
std::string pack_hidden(const PersonRow& row);
bool unpack_hidden(std::string_view packed, PersonRow& row);

}  // namespace meridian::store
