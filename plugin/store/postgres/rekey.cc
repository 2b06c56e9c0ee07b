// SPDX-License-Identifier: Apache-2.0
#include "store/rekey.h"

#include "store/postgres/audit.h"
#include "store/postgres/migrations.h"
#include "store/postgres/opening.h"
#include "store/postgres/queries.h"
#include "store/postgres/session.h"
#include "store/reseal.h"

namespace meridian::store {
namespace postgres {
namespace {

constexpr char where[] = "store.rekey";

const Query end_keys{"end_keys", "DELETE FROM data_keys"};

/// Sealing a whole table may take longer than any statement of a runtime.
PostgresSettings patient(PostgresSettings settings) {
  settings.statement_timeout = std::chrono::minutes(10);
  return settings;
}

/// Takes the names of all nodes that ever wrote here, so that none of them can connect. Errors:
/// store_busy when one is connected.
Result<void> take_all_names(Connection& db, const std::string& schema) {
  std::vector<std::string> nodes;
  auto rows = db.select(Queries::audit_heads);
  while (rows.next()) nodes.push_back(rows.text(0));
  if (rows.failed()) return rows.error(where);
  for (const auto& node : nodes) {
    auto taken = db.select(Queries::take_node, node_key(schema, node));
    if (!taken.next()) return taken.error(where);
    if (taken.integer(0) == 0) {
      return Error{ErrorCode::store_busy, where, "a node has the database open: stop all of them"};
    }
  }
  return {};
}

Result<void> write_keys(Connection& db, const std::vector<WrappedKey>& keys, Instant now) {
  if (auto gone = db.change(end_keys); !gone) return gone.error();
  for (const auto& key : keys) {
    const auto added = db.change(Queries::add_key, std::int64_t{key.id}, key.purpose,
                                 Blob(std::string_view(key.wrapped)), now);
    if (!added) return added.error();
  }
  return {};
}

Result<void> note(Connection& db, const std::string& node, const Keyring& ring, Instant now,
                  std::string_view by) {
  if (!read_audit_head(db, node)) {
    if (auto begun = begin_chain(db, node, ring.audit_key); !begun) return begun;
  }
  const Hmac key(ring.audit_key);
  NumberStock numbers;
  Session session{db, *ring.envelope, node, key, numbers, now};
  const NewAudit entry{"Site.rekey", std::string(by), "keys", "success"};
  if (auto added = append_audit(session, entry); !added) return added;
  return write_audit_head(session);
}

Result<std::int64_t> reseal_all(Connection& db, const Envelope& envelope) {
  std::int64_t sealed = 0;
  Resealer<Connection, Query, Blob> resealer(db, envelope);
  for (const auto& place : postgres_places()) {
    const auto done = resealer.run(place);
    if (!done) return done.error();
    sealed += *done;
  }
  return sealed;
}

Result<std::int64_t> rekey_inside(Connection& db, const PostgresSettings& settings,
                                  const SecretKey& next, std::string_view by) {
  auto server = db.select(Queries::server_state);
  if (!server.next()) return server.error(where);
  const auto schema = server.text(4);
  const auto turn = db.select(Queries::wait_in_transaction, schema_key(schema));
  if (turn.failed()) return turn.error(where);
  if (auto current = check_current(db, postgres_migrations()); !current) return current.error();
  if (auto alone = take_all_names(db, schema); !alone) return alone.error();
  const auto old = read_keys(db);
  if (!old) return old.error();
  const auto keys = rekey_data_keys(settings.site_key, next, *old);
  if (!keys) return keys.error();
  const auto sealed = reseal_all(db, *keys->ring.envelope);
  if (!sealed) return sealed;
  const auto now = system_now();
  if (auto written = write_keys(db, keys->keys, now); !written) return written.error();
  if (auto noted = note(db, settings.node, keys->ring, now, by); !noted) return noted.error();
  return sealed;
}

Result<std::int64_t> rekey(const PostgresSettings& settings, const SecretKey& next,
                           std::string_view by) {
  auto db = Connection::open(connect_settings(patient(settings), false));
  if (!db) return db.error();
  if (const auto begun = (*db)->script("BEGIN"); begun.failed()) return begun.error(where);
  auto sealed = rekey_inside(**db, settings, next, by);
  const auto ended = (*db)->script(sealed ? "COMMIT" : "ROLLBACK");
  if (sealed && ended.failed()) return ended.error(where);
  return sealed;
}

}  // namespace
}  // namespace postgres

Result<std::int64_t> rekey_postgres(const PostgresSettings& settings, const SecretKey& next,
                                    std::string_view by) {
  return postgres::rekey(settings, next, by);
}

}  // namespace meridian::store
