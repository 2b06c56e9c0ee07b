// SPDX-License-Identifier: Apache-2.0
// libpq as two types: a connection to a PostgreSQL server and the rows of a statement. Values go
// and come in binary form. Internal to store.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <libpq-fe.h>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"

namespace meridian::store::postgres {

/// A statement by name. Each is one constant of queries.h.
struct Query {
  const char* name;
  const char* sql;
};

/// Bytes bound as bytea. Borrowed until the statement ends.
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

/// What a statement ended with: nothing, an SQLSTATE of the server, or a connection that is gone.
class Outcome {
 public:
  static Outcome good() { return Outcome(0); }
  static Outcome lost() { return Outcome(-1); }
  /// The five characters as a number in base 36; Error::detail carries it.
  static Outcome refused(std::string_view sqlstate);

  bool ok() const { return code_ == 0; }
  /// Nobody knows what the server made of the statement.
  bool connection_lost() const { return code_ < 0; }
  /// Another transaction was in the way: the same again may succeed.
  bool crossed() const;
  Error error(Literal where) const;

 private:
  explicit Outcome(std::int64_t code) : code_(code) {}
  std::int64_t code_;
};

/// All rows that a statement gave.
class Rows {
 public:
  Rows(PGresult* result, Outcome outcome) : result_(result), outcome_(outcome) {}

  /// Moves to the next row; false after the last one and on failure.
  bool next() { return result_ && ++row_ < PQntuples(result_.get()); }
  bool failed() const { return !outcome_.ok(); }
  Error error(Literal where) const { return outcome_.error(where); }
  const Outcome& outcome() const { return outcome_; }
  /// Rows that an INSERT, UPDATE or DELETE changed.
  std::int64_t changed() const;

  bool null(int column) const { return PQgetisnull(result_.get(), row_, column) != 0; }
  /// Of type bigint, integer, smallint or boolean; 0 when NULL.
  std::int64_t integer(int column) const;
  std::string text(int column) const { return std::string(view(column)); }
  /// Text or bytes; valid as long as the rows; empty when NULL.
  std::string_view view(int column) const;
  Instant instant(int column) const { return Instant{std::chrono::milliseconds{integer(column)}}; }
  std::optional<Instant> maybe_instant(int column) const;
  template <typename Tag>
  Id<Tag> id(int column, Id<Tag>) const {
    return Id<Tag>(text(column));
  }

 private:
  struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
  };
  std::unique_ptr<PGresult, Clear> result_;
  Outcome outcome_;
  int row_ = -1;
};

struct ConnectSettings {
  std::string url;               ///< as libpq takes it; parameters it names win over ours
  std::string application_name;  ///< how the server lists the session
  bool only_read = false;
  std::chrono::milliseconds statement_timeout{15'000};
};

/// One session, used by one thread at a time. Statements are prepared once. Waits no longer than
/// the statement timeout and a little: a connection that says nothing for so long is given up.
class Connection {
 public:
  /// Errors: misconfigured when the URL, the database or the password is wrong; store_failed when
  /// the server cannot be reached.
  static Result<std::unique_ptr<Connection>> open(const ConnectSettings& settings);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  /// False once it was lost; it stays so.
  bool alive() const { return PQstatus(handle_) == CONNECTION_OK && !given_up_; }
  bool in_transaction() const;
  /// Process of the server that serves this session.
  int backend() const { return PQbackendPID(handle_); }
  /// Rows changed since the connection was opened.
  std::int64_t total_changes() const { return total_changes_; }
  const Outcome& last() const { return last_; }

  /// Runs statements without parameters; gives the rows of the last one, in text form.
  Rows script(const char* sql);

  /// Runs a statement that gives no rows; the value is the number of rows it changed.
  template <typename... Values>
  Result<std::int64_t> change(const Query& query, const Values&... values) {
    const auto rows = select(query, values...);
    if (rows.failed()) return rows.error("store.postgres");
    return rows.changed();
  }

  /// Runs a statement and waits for all its rows.
  template <typename... Values>
  Rows select(const Query& query, const Values&... values) {
    Parameters parameters;
    (parameters.add(values), ...);
    return run(query, parameters);
  }

 private:
  /// The parameters of one statement, in libpq's form.
  class Parameters {
   public:
    void add(std::int64_t value);
    void add(int value) { add(std::int64_t{value}); }
    void add(Instant at) { add(std::int64_t{at.time_since_epoch().count()}); }
    void add(std::optional<Instant> at);
    void add(std::string_view text) { add_bytes(text, text_type); }
    void add(const std::string& text) { add(std::string_view(text)); }
    void add(const char* text) { add(std::string_view(text)); }
    void add(Blob blob) { add_bytes(blob.bytes, bytea_type); }
    void add(TextOrNull text);
    template <typename Tag>
    void add(const Id<Tag>& id) {
      add(std::string_view(id.str()));
    }

    std::vector<Oid> types;
    std::vector<const char*> values;
    std::vector<int> lengths;
    std::vector<int> formats;

   private:
    // Of pg_type.dat: they never change.
    static constexpr Oid bytea_type = 17;
    static constexpr Oid bigint_type = 20;
    static constexpr Oid text_type = 25;

    void add_bytes(std::string_view bytes, Oid type);
    void add_null(Oid type);

    std::deque<std::array<char, 8>> numbers_;  ///< a deque, so that they stay where they are
  };

  Connection(PGconn* handle, std::chrono::milliseconds patience)
      : handle_(handle), patience_(patience) {}
  Result<void> set_up(const ConnectSettings& settings);
  Rows run(const Query& query, const Parameters& parameters);
  Rows finish(int sent);
  bool wait_for_answer();

  PGconn* handle_;
  std::chrono::milliseconds patience_;
  bool given_up_ = false;
  Outcome last_ = Outcome::good();
  std::int64_t total_changes_ = 0;
  std::set<const Query*> prepared_;
};

}  // namespace meridian::store::postgres
