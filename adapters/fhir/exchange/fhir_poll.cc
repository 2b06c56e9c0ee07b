// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/fhir_poll.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/log.h"
#include "fhir/exchange/changed_resource.h"
#include "fhir/exchange/collection.h"

namespace meridian::fhir {
namespace {

/// One watch in one round.
class Round {
 public:
  Round(FhirClient& client, const PollSettings& settings, const Watch& watch, Inlet& inlet,
        const std::set<std::string>& known)
      : client_(client), settings_(settings), watch_(watch), inlet_(inlet), known_(known) {}

  /// What changed since an instant and was never taken, in place of what the cursor would bring.
  Result<int> back_to(Instant since) {
    back_to_ = since;
    return run();
  }

  /// The number of envelopes that were accepted.
  Result<int> run() { return watch_.by == Watch::By::patient ? by_patient() : by_time(); }

  /// Sender ids that are behind us, for the next round's overlap. After a run that failed they are
  /// those that need not be taken again: a long round over a bad line would else never end.
  std::set<std::string> take_seen() { return std::move(seen_); }

 private:
  std::string cursor_name() const { return "poll." + watch_.name; }

  Result<int> by_time() {
    if (back_to_) return search(in_order_from(*back_to_));
    const auto stored = inlet_.cursor(settings_.source, cursor_name());
    if (!stored) return stored.error();
    const auto cursor = parse_instant(*stored);
    newest_ = cursor.value_or(settings_.clock() - settings_.lookback);
    const Instant since = cursor ? *cursor - settings_.overlap : newest_;
    auto accepted = search(in_order_from(since));
    if (!accepted) return accepted;
    if (cursor && *cursor == newest_) return accepted;
    const auto moved = inlet_.set_cursor(settings_.source, cursor_name(), to_string(newest_));
    if (!moved) return moved.error();
    return accepted;
  }

  SearchParams in_order_from(Instant since) const {
    SearchParams params = watch_.params;
    params.emplace_back("_lastUpdated", "ge" + to_string(since));
    params.emplace_back("_sort", "_lastUpdated");
    return params;
  }

  Result<int> by_patient() {
    int accepted = 0;
    std::optional<Error> first;
    if (!settings_.patients) return accepted;
    for (const auto& patient : settings_.patients()) {
      const std::string id = patient.substr(patient.rfind('/') + 1);
      SearchParams params = watch_.params;
      for (auto& [name, value] : params) {
        const auto at = value.find("{patient}");
        if (at != std::string::npos) value.replace(at, 9, id);
      }
      const auto found = search(std::move(params));
      if (found) {
        accepted += *found;
      } else if (error_row(found.error().code).retry != RetryClass::permanent) {
        return found;
      } else if (!first) {
        first = found.error();  // of this patient: a record that is closed stops nobody else's
      }
    }
    if (first) return *first;
    return accepted;
  }

  Result<int> search(SearchParams params) {
    params.emplace_back("_count", std::to_string(settings_.page_size));
    const auto pages = client_.search(watch_.type, params);
    std::vector<BundleEntry> all;
    for (const auto& body : pages.bodies) {
      auto entries = bundle_entries(body);
      if (!entries) return entries.error();
      std::move(entries->begin(), entries->end(), std::back_inserter(all));
    }
    int accepted = 0;
    for (const auto& entry : latest_of(std::move(all))) {
      const auto taken = take(entry);
      if (taken) {
        accepted += *taken ? 1 : 0;
      } else if (error_row(taken.error().code).retry != RetryClass::permanent) {
        return taken.error();
      } else if (!refused_) {
        refused_ = taken.error();  // one that is refused does not keep the others waiting
      }
    }
    if (refused_) return *refused_;
    if (pages.completeness == Completeness::complete) return accepted;
    if (pages.failure && is_extra(*pages.failure)) return accepted;
    if (pages.failure) return *pages.failure;
    if (pages.completeness == Completeness::withheld || pages.why == "ask-tomorrow") {
      return Error{ErrorCode::forbidden, "poll", "the record is closed, or not open today"};
    }
    return Error{ErrorCode::unavailable, "poll", "the search was not answered in full"};
  }

  /// A server that does not have what is only read besides is none that fails; what it lacks is
  /// said by dialect_needs. One that refuses it to us is.
  bool is_extra(const Error& error) const {
    const bool refused =
        error.code == ErrorCode::forbidden || error.code == ErrorCode::unauthorized;
    return watch_.own == Watch::Own::along && !refused &&
           error_row(error.code).retry == RetryClass::permanent;
  }

