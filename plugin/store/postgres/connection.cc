// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/connection.h"

#include <cerrno>
#include <cstdlib>
#include <poll.h>

namespace meridian::store::postgres {
namespace {

constexpr char where[] = "store.postgres";
constexpr int binary = 1;

constexpr std::int64_t base36(std::string_view text) {
  std::int64_t number = 0;
  for (const char c : text) number = number * 36 + (c >= 'A' ? c - 'A' + 10 : c - '0');
  return number;
}

/// An SQLSTATE from its first three characters and the rest.
constexpr std::int64_t state(std::string_view first, std::string_view rest) {
  return base36(first) * 36 * 36 + base36(rest);
}

/// The class of an SQLSTATE: its first two characters.
constexpr std::int64_t class_of(std::int64_t code) {
  return code / base36("1000");
}

std::string state_of(const PGresult* result) {
  const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  return state == nullptr ? "" : state;
}

/// Errors by the class of their SQLSTATE. Source: PostgreSQL 15, appendix A.
Error error_of_class(std::int64_t code, Literal place) {
  switch (class_of(code)) {
    case base36("08"):
    case base36("57"):
      return {ErrorCode::store_failed, place, "the database server is going down or starting",
              code};
    case base36("28"):
    case base36("3D"):
      return {ErrorCode::misconfigured, place,
              "the database server refuses this user, password or database", code};
    case base36("40"):
      return {ErrorCode::store_busy, place, "another transaction was in the way", code};
    case base36("42"):
      return {ErrorCode::internal, place, "the database refused a statement", code};
    case base36("53"):
      return {ErrorCode::store_busy, place, "the database server has no resources left", code};
    case base36("54"):
      return {ErrorCode::too_large, place, "a value is too large for the database", code};
    case base36("58"):
      return {ErrorCode::store_failed, place, "reading or writing the database failed", code};
    case base36("XX"):
      return {ErrorCode::store_damaged, place, "the database is damaged", code};
    default:
      return {ErrorCode::internal, place, "the database refused a statement", code};
  }
}

/// Why a connection was not made. libpq gives no SQLSTATE for it, and its text names users.
Error not_connected(PGconn* handle) {
  if (PQconnectionNeedsPassword(handle) != 0) {
    return {ErrorCode::misconfigured, where,
            "the database wants a password: use a password file (PGPASSFILE or passfile=)"};
  }
  const std::string_view text = PQerrorMessage(handle);
  for (const char* told : {"authentication failed", "does not exist", "no pg_hba.conf entry",
                           "invalid", "certificate", "SSL"}) {
    if (text.find(told) != std::string_view::npos) {
      return {ErrorCode::misconfigured, where,
              "the database server refuses this URL, user, password, database or TLS"};
    }
  }
  return {ErrorCode::store_failed, where,
          "the database server cannot be reached, or does not let us in"};
}

}  // namespace

Outcome Outcome::refused(std::string_view sqlstate) {
  return Outcome(sqlstate.size() == 5 ? base36(sqlstate) : base36("XX000"));
}

bool Outcome::crossed() const {
  return code_ == state("400", "01") || code_ == state("40P", "01") || code_ == state("55P", "03");
}

Error Outcome::error(Literal place) const {
  if (connection_lost()) {
    return {ErrorCode::store_failed, place, "the connection to the database was lost"};
  }
  switch (code_) {
    case state("531", "00"):
      return {ErrorCode::store_full, place, "the disk of the database is full", code_};
    case state("55P", "03"):
    case state("570", "14"):
      return {ErrorCode::store_busy, place, "another program holds the database", code_};
    case state("250", "06"):
      return {ErrorCode::misconfigured, place, "the database can only be read: is it a standby?",
              code_};
    case state("425", "01"):
      return {ErrorCode::misconfigured, place, "the database user lacks a right", code_};
    case state("220", "21"):
      return {ErrorCode::invalid, place, "a text is not UTF-8 or has a zero byte in it", code_};
    case state("25P", "03"):
      return {ErrorCode::store_failed, place, "the transaction stood still for too long", code_};
    default:
      return error_of_class(code_, place);
  }
}

std::int64_t Rows::changed() const {
  return result_ ? std::atoll(PQcmdTuples(result_.get())) : 0;
}

std::int64_t Rows::integer(int column) const {
  const auto bytes = view(column);
  if (bytes.empty()) return 0;
  std::uint64_t value = (bytes[0] & 0x80) != 0 ? ~std::uint64_t{0} : 0;
  for (const char c : bytes) value = value << 8 | static_cast<std::uint8_t>(c);
  return static_cast<std::int64_t>(value);
}

std::string_view Rows::view(int column) const {
  return {PQgetvalue(result_.get(), row_, column),
          static_cast<std::size_t>(PQgetlength(result_.get(), row_, column))};
}

std::optional<Instant> Rows::maybe_instant(int column) const {
  if (null(column)) return std::nullopt;
  return instant(column);
}

void Connection::Parameters::add_bytes(std::string_view bytes, Oid type) {
  types.push_back(type);
  values.push_back(bytes.data() == nullptr ? "" : bytes.data());
  lengths.push_back(static_cast<int>(bytes.size()));
  formats.push_back(binary);
}

void Connection::Parameters::add_null(Oid type) {
  types.push_back(type);
  values.push_back(nullptr);
  lengths.push_back(0);
  formats.push_back(binary);
}

void Connection::Parameters::add(std::int64_t value) {
  auto& bytes = numbers_.emplace_back();
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<char>(value >> (56 - 8 * i));
  add_bytes({bytes.data(), bytes.size()}, bigint_type);
}

void Connection::Parameters::add(std::optional<Instant> at) {
  if (at) return add(*at);
  add_null(bigint_type);
}

void Connection::Parameters::add(TextOrNull text) {
  if (!text.text.empty()) return add(text.text);
  add_null(text_type);
}

Result<std::unique_ptr<Connection>> Connection::open(const ConnectSettings& settings) {
  // What the URL names comes later in the list and wins.
  const char* const names[] = {"connect_timeout",  "keepalives_idle",  "keepalives_interval",
                               "keepalives_count", "tcp_user_timeout", "application_name",
                               "dbname",           "client_encoding",  nullptr};
  const char* const values[] = {
      "5",    "10",   "5", "3", "9000", settings.application_name.c_str(), settings.url.c_str(),
      "UTF8", nullptr};
  constexpr auto margin = std::chrono::seconds(5);
  std::unique_ptr<Connection> connection(
      new Connection(PQconnectdbParams(names, values, 1), settings.statement_timeout + margin));
  if (!connection->alive()) return not_connected(connection->handle_);
  // What the server says beside its answers could repeat values: nobody hears it.
  PQsetNoticeProcessor(
      connection->handle_, [](void*, const char*) {}, nullptr);
  PQsetErrorVerbosity(connection->handle_, PQERRORS_SQLSTATE);
  if (auto set = connection->set_up(settings); !set) return set.error();
  return connection;
}

/// A node that stands still in the middle of a transaction must not hold its rows for long.
Result<void> Connection::set_up(const ConnectSettings& settings) {
  const auto wait = std::to_string(settings.statement_timeout.count());
  const auto lock = std::to_string(settings.statement_timeout.count() / 3);
  std::string sql = "SET statement_timeout = " + wait + "; SET lock_timeout = " + lock +
                    "; SET idle_in_transaction_session_timeout = " + lock +
                    "; SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5"
                    "; SET tcp_keepalives_count = 3";
  // A commit that is acknowledged before it is on the disk is no commit to us.
  sql += settings.only_read ? "; SET default_transaction_read_only = on"
                            : "; SELECT set_config('synchronous_commit', 'on', false)"
                              " WHERE current_setting('synchronous_commit') = 'off'";
  const auto done = script(sql.c_str());
  if (done.failed()) return done.error(where);
  return {};
}

Connection::~Connection() {
  PQfinish(handle_);
}

bool Connection::in_transaction() const {
  const auto status = PQtransactionStatus(handle_);
  return alive() && (status == PQTRANS_INTRANS || status == PQTRANS_INERROR);
}

Rows Connection::script(const char* sql) {
  if (!alive()) return {nullptr, last_ = Outcome::lost()};
  return finish(PQsendQuery(handle_, sql));
}

Rows Connection::run(const Query& query, const Parameters& parameters) {
  if (!alive()) return {nullptr, last_ = Outcome::lost()};
  const auto count = static_cast<int>(parameters.values.size());
  if (!prepared_.contains(&query)) {
    auto made =
        finish(PQsendPrepare(handle_, query.name, query.sql, count, parameters.types.data()));
    if (made.failed()) return made;
    prepared_.insert(&query);
  }
  auto rows =
      finish(PQsendQueryPrepared(handle_, query.name, count, parameters.values.data(),
                                 parameters.lengths.data(), parameters.formats.data(), binary));
  if (!rows.failed()) total_changes_ += rows.changed();
  return rows;
}

/// Collects what the server answers to the statements that were just sent.
Rows Connection::finish(int sent) {
  if (sent == 0) return {nullptr, last_ = Outcome::lost()};
  PGresult* last = nullptr;
  auto outcome = Outcome::good();
  for (;;) {
    if (!wait_for_answer()) {
      PQclear(last);
      given_up_ = true;
      return {nullptr, last_ = Outcome::lost()};
    }
    PGresult* const result = PQgetResult(handle_);
    if (result == nullptr) break;
    PQclear(last);
    last = result;
    const auto status = PQresultStatus(result);
    if (status == PGRES_FATAL_ERROR && outcome.ok()) {
      const auto state = state_of(result);
      outcome = state.empty() ? Outcome::lost() : Outcome::refused(state);
    }
  }
  if (!alive()) outcome = Outcome::lost();
  last_ = outcome;
  return {last, outcome};
}

/// False when the server says nothing for too long.
bool Connection::wait_for_answer() {
  using Clock = std::chrono::steady_clock;
  const auto ends = Clock::now() + patience_;
  while (PQisBusy(handle_) != 0) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(ends - Clock::now());
    if (left.count() <= 0) return false;
    pollfd socket{PQsocket(handle_), POLLIN, 0};
    if (::poll(&socket, 1, static_cast<int>(left.count())) < 0 && errno != EINTR) return false;
    if (PQconsumeInput(handle_) == 0) return true;  // PQgetResult says what is wrong
  }
  return true;
}

}  // namespace meridian::store::postgres
