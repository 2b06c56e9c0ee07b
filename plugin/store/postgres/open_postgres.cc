// SPDX-License-Identifier: Apache-2.0
#include "store/abandoned.h"
#include "store/audit_walk.h"
#include "store/postgres/audit.h"
#include "store/postgres/migrations.h"
#include "store/postgres/opening.h"
#include "store/postgres/operations.h"
#include "store/postgres/postgres_store.h"
#include "store/postgres/queries.h"
#include "store/postgres/store_parts.h"

namespace meridian::store {
namespace postgres {
namespace {

constexpr char where[] = "store.open";
constexpr std::int64_t oldest_server = 150'000;

}  // namespace

ConnectSettings connect_settings(const PostgresSettings& settings, bool only_read) {
  return {settings.url, "meridian " + settings.node, only_read, settings.statement_timeout};
}

Result<std::vector<WrappedKey>> read_keys(Connection& db) {
  std::vector<WrappedKey> keys;
  auto rows = db.select(Queries::list_keys);
  while (rows.next()) {
    keys.push_back({static_cast<std::uint32_t>(rows.integer(0)), rows.text(1), rows.text(2)});
  }
  if (rows.failed()) return rows.error(where);
  return keys;
}

std::int64_t node_key(const std::string& schema, const std::string& node) {
  std::string name = schema;
  name.push_back('\0');
  name += node;
  return lock_key("meridian node", name);
}

std::int64_t schema_key(const std::string& schema) {
  return lock_key("meridian schema", schema);
}

namespace {

/// What the server is, as far as it matters here.
struct Server {
  std::int64_t version = 0;
  bool standby = false;
  bool syncs = false;
  bool utf8 = false;
  std::string schema;  ///< where our tables are; empty when search_path names none
  bool may_create = false;
};

Result<Server> look_at(Connection& db) {
  auto rows = db.select(Queries::server_state);
  if (!rows.next()) return rows.error(where);
  return Server{rows.integer(0),      rows.integer(1) != 0, rows.integer(2) != 0,
                rows.integer(3) != 0, rows.text(4),         rows.integer(5) != 0};
}

Error unfit(Literal what, std::int64_t detail = 0) {
  return {ErrorCode::misconfigured, where, what, detail};
}

Error no_right() {
  return unfit("the database user may not make tables in this schema");
}

Result<void> check_readable(const Server& server) {
  if (server.version < oldest_server)
    return unfit("PostgreSQL 15 or newer is needed", server.version);
  if (!server.utf8) return unfit("the database's encoding must be UTF8");
  if (server.schema.empty()) return unfit("search_path names no schema that is there");
  return {};
}

Result<void> check_writable(const Server& server) {
  if (server.standby) return unfit("this server is a standby, which can only be read");
  if (!server.syncs) return unfit("the server has fsync off: what it acknowledges could be lost");
  return {};
}

Result<Keyring> load_keys(Connection& db, const PostgresSettings& settings, bool fresh,
                          Instant now) {
  if (fresh) {
    for (const auto& key : new_data_keys(settings.site_key)) {
      const auto added = db.change(Queries::add_key, std::int64_t{key.id}, key.purpose,
                                   Blob(std::string_view(key.wrapped)), now);
      if (!added) return added.error();
    }
  }
  const auto keys = read_keys(db);
  if (!keys) return keys.error();
  return unwrap_data_keys(settings.site_key, *keys);
}

/// A database that has chains of other nodes may begin one for this node; one that has entries but
/// no head at all was tampered with, and is left for verify_audit to report.
Result<void> ensure_chain(Connection& db, const PostgresSettings& settings, const Keyring& keys) {
  bool heads = false;
  bool ours = false;
  auto rows = db.select(Queries::audit_heads);
  while (rows.next()) {
    heads = true;
    ours = ours || rows.view(0) == settings.node;
  }
  if (rows.failed()) return rows.error(where);
  if (ours) return {};
  auto entries = db.select(Queries::some_audit);
  if (!entries.next()) return entries.error(where);
  if (!heads && entries.integer(0) != 0) return {};
  return begin_chain(db, settings.node, keys.audit_key);
}

Result<Keyring> prepare_inside(Connection& db, const PostgresSettings& settings,
                               const Server& server) {
  const auto turn = db.select(Queries::wait_in_transaction, schema_key(server.schema));
  if (turn.failed()) return turn.error(where);
  const auto now = system_now();
  if (auto current = check_current(db, postgres_migrations()); !current) {
    const bool empty = current.error().code == ErrorCode::not_found;
    if (empty && !settings.create) return current.error();
    if (!server.may_create) {
      return empty ? no_right() : current.error();
    }
  }
  if (server.may_create) {
    const auto migrated = migrate(db, postgres_migrations(), now);
    if (!migrated) return migrated.error();
  }
  if (auto made = make_body_months(db); !made) return made.error();
  const auto known = read_keys(db);
  if (!known) return known.error();
  auto keys = load_keys(db, settings, known->empty(), now);
  if (!keys) return keys;
  if (auto chain = ensure_chain(db, settings, *keys); !chain) return chain.error();
  if (auto freed = free_abandoned(db, settings.node); !freed) return freed.error();
  return keys;
}

/// Schema, keys and chain in one transaction, which other nodes that start wait for.
Result<Keyring> prepare(Connection& db, const PostgresSettings& settings, const Server& server) {
  if (const auto begun = db.script("BEGIN"); begun.failed()) return begun.error(where);
  auto keys = prepare_inside(db, settings, server);
  const auto ended = db.script(keys ? "COMMIT" : "ROLLBACK");
  if (keys && ended.failed()) return ended.error(where);
  return keys;
}

Result<Server> look_first(const PostgresSettings& settings) {
  auto db = Connection::open(connect_settings(settings, true));
  if (!db) return db.error();
  auto server = look_at(**db);
  if (!server) return server;
  if (auto fit = check_readable(*server); !fit) return fit.error();
  return server;
}

Result<std::unique_ptr<Store>> open_to_run(const PostgresSettings& settings) {
  const auto server = look_first(settings);
  if (!server) return server.error();
  if (auto fit = check_writable(*server); !fit) return fit.error();
  auto link =
      std::make_unique<Link>(connect_settings(settings, false),
                             node_key(server->schema, settings.node), settings.name_patience);
  const auto db = link->get();
  if (!db) return db.error();
  auto keys = prepare(**db, settings, *server);
  if (!keys) return keys.error();
  return std::unique_ptr<Store>(std::make_unique<PostgresStore>(
      PostgresParts{settings.node, std::move(*keys), connect_settings(settings, true),
                    std::move(link), settings.commit_patience}));
}

Result<std::unique_ptr<Store>> open_to_read(const PostgresSettings& settings) {
  auto db = Connection::open(connect_settings(settings, true));
  if (!db) return db.error();
  const auto server = look_at(**db);
  if (!server) return server.error();
  if (auto fit = check_readable(*server); !fit) return fit.error();
  if (settings.check) {
    if (auto fit = check_writable(*server); !fit) return fit.error();
  }
  if (auto current = check_current(**db, postgres_migrations()); !current) {
    const bool empty = current.error().code == ErrorCode::not_found;
    if (settings.check && empty && !server->may_create) return no_right();
    return current.error();
  }
  const auto wrapped = read_keys(**db);
  if (!wrapped) return wrapped.error();
  auto keys = unwrap_data_keys(settings.site_key, *wrapped);
  if (!keys) return keys.error();
  return std::unique_ptr<Store>(std::make_unique<PostgresStore>(
      PostgresParts{.node = settings.node,
                    .keys = std::move(*keys),
                    .read_settings = connect_settings(settings, true)}));
}

Result<std::size_t> count_applied_at(const PostgresSettings& settings) {
  auto db = Connection::open(connect_settings(settings, true));
  if (!db) return db.error();
  const auto server = look_at(**db);
  if (!server) return server.error();
  if (auto fit = check_readable(*server); !fit) return fit.error();
  return count_applied(**db, postgres_migrations());
}

Result<std::int64_t> walk(const PostgresSettings& settings, const SeeEntry& see) {
  auto db = Connection::open(connect_settings(settings, true));
  if (!db) return db.error();
  if (auto current = check_current(**db, postgres_migrations()); !current) return current.error();
  const auto wrapped = read_keys(**db);
  if (!wrapped) return wrapped.error();
  const auto keys = unwrap_data_keys(settings.site_key, *wrapped);
  if (!keys) return keys.error();
  return verify_audit(**db, keys->audit_key, see);
}

}  // namespace
}  // namespace postgres

Result<std::int64_t> walk_audit(const PostgresSettings& settings, const SeeEntry& see) {
  return postgres::walk(settings, see);
}

Result<std::unique_ptr<Store>> open_postgres(const PostgresSettings& settings) {
  return postgres::open_to_run(settings);
}

Result<std::unique_ptr<Store>> open_postgres_to_read(const PostgresSettings& settings) {
  return postgres::open_to_read(settings);
}

Result<std::vector<PlannedMigration>> plan_postgres_migrations(const PostgresSettings& settings) {
  auto applied = postgres::count_applied_at(settings);
  if (!applied && applied.error().code == ErrorCode::not_found) applied = 0;
  if (!applied) return applied.error();
  return plan_of(postgres_migrations(), *applied);
}

}  // namespace meridian::store
