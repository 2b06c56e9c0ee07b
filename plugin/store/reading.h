// SPDX-License-Identifier: Apache-2.0
// A read under way, on either database.
#pragma once

#include "store/envelope.h"

namespace meridian::store {

/// A connection and what opens its sealed columns. `Db` is Sqlite or postgres::Postgres: it names
/// Connection, Rows, Blob and Queries.
template <typename Db>
struct Reading {
  typename Db::Connection& db;
  const Envelope& envelope;
};

}  // namespace meridian::store
