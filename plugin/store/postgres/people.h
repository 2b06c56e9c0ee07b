// SPDX-License-Identifier: Apache-2.0
// People who sign in and their sessions: written in an operation's transaction, and read.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/postgres/reads.h"
#include "store/postgres/session.h"
#include "store/rows.h"

namespace meridian::store::postgres {

/// Errors: stale when the person is not at the version of the row; conflict when another has the
/// e-mail.
Result<void> put_person(Session& session, const PersonRow& row);
Result<void> change_session(Session& session, const SessionChange& change);

/// See the operations of the same names in Store.
Result<std::optional<PersonRow>> read_person(Reading reading, std::string_view id);
Result<std::optional<PersonRow>> read_person_by_email(Reading reading, std::string_view email);
Result<std::vector<PersonRow>> list_people(Reading reading);
Result<std::optional<SessionRow>> read_session(Reading reading, std::string_view key);

}  // namespace meridian::store::postgres
