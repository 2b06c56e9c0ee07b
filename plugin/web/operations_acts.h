// SPDX-License-Identifier: Apache-2.0
// What a person does from the operations pages: look first, then say so.
#pragma once

#include <string_view>

#include "http/router.h"
#include "web/operations.h"

namespace meridian::web {

/// GET /operations/act says what an action would do, POST does it.
void add_acts(http::Router& router, Desk& desk, const OperationsDoor& door, const ToldPtr& told);

/// GET /operations/message asks why, POST shows the message; what was shown to whom, and why, is in
/// the audit before it is shown.
void add_break_glass(http::Router& router, Desk& desk, const OperationsDoor& door, ShowMessage show,
                     const ToldPtr& told);

}  // namespace meridian::web
