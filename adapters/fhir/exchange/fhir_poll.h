// SPDX-License-Identifier: Apache-2.0
// Asks a FHIR server again and again what changed, and hands each change in as one envelope.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "fhir/client/fhir_client.h"
#include "fhir/exchange/dialect.h"
#include "port/ports.h"

namespace meridian::fhir {

struct PollSettings {
  SourceId source;
  std::string base_url;        ///< for the fullUrl of resources that came without one
  std::vector<Watch> watches;  ///< of a Dialect
  std::chrono::milliseconds interval{15'000};
  std::chrono::seconds overlap{5};  ///< asked again, since _lastUpdated is not strictly ordered
  std::chrono::seconds lookback{86'400};  ///< how far the very first poll reaches
  int page_size = 50;
  Clock clock = system_now;
  /// Patients ("Patient/17") of the work list, for watches by patient. Called on the poll's thread.
  std::function<std::vector<std::string>()> patients;
  /// Watches by patient go round no more often than this, unless somebody wakes the poll.
  std::chrono::milliseconds patients_every{0};
};

/// One envelope per changed resource: sender_id is "Task/9/_history/3", or "Task/9/#" and a hash
/// where the server keeps no versions; the bytes are a collection Bundle of the resource, first,
/// and what it refers to. An inlet that says `conflict` has this version already. The cursor moves
/// when every envelope of a round was accepted; what came twice within the overlap is not handed
/// in again.
class FhirPoll : public Source {
 public:
  /// `client` must outlive the poll; stop() stops it, so give the poll a client of its own.
  FhirPoll(FhirClient& client, PollSettings settings);
  ~FhirPoll() override;
  FhirPoll(const FhirPoll&) = delete;
  FhirPoll& operator=(const FhirPoll&) = delete;

  /// Polls at once and then at each interval, on a thread of its own. `inlet` must live until
  /// stop() returns. Errors: misconfigured, when it runs already or was stopped.
  Result<void> start(Inlet& inlet) override;
  Result<void> read_now(Inlet& inlet) override;
  /// All watches anew from `since` on; the cursors stay. An error of one watch does not stop the
  /// others; the first one is returned.
  Result<int> read_back(Inlet& inlet, Instant since) override;
  /// Polls at once; while it polls, once more after that.
  void wake() override;
  /// The Subscriber beside it says when to look.
  Result<void> hear(const Notice&) override { return {}; }
  void stop() override;

  /// One round over all watches on the caller's thread; not while a thread runs. The value is the
  /// number of envelopes that were accepted. An error of one watch does not stop the others; the
  /// first one is returned.
  Result<int> poll_once(Inlet& inlet);

 private:
  void run(Inlet& inlet);
  /// True for a watch by patient that went round a short time ago; else it goes now.
  bool rests(const Watch& watch);
  /// One round, unless another node polls.
  Result<int> poll_in_turn(Inlet& inlet);

  FhirClient& client_;
  PollSettings settings_;
  std::map<std::string, std::set<std::string>>
      accepted_;                               ///< sender ids of the last round by watch
  std::map<std::string, Instant> went_round_;  ///< watches by patient, when they began last
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  bool woken_ = false;
  std::thread thread_;
};

}  // namespace meridian::fhir
