// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/migrations.h"

#include "base/hash.h"
#include "store/postgres/queries.h"

namespace meridian::store::postgres {
namespace {

constexpr char where[] = "store.migrate";

constexpr char version_table[] =
    "CREATE TABLE schema_version (version bigint PRIMARY KEY, name text NOT NULL,"
    " checksum bytea NOT NULL, applied_at bigint NOT NULL)";

/// How many tables there are, and whether one of them is schema_version.
struct Contents {
  bool empty = true;
  bool ours = false;
};

Result<Contents> contents_of(Connection& db) {
  Contents contents;
  auto rows = db.select(Queries::list_tables);
  while (rows.next()) {
    contents.empty = false;
    contents.ours = contents.ours || rows.view(0) == "schema_version";
  }
  if (rows.failed()) return rows.error(where);
  return contents;
}

/// Compares what was applied with what we have; the value is how many were applied.
Result<std::size_t> check_applied(Connection& db, std::span<const Migration> migrations) {
  std::size_t applied = 0;
  auto rows = db.select(Queries::list_versions);
  while (rows.next()) {
    if (applied == migrations.size()) {
      return Error{ErrorCode::misconfigured, where,
                   "a newer Meridian made this database: install that version or a later one",
                   rows.integer(0)};
    }
    const auto& migration = migrations[applied];
    if (rows.integer(0) != migration.number || rows.view(1) != Blob(sha256(migration.sql)).bytes) {
      return Error{ErrorCode::misconfigured, where,
                   "the database was made by another form of this migration", rows.integer(0)};
    }
    ++applied;
  }
  if (rows.failed()) return rows.error(where);
  return applied;
}

Result<void> apply(Connection& db, const Migration& migration, Instant now) {
  if (const auto done = db.script(migration.sql); done.failed()) return done.error(where);
  const auto checksum = sha256(migration.sql);
  const auto added =
      db.change(Queries::add_version, migration.number, migration.name, Blob(checksum), now);
  if (!added) return added.error();
  return {};
}

Error not_ours() {
  return {ErrorCode::misconfigured, where, "the schema has another program's tables in it"};
}

}  // namespace

Result<bool> migrate(Connection& db, std::span<const Migration> migrations, Instant now) {
  const auto contents = contents_of(db);
  if (!contents) return contents.error();
  if (contents->empty) {
    if (const auto made = db.script(version_table); made.failed()) return made.error(where);
  } else if (!contents->ours) {
    return not_ours();
  }
  const auto applied = check_applied(db, migrations);
  if (!applied) return applied.error();
  for (const auto& migration : migrations.subspan(*applied)) {
    if (auto done = apply(db, migration, now); !done) return done.error();
  }
  return contents->empty;
}

Result<std::size_t> count_applied(Connection& db, std::span<const Migration> migrations) {
  const auto contents = contents_of(db);
  if (!contents) return contents.error();
  if (contents->empty) return Error{ErrorCode::not_found, where, "the database is still empty"};
  if (!contents->ours) return not_ours();
  return check_applied(db, migrations);
}

Result<void> check_current(Connection& db, std::span<const Migration> migrations) {
  const auto applied = count_applied(db, migrations);
  if (!applied) return applied.error();
  if (*applied < migrations.size()) {
    return Error{ErrorCode::misconfigured, where,
                 "an older Meridian made this database: the next start brings it up to date",
                 static_cast<std::int64_t>(*applied)};
  }
  return {};
}

}  // namespace meridian::store::postgres