  /// True when it was handed in and accepted.
  Result<bool> take(const BundleEntry& entry) {
    if (entry.type != watch_.type || entry.id.empty()) return false;
    const auto at = parse_instant(entry.last_updated);
    if (at) newest_ = std::max(newest_, *at);
    const std::string key = change_key(entry);
    const auto taken = take_change(entry, key, at);
    if (taken) seen_.insert(key);
    return taken;
  }

  Result<bool> take_change(const BundleEntry& entry, const std::string& key,
                           const std::optional<Instant>& at) {
    if (known_.count(key) != 0 || !is_news(entry, watch_) || is_old(at)) return false;
    if (back_to_) {
      const auto taken = inlet_.knows(settings_.source, key);
      if (!taken) return taken.error();
      if (*taken) return false;
    }
    auto bytes = with_company(client_, entry, watch_, settings_.base_url);
    if (!bytes) return bytes.error();
    if (bytes->empty()) return false;
    const auto answer = inlet_.submit(
        {settings_.source, key, "application/fhir+json", std::move(*bytes), settings_.clock()});
    if (answer) return true;
    // The same version with other company, from before a restart: it is there already.
    if (answer.error().code == ErrorCode::conflict) return false;
    return answer.error();
  }

  /// A patient who comes onto the work list brings the orders of years along.
  bool is_old(const std::optional<Instant>& at) const {
    const Instant oldest = back_to_.value_or(settings_.clock() - settings_.lookback);
    return watch_.by == Watch::By::patient && at && *at < oldest;
  }

  FhirClient& client_;
  const PollSettings& settings_;
  const Watch& watch_;
  Inlet& inlet_;
  const std::set<std::string>& known_;
  std::optional<Instant> back_to_;
  std::set<std::string> seen_;
  Instant newest_;
  std::optional<Error> refused_;
};

}  // namespace

FhirPoll::FhirPoll(FhirClient& client, PollSettings settings)
    : client_(client), settings_(std::move(settings)) {}

FhirPoll::~FhirPoll() {
  FhirPoll::stop();
}

Result<void> FhirPoll::start(Inlet& inlet) {
  if (thread_.joinable() || stopping_) {
    return Error{ErrorCode::misconfigured, "poll", "it runs already, or was stopped"};
  }
  thread_ = std::thread([this, &inlet] { run(inlet); });
  return {};
}

Result<void> FhirPoll::read_now(Inlet& inlet) {
  const auto polled = poll_once(inlet);
  if (!polled) return polled.error();
  return {};
}

Result<int> FhirPoll::read_back(Inlet& inlet, Instant since) {
  int accepted = 0;
  std::optional<Error> first;
  for (const auto& watch : settings_.watches) {
    const auto found = Round(client_, settings_, watch, inlet, {}).back_to(since);
    if (found) {
      accepted += *found;
    } else if (!first) {
      first = found.error();
    }
  }
  if (first) return *first;
  return accepted;
}

void FhirPoll::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  wake_.notify_all();
}

void FhirPoll::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  client_.stop();
  wake_.notify_all();
  thread_.join();
}

void FhirPoll::run(Inlet& inlet) {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const bool asked = std::exchange(woken_, false);
    lock.unlock();
    if (asked) went_round_.clear();
    // Who was asked knows that there is something new: the node whose turn it is may not.
    const auto polled = asked ? poll_once(inlet) : poll_in_turn(inlet);
    lock.lock();
    if (stopping_) break;
    inlet.polled(settings_.source, polled ? std::nullopt : std::optional<Error>(polled.error()));
    if (!polled) {
      log(LogLevel::warning, "poll failed",
          {{"source", settings_.source}, {"error", polled.error()}});
    }
    wake_.wait_for(lock, settings_.interval, [this] { return stopping_ || woken_; });
  }
}

Result<int> FhirPoll::poll_in_turn(Inlet& inlet) {
  const auto mine = inlet.may_poll(settings_.source, settings_.interval);
  if (!mine) return mine.error();
  return *mine ? poll_once(inlet) : 0;
}

bool FhirPoll::rests(const Watch& watch) {
  if (watch.by != Watch::By::patient) return false;
  const auto now = settings_.clock();
  const auto [last, first_time] = went_round_.emplace(watch.name, now);
  if (!first_time && now < last->second + settings_.patients_every) return true;
  last->second = now;
  return false;
}

Result<int> FhirPoll::poll_once(Inlet& inlet) {
  int accepted = 0;
  std::optional<Error> first;
  for (const auto& watch : settings_.watches) {
    if (rests(watch)) continue;
    auto& known = accepted_[watch.name];
    Round round(client_, settings_, watch, inlet, known);
    const auto polled = round.run();
    if (polled) {
      accepted += *polled;
      known = round.take_seen();
    } else {
      known.merge(round.take_seen());
      if (!first) first = polled.error();
    }
  }
  if (first) return *first;
  return accepted;
}

}  // namespace meridian::fhir
