// SPDX-License-Identifier: Apache-2.0
// What the contract suite needs of a database: a new empty one, opened as often as a test likes.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "store/store.h"

namespace meridian::store {

/// A clock that a test moves.
class TestClock {
 public:
  Instant now() const { return Instant{std::chrono::milliseconds{ms_.load()}}; }
  void advance(std::chrono::milliseconds by) {
    ms_ += by.count();
    if (told) told(now());
  }
  Clock clock() {
    return [this] { return now(); };
  }

  /// Told each new time: a database that goes by its own.
  std::function<void(Instant)> told;

 private:
  std::atomic<std::int64_t> ms_{1'800'000'000'000};
};

/// One empty database of some kind and the clock its leases go by.
class TestDatabase {
 public:
  virtual ~TestDatabase() = default;
  /// Ends the test when it cannot be opened.
  virtual std::unique_ptr<Store> open() = 0;

  TestClock clock;
};

/// A kind of database, named in the test's name.
struct Opener {
  std::string name;
  std::function<std::unique_ptr<TestDatabase>()> make;
};

/// How the name of a test names its database.
inline std::ostream& operator<<(std::ostream& out, const Opener& opener) {
  return out << opener.name;
}

/// Every kind that the contract suite runs on.
const std::vector<Opener>& openers();

/// Sample rows that are complete; a test changes what it is about.
NewMessage a_message(const std::string& sender_id, const std::string& body = "an order");
ReferralRow a_referral(const std::string& state = "received");
NewDelivery a_delivery(const ReferralId& referral, const std::string& destination, Instant due);
NewWork some_work(const ReferralId& referral, Instant due, const std::string& unique_key = "");
/// A change that makes a referral.
Changes new_referral(const ReferralRow& row);

/// Writes `changes` through a message of its own; ends the test when that fails.
void apply(Store& store, const Changes& changes);

}  // namespace meridian::store
