// SPDX-License-Identifier: Apache-2.0
// Tells a clinic's subscribers what happened: events follow from the clinic's shelves, get their
// numbers here, and are posted until they arrive.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/time.h"
#include "fhir/endpoint/hook.h"
#include "fhir/endpoint/notification.h"
#include "fhir/endpoint/subscription_book.h"
#include "port/desk.h"

namespace meridian::fhir {

/// For one clinic. Of several nodes one tells; the others look whether it still does.
///
/// A number is durable before it is sent, so it means the same event after a restart and on another
/// node. Several changes of a referral between two looks are one event. What does not arrive is
/// sent again with back-off; after ten failures in a row the subscription is in error, its events
/// are numbered on, and the clinic asks again.
class Notifier {
 public:
  static constexpr int most_failures = 10;
  static constexpr int most_handshakes = 3;
  static constexpr std::chrono::seconds turn{60};     ///< how long a node is silent before another
  static constexpr std::chrono::seconds overlap{60};  ///< shelves are not strictly ordered by time

  struct Parts {
    Desk& desk;
    std::string clinic;
    std::unique_ptr<Hook> hook;
    std::function<std::string()> base;  ///< of the endpoint
    Clock clock = system_now;
    std::chrono::milliseconds interval{1'000};
  };
  explicit Notifier(Parts parts);
  ~Notifier();
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;

  /// Looks at each interval, on a thread of its own. Once.
  void start();
  void stop();
  /// One look, on the caller's thread; not while a thread runs. Errors: those of the Desk.
  Result<void> look();

 private:
  struct Message {
    std::string type;
    Numbers numbers;
  };
  Result<bool> is_my_turn();
  Result<void> tend(const std::string& id);
  Result<Subscription> number_events(const std::string& id, const Subscription& one);
  Result<bool> passes(const Wish& wish, const std::string& referral);
  std::optional<Message> next_message(const Subscription& one, const Wish& wish) const;
  Result<void> tell(const Subscription& one, const Wish& wish, const Message& message);
  Result<void> settle(const Subscription& one, const Message& message, const Result<int>& answer);
  std::string task_of(const std::string& referral);
  void run();

  Parts parts_;
  const Caller caller_;
  SubscriptionBook book_;
  const std::string mark_;  ///< of this notifier, among those of other nodes
  std::optional<Instant> turn_until_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace meridian::fhir
