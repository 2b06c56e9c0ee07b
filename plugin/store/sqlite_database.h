// SPDX-License-Identifier: Apache-2.0
// The embedded database by its parts, for what both databases have in common.
#pragma once

#include "store/queries.h"
#include "store/reading.h"
#include "store/sqlite.h"

namespace meridian::store {

struct Sqlite {
  using Connection = store::Connection;
  using Rows = store::Rows;
  using Blob = store::Blob;
  using Queries = store::Queries;
};

}  // namespace meridian::store
