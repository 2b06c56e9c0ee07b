// SPDX-License-Identifier: Apache-2.0
// A database that was put back from a backup: what may have happened since is marked.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "store/session.h"

namespace meridian::store {

/// See Store::mark_restored.
Result<std::int64_t> mark_restored(Session& session, Instant taken_at, std::string_view by);

}  // namespace meridian::store
