// SPDX-License-Identifier: Apache-2.0
// PostgreSQL by its parts, for what both databases have in common.
#pragma once

#include "store/postgres/connection.h"
#include "store/postgres/queries.h"
#include "store/reading.h"

namespace meridian::store::postgres {

struct Postgres {
  using Connection = postgres::Connection;
  using Rows = postgres::Rows;
  using Blob = postgres::Blob;
  using Queries = postgres::Queries;
};

}  // namespace meridian::store::postgres
