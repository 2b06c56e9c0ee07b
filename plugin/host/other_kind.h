// SPDX-License-Identifier: Apache-2.0
// A test system that reaches into production, or the other way round: what can be known of it.
#pragma once

#include <string>
#include <string_view>

#include "host/config.h"
#include "store/store.h"

namespace meridian::host {

/// "production" or "test" when a word of the address says so: of the host name, but for its last
/// label (anybody may have a name below "dev"), or of the path. Empty when none does, or some say
/// this and some that. Of a URL or of "HOST:PORT". Pure.
std::string_view kind_said_by(std::string_view address);

/// A warning for each address that we call and that says it is of the other kind.
void check_addresses(const Config& config, Issues& issues);

/// Keeps for ever that a system of this [site] processing ran on the database. Errors: store
/// errors.
Result<void> note_processing(store::Store& store, const std::string& processing);

/// A warning when a system of the other kind ran on the database, or on one that it was restored
/// from: real patients and made-up ones are in it side by side.
void check_database(const Config& config, store::Store& store, Issues& issues);

}  // namespace meridian::host
