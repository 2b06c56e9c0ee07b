// SPDX-License-Identifier: Apache-2.0
// A schema of its own on the server that the tests share.
#pragma once

#include <memory>
#include <string>

#include "store/postgres/connection.h"
#include "store/postgres/postgres_store.h"
#include "unit/store/openers.h"

namespace meridian::store {

/// What a test about PostgreSQL itself opens, and may change the settings of first. Its time is the
/// test's clock: the schema's now_ms() is replaced by one that reads it from a table.
class PostgresDatabase : public TestDatabase {
 public:
  PostgresDatabase();
  ~PostgresDatabase() override;
  std::unique_ptr<Store> open() override;
  Result<std::unique_ptr<Store>> try_open();
  /// A runtime of another name on the same database; ends the test when it cannot be opened.
  std::unique_ptr<Store> open_node(const std::string& node);

  /// A connection of the test's own; runs what must succeed.
  postgres::Connection& db();
  void sql(const std::string& text);
  std::string value(const std::string& text);

  PostgresSettings settings;

 private:
  std::unique_ptr<Store> ready(Result<std::unique_ptr<Store>> opened);

  std::string schema_;
  std::unique_ptr<postgres::Connection> db_;
  bool has_clock_ = false;
};

/// Where the shared server is; ends the test when there is none.
std::string postgres_url();

}  // namespace meridian::store
