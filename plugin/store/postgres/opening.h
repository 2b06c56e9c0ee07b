// SPDX-License-Identifier: Apache-2.0
// What every way of opening the database on a server needs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/data_keys.h"
#include "store/postgres/connection.h"
#include "store/postgres/postgres_store.h"

namespace meridian::store::postgres {

ConnectSettings connect_settings(const PostgresSettings& settings, bool only_read);

/// The rows of data_keys.
Result<std::vector<WrappedKey>> read_keys(Connection& db);

/// The lock that a node of this name holds while it is connected; names are unique in a schema.
std::int64_t node_key(const std::string& schema, const std::string& node);

/// The lock that whoever changes schema or keys holds to the end of the transaction.
std::int64_t schema_key(const std::string& schema);

}  // namespace meridian::store::postgres
