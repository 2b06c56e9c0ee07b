// SPDX-License-Identifier: Apache-2.0
// SQLite's C API as two types: a connection and the rows of a statement. Internal to store.
#pragma once

#include <cassert>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include <sqlite3.h>

#include "base/hash.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"

namespace meridian::store {

/// A statement by name. Each is one constant of queries.h, so its address can stand for it.
struct Query {
  const char* name;
  const char* sql;
};

/// Bytes bound as BLOB; empty ones as NULL. Borrowed until the statement ends.
struct Blob {
  Blob(std::string_view text) : bytes(text) {}  // NOLINT: implicit
  Blob(std::span<const std::uint8_t> data)      // NOLINT: implicit
      : bytes(reinterpret_cast<const char*>(data.data()), data.size()) {}

  std::string_view bytes;
};

/// Text bound as NULL when empty.
struct TextOrNull {
  std::string_view text;
};

/// The error for a SQLite result code; `detail` carries the extended code.
Error sqlite_error(int code, Literal where);

/// The rows of a statement under way. Ends it when it goes out of scope. One at a time per query.
class Rows {
 public:
  explicit Rows(sqlite3_stmt* statement, int code) : statement_(statement), code_(code) {}
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;
  ~Rows();

  /// Moves to the next row; false after the last one and on failure.
  bool next();
  bool failed() const { return code_ != SQLITE_OK && code_ != SQLITE_ROW && code_ != SQLITE_DONE; }
  Error error(Literal where) const { return sqlite_error(code_, where); }

  bool null(int column) const;
  std::int64_t integer(int column) const;
  std::string text(int column) const;
  /// Text or bytes; valid until next().
  std::string_view view(int column) const;
  Instant instant(int column) const;
  std::optional<Instant> maybe_instant(int column) const;
  template <typename Tag>
  Id<Tag> id(int column, Id<Tag>) const {
    return Id<Tag>(text(column));
  }

 private:
  sqlite3_stmt* statement_;
  int code_;
};

enum class OpenMode { write, create, read };

/// One connection, used by one thread at a time. Statements are prepared once and kept.
class Connection {
 public:
  /// `vfs` names SQLite's file layer; empty for its default.
  static Result<std::unique_ptr<Connection>> open(const std::string& path, OpenMode mode,
                                                  std::chrono::milliseconds busy_timeout,
                                                  const std::string& vfs);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  /// Runs statements without parameters or results.
  Result<void> execute(const char* sql);

  /// Runs a statement that gives no rows; the value is the number of rows it changed.
  template <typename... Values>
  Result<std::int64_t> change(const Query& query, const Values&... values) {
    sqlite3_stmt* statement = prepare(query);
    if (statement == nullptr) return sqlite_error(last_code(), "store.sqlite");
    int column = 0;
    (bind(statement, ++column, values), ...);
    assert(column == sqlite3_bind_parameter_count(statement));
    return run(statement);
  }

  /// Starts a statement that gives rows. Parameters are borrowed until the Rows end.
  template <typename... Values>
  Rows select(const Query& query, const Values&... values) {
    sqlite3_stmt* statement = prepare(query);
    if (statement == nullptr) return Rows(nullptr, last_code());
    int column = 0;
    (bind(statement, ++column, values), ...);
    assert(column == sqlite3_bind_parameter_count(statement));
    return Rows(statement, SQLITE_OK);
  }

  /// False when SQLite itself has rolled the transaction back, as it does on some failures.
  bool in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }
  /// Rows changed since the connection was opened.
  std::int64_t total_changes() const { return sqlite3_total_changes64(handle_); }
  int last_code() const { return sqlite3_extended_errcode(handle_); }
  sqlite3* handle() { return handle_; }

 private:
  explicit Connection(sqlite3* handle) : handle_(handle) {}
  sqlite3_stmt* prepare(const Query& query);
  Result<std::int64_t> run(sqlite3_stmt* statement);

  static void bind(sqlite3_stmt* statement, int column, std::int64_t value);
  static void bind(sqlite3_stmt* statement, int column, std::string_view text);
  static void bind(sqlite3_stmt* statement, int column, Blob blob);
  static void bind(sqlite3_stmt* statement, int column, TextOrNull text);
  static void bind(sqlite3_stmt* statement, int column, Instant at);
  static void bind(sqlite3_stmt* statement, int column, std::optional<Instant> at);
  static void bind(sqlite3_stmt* statement, int column, std::span<const std::uint8_t> bytes);
  static void bind(sqlite3_stmt* statement, int column, const std::string& text) {
    bind(statement, column, std::string_view(text));
  }
  static void bind(sqlite3_stmt* statement, int column, const char* text) {
    bind(statement, column, std::string_view(text));
  }
  static void bind(sqlite3_stmt* statement, int column, int value) {
    bind(statement, column, std::int64_t{value});
  }
  template <typename Tag>
  static void bind(sqlite3_stmt* statement, int column, const Id<Tag>& id) {
    bind(statement, column, std::string_view(id.str()));
  }

  sqlite3* handle_;
  std::unordered_map<const Query*, sqlite3_stmt*> statements_;
};

}  // namespace meridian::store
