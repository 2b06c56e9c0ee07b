// SPDX-License-Identifier: Apache-2.0
// What every way of signing in has in common: who may, what a wrong try costs, how a session
// begins.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "flow/core.h"
#include "store/people_rows.h"

namespace meridian::flow {

/// The key of a session's row.
std::string session_key(std::string_view secret);

/// Enrolled, and not locked now.
bool may_sign_in(const std::optional<store::PersonRow>& person, Instant now);

/// One more wrong sign-in, and the lock that follows from it.
void count_wrong(store::PersonRow& person, Instant now, store::Changes& changes);

/// A new session, whose secret is the value. `how` is for the audit: "", "passkey", "provider".
std::string begin_session(store::PersonRow& person, Instant now, std::string_view how,
                          store::Changes& changes);

/// True for the first who comes with this name within `life`: what is good once, on every node.
Result<bool> first_use(const Core& core, std::string_view name, std::chrono::milliseconds life);

}  // namespace meridian::flow
