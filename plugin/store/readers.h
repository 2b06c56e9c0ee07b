// SPDX-License-Identifier: Apache-2.0
// Read connections, lent to one thread at a time.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "store/sqlite.h"

namespace meridian::store {

/// A fixed number of connections; who comes when all are lent waits.
class Readers {
 public:
  explicit Readers(std::vector<std::unique_ptr<Connection>> connections)
      : free_(std::move(connections)), count_(free_.size()) {}

  /// A connection until it goes out of scope.
  class Loan {
   public:
    Loan(Readers& from, std::unique_ptr<Connection> connection)
        : from_(from), connection_(std::move(connection)) {}
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    ~Loan() {
      if (connection_) from_.give_back(std::move(connection_));
    }
    explicit operator bool() const { return connection_ != nullptr; }
    Connection& operator*() { return *connection_; }

   private:
    Readers& from_;
    std::unique_ptr<Connection> connection_;
  };

  /// Empty when the store is closed.
  Loan lend();

  /// Lends no more, and waits until all are back.
  void stop();

 private:
  void give_back(std::unique_ptr<Connection> connection);

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<std::unique_ptr<Connection>> free_;
  const std::size_t count_;
  bool stopping_ = false;
};

}  // namespace meridian::store
