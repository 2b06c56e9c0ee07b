// SPDX-License-Identifier: Apache-2.0
// Read connections, lent to one thread at a time and made again when they were lost.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "store/postgres/connection.h"

namespace meridian::store::postgres {

/// At most a fixed number of connections; who comes when all are lent waits.
class Readers {
 public:
  explicit Readers(ConnectSettings settings) : settings_(std::move(settings)), free_(count) {}

  /// A place for a connection until it goes out of scope.
  class Loan {
   public:
    Loan(Readers& from, std::unique_ptr<Connection> connection, bool lent)
        : from_(from), connection_(std::move(connection)), lent_(lent) {}
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    ~Loan() {
      if (lent_) from_.give_back(std::move(connection_));
    }
    explicit operator bool() const { return lent_; }
    /// The connection, made when there is none that lives. Errors: as Connection::open.
    Result<Connection*> get();

   private:
    Readers& from_;
    std::unique_ptr<Connection> connection_;
    bool lent_;
  };

  /// Empty when the store is closed.
  Loan lend();

  /// Lends no more, and waits until all are back.
  void stop();

 private:
  static constexpr std::size_t count = 4;

  void give_back(std::unique_ptr<Connection> connection);

  ConnectSettings settings_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<std::unique_ptr<Connection>> free_;
  bool stopping_ = false;
};

}  // namespace meridian::store::postgres
