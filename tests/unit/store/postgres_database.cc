// SPDX-License-Identifier: Apache-2.0
#include "unit/store/postgres_database.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

namespace meridian::store {
namespace {

[[noreturn]] void give_up(const Error& error) {
  ADD_FAILURE() << error.what.view() << " " << error.detail;
  std::abort();
}

/// Lower case: names are written without quotes.
std::string new_schema() {
  std::string name = "t" + new_ulid();
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name;
}

}  // namespace

std::string postgres_url() {
  std::ifstream file(MERIDIAN_POSTGRES_FILE);
  std::string url;
  if (!(file >> url)) {
    ADD_FAILURE() << "no server: run by ctest, or tests/postgres/server.py start "
                  << MERIDIAN_POSTGRES_FILE;
    std::abort();
  }
  return url;
}

PostgresDatabase::PostgresDatabase() : schema_(new_schema()) {
  settings.url = postgres_url() + "?options=-csearch_path%3D" + schema_;
  settings.site_key = SecretKey::random();
  settings.name_patience = std::chrono::milliseconds(300);
  sql("CREATE SCHEMA " + schema_);
}

PostgresDatabase::~PostgresDatabase() {
  sql("SET client_min_messages = error; DROP SCHEMA " + schema_ + " CASCADE");
}

postgres::Connection& PostgresDatabase::db() {
  if (!db_ || !db_->alive()) {
    postgres::ConnectSettings connect;
    connect.url = settings.url;
    connect.application_name = "meridian test";
    auto opened = postgres::Connection::open(connect);
    if (!opened) give_up(opened.error());
    db_ = std::move(*opened);
  }
  return *db_;
}

void PostgresDatabase::sql(const std::string& text) {
  const auto done = db().script(text.c_str());
  if (done.failed()) give_up(done.error("test"));
}

std::string PostgresDatabase::value(const std::string& text) {
  auto rows = db().script(text.c_str());
  if (rows.failed()) give_up(rows.error("test"));
  return rows.next() ? rows.text(0) : "";
}

Result<std::unique_ptr<Store>> PostgresDatabase::try_open() {
  return open_postgres(settings);
}

std::unique_ptr<Store> PostgresDatabase::ready(Result<std::unique_ptr<Store>> opened) {
  if (!opened) give_up(opened.error());
  if (!has_clock_) {
    sql("CREATE TABLE test_time (ms bigint NOT NULL);"
        "INSERT INTO test_time VALUES (" +
        std::to_string(clock.now().time_since_epoch().count()) +
        ");CREATE OR REPLACE FUNCTION now_ms() RETURNS bigint LANGUAGE sql STABLE"
        " AS 'SELECT ms FROM test_time'");
    clock.told = [this](Instant now) {
      sql("UPDATE test_time SET ms = " + std::to_string(now.time_since_epoch().count()));
    };
    has_clock_ = true;
  }
  return std::move(*opened);
}

std::unique_ptr<Store> PostgresDatabase::open() {
  return ready(try_open());
}

std::unique_ptr<Store> PostgresDatabase::open_node(const std::string& node) {
  auto other = settings;
  other.node = node;
  return ready(open_postgres(other));
}

}  // namespace meridian::store
