// SPDX-License-Identifier: Apache-2.0
// Listens to the subscriptions at one server, and keeps those that are ours alive. It only makes
// the poll quicker: whatever is lost here, the next poll finds.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/sensitive.h"
#include "base/time.h"
#include "fhir/client/fhir_client.h"
#include "fhir/exchange/dialect.h"
#include "fhir/exchange/heard.h"
#include "port/ports.h"

namespace meridian::fhir {

struct SubscriberSettings {
  SourceId source;
  std::string base_url;
  std::vector<Watch> watches;       ///< those by patient: what is told of is read by itself
  bool counts = true;               ///< numbers go on from one bundle to the next
  std::vector<std::string> topics;  ///< that we subscribe to; none: we only listen
  std::string endpoint;             ///< where we are told: https://meridian.example/fhir/SOURCE
  Sensitive<std::string> token;     ///< that the server shows there
  std::chrono::seconds heartbeat{300};
  std::chrono::milliseconds patience{5'000};  ///< what is missing may only be late
  std::chrono::milliseconds interval{1'000};
  std::chrono::milliseconds pause{60'000};  ///< after a failure
  Clock clock = system_now;
  std::function<void()> look = [] {};  ///< has the poll look now
};

/// hear() keeps what it was told before it returns. A number that is missing for longer than
/// `patience` is asked for by $events; silence beyond the heartbeat by $status, and the
/// subscription is set back to requested. After either the poll looks. A server that we ask nothing
/// of costs no thread before it first tells something.
/// Source: HL7 Subscriptions R5 Backport IG 1.1.0, R4.
class Subscriber : public Source {
 public:
  /// `client` must outlive it; stop() stops it.
  Subscriber(FhirClient& client, SubscriberSettings settings);
  ~Subscriber() override;
  Subscriber(const Subscriber&) = delete;
  Subscriber& operator=(const Subscriber&) = delete;

  Result<void> start(Inlet& inlet) override;
  Result<void> hear(const Notice& notice) override;
  void stop() override;
  /// True once a thread of its own does what is due.
  bool is_tending();
  /// What is due, on the caller's thread; not while a thread runs. The first error; what failed is
  /// tried again.
  Result<void> tend(Inlet& inlet);

 private:
  Result<Heard> kept(Inlet& inlet) const;
  Result<void> change(Inlet& inlet, const std::function<void(Heard&)>& change);
  Result<void> read_what_was_told(Inlet& inlet, const Heard& heard);
  Result<void> read_one(Inlet& inlet, const std::string& place);
  Result<void> ask_for_missing(Inlet& inlet, const std::string& ref, const HeardSubscription& one);
  Result<void> keep_alive(Inlet& inlet, const std::string& topic, const Heard& heard);
  Result<std::string> find_or_make(const std::string& topic);
  Result<void> request_again(const std::string& ref, const std::string& topic);
  std::string subscription_json(const std::string& topic, const std::string& id) const;
  void run(Inlet& inlet);
  /// On a thread of its own, once; `mutex_` is held.
  void tend_from_now_on();

  FhirClient& client_;
  SubscriberSettings settings_;
  std::set<std::string> types_;  ///< read by themselves
  Inlet* inlet_ = nullptr;
  Instant next_request_{};       ///< a server in error is not asked all the time
  Instant next_{};               ///< nothing that failed is tried before
  std::set<std::string> alive_;  ///< topics whose subscription was seen active since the start
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  bool woken_ = false;
  std::thread thread_;
};

}  // namespace meridian::fhir
