// SPDX-License-Identifier: Apache-2.0
#include "fhir/endpoint/notifier.h"

#include <algorithm>

#include "base/ids.h"
#include "base/log.h"
#include "fhir/endpoint/view.h"

namespace meridian::fhir {
namespace {

constexpr int gone = 410;

/// 1, 2, 4 ... seconds, at most fifteen minutes.
std::chrono::seconds pause_after(int failures) {
  return std::chrono::seconds(std::min(1 << std::min(failures - 1, 12), 900));
}

bool arrived(const Result<int>& answer) {
  return answer && *answer >= 200 && *answer < 300;
}

std::string words_of(const Result<int>& answer) {
  if (answer) return "the endpoint answered " + std::to_string(*answer);
  return "the endpoint could not be told: " + std::string(answer.error().what.view());
}

/// A subscription that its clinic changed while we were at it is left to the next look.
bool is_same(const Subscription& a, const Subscription& b) {
  return a.version == b.version && a.status == b.status && a.told == b.told;
}

}  // namespace

Notifier::Notifier(Parts parts)
    : parts_(std::move(parts)),
      caller_{"notifier", Role::clinic, parts_.clinic},
      book_(parts_.desk, caller_),
      mark_(new_ulid()) {}

Notifier::~Notifier() {
  stop();
}

void Notifier::start() {
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
}

void Notifier::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  parts_.hook->stop();
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Notifier::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    const auto looked = look();
    lock.lock();
    if (!looked && !stopping_) {
      log(LogLevel::warning, "subscriptions not served",
          {{"clinic", DestinationId(parts_.clinic)}, {"error", looked.error()}});
    }
    wake_.wait_for(lock, parts_.interval, [this] { return stopping_; });
  }
}

Result<void> Notifier::look() {
  const auto ids = book_.ids();
  if (!ids) return ids.error();
  if (ids->empty()) return {};
  const auto mine = is_my_turn();
  if (!mine) return mine.error();
  if (!*mine) return {};
  std::optional<Error> first;
  for (const auto& id : *ids) {
    const auto tended = tend(id);
    if (!tended && tended.error().code != ErrorCode::not_found && !first) first = tended.error();
  }
  if (first) return *first;
  return {};
}

/// Asked anew when half of the turn is over.
Result<bool> Notifier::is_my_turn() {
  const auto now = parts_.clock();
  if (turn_until_ && now + turn / 2 < *turn_until_) return true;
  const auto mine = parts_.desk.first(caller_, "notifier/" + parts_.clinic, mark_, turn);
  turn_until_ = mine && *mine ? std::optional(now + turn) : std::nullopt;
  return mine;
}

Result<void> Notifier::tend(const std::string& id) {
  auto one = book_.find(id);
  if (!one) return one.error();
  if (one->status == "off") return {};
  Wish wish;
  const auto now = parts_.clock();
  const auto wrong = read_wish(one->resource, now, wish);
  const bool allowed = parts_.hook->allows(wish.endpoint);
  if (wrong || !allowed) {  // its end has come, or the site allows the address no more
    const std::string why = wrong ? "" : "the site does not allow this endpoint any more";
    auto ended = book_.change(id, [&](Subscription& there) {
      there.status = "off";
      there.error = why;
      return true;
    });
    if (!ended) return ended.error();
    return {};
  }
  wish.headers = one->headers;
  auto numbered = number_events(id, *one);
  if (!numbered) return numbered.error();
  const auto message = next_message(*numbered, wish);
  if (!message) return {};
  return tell(*numbered, wish, *message);
}

