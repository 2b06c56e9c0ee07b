// SPDX-License-Identifier: Apache-2.0
// How a person enrols by a one-time link: password, secret of the one-time codes, recovery codes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "flow/core.h"
#include "port/people.h"
#include "store/people_rows.h"

namespace meridian::flow {

/// How long a link is good, from the invitation on.
inline constexpr std::chrono::hours enrolment_life{72};

/// The link of the invitation that the row has: id, instant and signature. No secret of it is kept,
/// so that who reads the database cannot make one.
std::string enrolment_token(const Core& core, const store::PersonRow& row);

/// The person whose link it is; nothing when it was used, replaced, or is too old. not_found: we
/// did not sign it.
Result<std::optional<store::PersonRow>> holder_of(const Core& core, std::string_view token);

/// As the functions of People.
Result<EnrolmentView> look_at_enrolment(const Core& core, std::string_view token);
Result<EnrolmentView> propose_password(const Core& core, std::string_view token,
                                       std::string_view password);
Result<EnrolmentView> confirm_enrolment(const Core& core, std::string_view token,
                                        std::string_view code);

/// The form in which a recovery code is kept; capital letters and signs between do not count.
std::string recovery_hash(const Core& core, std::string_view code);

}  // namespace meridian::flow
