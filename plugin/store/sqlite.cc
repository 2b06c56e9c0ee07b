// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite.h"

namespace meridian::store {
namespace {

constexpr char where[] = "store.sqlite";

const char* or_null(const std::string& text) {
  return text.empty() ? nullptr : text.c_str();
}

int flags_of(OpenMode mode) {
  if (mode == OpenMode::read) return SQLITE_OPEN_READONLY;
  return SQLITE_OPEN_READWRITE | (mode == OpenMode::create ? SQLITE_OPEN_CREATE : 0);
}

}  // namespace

Error sqlite_error(int code, Literal place) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return {ErrorCode::store_full, place, "the disk of the database is full", code};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorCode::store_busy, place, "another program holds the database", code};
    case SQLITE_CORRUPT:
      return {ErrorCode::store_damaged, place, "the database is damaged", code};
    case SQLITE_NOTADB:
      return {ErrorCode::store_damaged, place, "the file is not a database", code};
    case SQLITE_IOERR:
      return {ErrorCode::store_failed, place, "reading or writing the database failed", code};
    case SQLITE_READONLY:
      return {ErrorCode::store_failed, place, "the database cannot be opened for writing", code};
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
      return {ErrorCode::store_failed, place,
              "the database cannot be opened: look at the rights of its file and folder", code};
    case SQLITE_TOOBIG:
      return {ErrorCode::too_large, place, "a value is too large for the database", code};
    case SQLITE_NOMEM:
      return {ErrorCode::store_failed, place, "no memory", code};
    default:
      return {ErrorCode::internal, place, "the database refused a statement", code};
  }
}

Rows::~Rows() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

bool Rows::next() {
  if (statement_ == nullptr || failed() || code_ == SQLITE_DONE) return false;
  code_ = sqlite3_step(statement_);
  if (code_ == SQLITE_ROW) return true;
  if (failed()) code_ = sqlite3_extended_errcode(sqlite3_db_handle(statement_));
  return false;
}

bool Rows::null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Rows::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::string_view Rows::view(int column) const {
  // The pointer first: asking for it may convert, and only then is the size right.
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  const int size = sqlite3_column_bytes(statement_, column);
  return data == nullptr ? std::string_view{}
                         : std::string_view(data, static_cast<std::size_t>(size));
}

std::string Rows::text(int column) const {
  return std::string(view(column));
}

Instant Rows::instant(int column) const {
  return Instant{std::chrono::milliseconds{integer(column)}};
}

std::optional<Instant> Rows::maybe_instant(int column) const {
  if (null(column)) return std::nullopt;
  return instant(column);
}

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, OpenMode mode,
                                                     std::chrono::milliseconds busy_timeout,
                                                     const std::string& vfs) {
  sqlite3* handle = nullptr;
  const int flags = flags_of(mode) | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, or_null(vfs));
  std::unique_ptr<Connection> connection(new Connection(handle));
  if (code != SQLITE_OK) return sqlite_error(code, where);
  sqlite3_busy_timeout(handle, static_cast<int>(busy_timeout.count()));
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  return connection;
}

Connection::~Connection() {
  for (auto& [query, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close_v2(handle_);
}

Result<void> Connection::execute(const char* sql) {
  if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
    return sqlite_error(last_code(), where);
  }
  return {};
}

sqlite3_stmt* Connection::prepare(const Query& query) {
  auto& statement = statements_[&query];
  if (statement == nullptr) {
    sqlite3_prepare_v3(handle_, query.sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  }
  return statement;
}

Result<std::int64_t> Connection::run(sqlite3_stmt* statement) {
  const int code = sqlite3_step(statement);
  const int extended = code == SQLITE_DONE ? SQLITE_OK : last_code();
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
  if (code != SQLITE_DONE) return sqlite_error(extended, where);
  return sqlite3_changes64(handle_);
}

void Connection::bind(sqlite3_stmt* statement, int column, std::int64_t value) {
  sqlite3_bind_int64(statement, column, value);
}

void Connection::bind(sqlite3_stmt* statement, int column, std::string_view text) {
  const char* data = text.data() == nullptr ? "" : text.data();
  sqlite3_bind_text64(statement, column, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void Connection::bind(sqlite3_stmt* statement, int column, Blob blob) {
  if (blob.bytes.empty()) return;  // unbound is NULL
  sqlite3_bind_blob64(statement, column, blob.bytes.data(), blob.bytes.size(), SQLITE_STATIC);
}

void Connection::bind(sqlite3_stmt* statement, int column, TextOrNull text) {
  if (!text.text.empty()) bind(statement, column, text.text);
}

void Connection::bind(sqlite3_stmt* statement, int column, Instant at) {
  sqlite3_bind_int64(statement, column, at.time_since_epoch().count());
}

void Connection::bind(sqlite3_stmt* statement, int column, std::optional<Instant> at) {
  if (at) bind(statement, column, *at);
}

void Connection::bind(sqlite3_stmt* statement, int column, std::span<const std::uint8_t> bytes) {
  sqlite3_bind_blob64(statement, column, bytes.data(), bytes.size(), SQLITE_STATIC);
}

}  // namespace meridian::store