/// What changed on the shelves since the last look gets its numbers.
Result<Subscription> Notifier::number_events(const std::string& id, const Subscription& one) {
  Wish wish;
  read_wish(one.resource, parts_.clock(), wish);
  const auto marks = parts_.desk.shelves(caller_, std::max(one.begun, one.seen - overlap));
  if (!marks) return marks.error();
  std::vector<Happened> fresh;
  for (const auto& mark : *marks) {
    const Happened event{mark.referral, mark.changed_at};
    const bool known = std::find(one.events.begin(), one.events.end(), event) != one.events.end();
    if (known || mark.changed_at < one.begun) continue;
    const auto passed = passes(wish, mark.referral);
    if (!passed) return passed.error();
    if (*passed) fresh.push_back(event);
  }
  if (fresh.empty()) return one;
  return book_.change(id, [&](Subscription& there) {
    if (!is_same(there, one) || there.last != one.last) return false;
    for (const auto& event : fresh) {
      there.add(event);
      there.seen = std::max(there.seen, event.at);
    }
    return true;
  });
}

Result<bool> Notifier::passes(const Wish& wish, const std::string& referral) {
  if (wish.conditions.empty()) return true;
  const auto shelf = parts_.desk.shelf(caller_, referral);
  if (!shelf && shelf.error().code == ErrorCode::not_found) return false;
  if (!shelf) return shelf.error();
  const auto view = View::of(*shelf);
  if (!view) return view.error();
  if (view->task() == nullptr) return false;
  for (const auto& condition : wish.conditions) {
    const auto holds = matches(*view->task(), condition, parts_.clinic);
    if (!holds || !*holds) return holds;
  }
  return true;
}

std::optional<Notifier::Message> Notifier::next_message(const Subscription& one,
                                                        const Wish& wish) const {
  const auto now = parts_.clock();
  if (one.due > now) return std::nullopt;
  if (one.status == "requested") return Message{"handshake", {}};
  if (one.status != "active") return std::nullopt;
  if (one.told < one.last) {
    const auto from = std::max(one.told + 1, one.first());
    const auto to = std::min(one.last, from + static_cast<std::int64_t>(wish.most) - 1);
    return Message{"event-notification", {from, to}};
  }
  const bool silent = wish.heartbeat.count() > 0 && now - one.spoke >= wish.heartbeat;
  return silent ? std::optional(Message{"heartbeat", {}}) : std::nullopt;
}

std::string Notifier::task_of(const std::string& referral) {
  const auto shelf = parts_.desk.shelf(caller_, referral);
  if (!shelf || !parts_.desk.note_reading(caller_, {referral})) return {};
  const auto view = View::of(*shelf);
  return view && view->task() != nullptr ? view->task()->json() : std::string();
}

Result<void> Notifier::tell(const Subscription& one, const Wish& wish, const Message& message) {
  HookPost post;
  post.endpoint = wish.endpoint;
  post.headers = wish.headers;
  post.timeout = wish.timeout;
  post.body =
      notification(one, parts_.base(), message.type, message.numbers, wish.content, parts_.clock(),
                   [this](const std::string& referral) { return task_of(referral); });
  return settle(one, message, parts_.hook->post(post));
}

Result<void> Notifier::settle(const Subscription& one, const Message& message,
                              const Result<int>& answer) {
  if (!answer && answer.error().code == ErrorCode::stopping) return {};
  const auto now = parts_.clock();
  const auto settled = book_.change(one.id, [&](Subscription& there) {
    if (!is_same(there, one)) return false;
    if (arrived(answer)) {
      there.status = "active";
      there.told = std::max(there.told, message.numbers.to);
      there.spoke = now;
      there.due = now;
      there.failures = 0;
      there.error.clear();
      return true;
    }
    ++there.failures;
    there.due = now + pause_after(there.failures);
    there.error = words_of(answer);
    const auto most = there.status == "requested" ? most_handshakes : most_failures;
    if (there.failures >= most) there.status = "error";
    if (answer && *answer == gone) there.status = "off";
    return true;
  });
  if (!settled) return settled.error();
  if (settled->status != one.status) {
    log(settled->status == "active" ? LogLevel::info : LogLevel::warning, "subscription changed",
        {{"clinic", DestinationId(parts_.clinic)}, {"failures", settled->failures}});
  }
  return {};
}

}  // namespace meridian::fhir
