// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/subscriber.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "fhir/client/origin.h"
#include "fhir/exchange/changed_resource.h"
#include "fhir/exchange/json_edit.h"
#include "fhir/exchange/posted.h"
#include "fhir/write/json_out.h"

namespace meridian::fhir {
namespace {

constexpr std::string_view extensions =
    "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-";
const std::string kept_name = "heard";
constexpr int tries = 50;

bool is_for_good(const Error& error) {
  return error_row(error.code).retry == RetryClass::permanent;
}

/// The member of a resource that is a string.
std::string member(std::string_view json, std::string_view name) {
  const auto index = JsonIndex::parse(json);
  return index ? index->string(index->root(), name) : std::string();
}

}  // namespace

Subscriber::Subscriber(FhirClient& client, SubscriberSettings settings)
    : client_(client), settings_(std::move(settings)) {
  for (const auto& watch : settings_.watches) {
    if (watch.by == Watch::By::patient) types_.insert(watch.type);
  }
}

Subscriber::~Subscriber() {
  Subscriber::stop();
}

Result<void> Subscriber::start(Inlet& inlet) {
  if (inlet_ != nullptr || stopping_) {
    return Error{ErrorCode::misconfigured, "subscriber", "it runs already, or was stopped"};
  }
  const auto heard = kept(inlet);
  const bool waits = !settings_.topics.empty() || !heard || heard->is_unfinished();
  const std::lock_guard lock(mutex_);
  inlet_ = &inlet;
  if (waits) tend_from_now_on();
  return {};
}

void Subscriber::tend_from_now_on() {
  if (thread_.joinable() || stopping_) return;
  thread_ = std::thread([this] { run(*inlet_); });
}

bool Subscriber::is_tending() {
  const std::lock_guard lock(mutex_);
  return thread_.joinable();
}

void Subscriber::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  if (!thread_.joinable()) return;
  client_.stop();
  wake_.notify_all();
  thread_.join();
}

void Subscriber::run(Inlet& inlet) {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    woken_ = false;
    lock.unlock();
    const auto tended = tend(inlet);
    lock.lock();
    if (stopping_) break;
    if (!tended) {
      log(LogLevel::warning, "subscription not kept",
          {{"source", settings_.source}, {"error", tended.error()}});
    }
    wake_.wait_for(lock, settings_.interval, [this] { return stopping_ || woken_; });
  }
}

Result<void> Subscriber::hear(const Notice& notice) {
  Inlet* inlet = nullptr;
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_) inlet = inlet_;
  }
  if (inlet == nullptr) return Error{ErrorCode::unavailable, "subscriber", "it does not run yet"};
  bool look = false;
  const auto taken = change(*inlet, [&](Heard& heard) {
    look = heard.take(notice, settings_.clock(), settings_.counts, types_);
  });
  if (!taken) return taken;
  if (look) settings_.look();
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
    tend_from_now_on();
  }
  wake_.notify_all();
  return {};
}

Result<Heard> Subscriber::kept(Inlet& inlet) const {
  const auto text = inlet.cursor(settings_.source, kept_name);
  if (!text) return text.error();
  return Heard::of(*text);
}

Result<void> Subscriber::change(Inlet& inlet, const std::function<void(Heard&)>& change) {
  for (int i = 0;; ++i) {
    const auto before = inlet.cursor(settings_.source, kept_name);
    if (!before) return before.error();
    auto heard = Heard::of(*before);
    change(heard);
    const auto after = heard.text();
    if (after == *before) return {};
    const auto done = inlet.change_cursor(settings_.source, kept_name, *before, after);
    if (done) return done;
    const auto code = done.error().code;
    const bool meanwhile = code == ErrorCode::stale || code == ErrorCode::store_busy;
    if (!meanwhile || i == tries) return done;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

Result<void> Subscriber::tend(Inlet& inlet) {
  const auto now = settings_.clock();
  if (now < next_) return {};
  const auto heard = kept(inlet);
  if (!heard) return heard.error();
  std::optional<Error> first;
  const auto note = [&](const Result<void>& done) {
    if (!done && !first) first = done.error();
  };
  note(read_what_was_told(inlet, *heard));
  for (const auto& [ref, one] : heard->subscriptions) {
    const bool waited = !one.missing.empty() && now - one.missing_since >= settings_.patience;
    if (waited) note(ask_for_missing(inlet, ref, one));
  }
  for (const auto& topic : settings_.topics) note(keep_alive(inlet, topic, *heard));
  if (!first) return {};
  next_ = now + settings_.pause;
  return *first;
}

Result<void> Subscriber::read_what_was_told(Inlet& inlet, const Heard& heard) {
  for (const auto& place : heard.to_read) {
    const auto read = read_one(inlet, place);
    if (!read && !is_for_good(read.error())) return read;
    const auto done = change(inlet, [&](Heard& there) { std::erase(there.to_read, place); });
    if (!done) return done;
  }
  return {};
}

Result<void> Subscriber::read_one(Inlet& inlet, const std::string& place) {
  const auto answer = client_.request({"GET", place, {}, {}, Repeat::harmless});
  if (!answer) return answer.error();
  if (answer->failure) return *answer->failure;
  const auto entries = bundle_entries(answer->body);
  if (!entries) return entries.error();
  for (const auto& entry : *entries) {
    for (const auto& watch : settings_.watches) {
      if (watch.type != entry.type || !is_news(entry, watch)) continue;
      auto bytes = with_company(client_, entry, watch, settings_.base_url);
      if (!bytes) return bytes.error();
      if (bytes->empty()) break;
      const auto taken = inlet.submit({settings_.source, change_key(entry), "application/fhir+json",
                                       std::move(*bytes), settings_.clock()});
      // The same version with other company is there already.
      if (!taken && taken.error().code != ErrorCode::conflict) return taken.error();
      break;
    }
  }
  return {};
}

/// A server need not offer $events: the look finds what it would have said.
Result<void> Subscriber::ask_for_missing(Inlet& inlet, const std::string& ref,
                                         const HeardSubscription& one) {
  const auto path = ref + "/$events?eventsSinceNumber=" + std::to_string(*one.missing.begin()) +
                    "&eventsUntilNumber=" + std::to_string(*one.missing.rbegin()) +
                    "&content=id-only";
  const auto answer = client_.request({"GET", path, {}, {}, Repeat::harmless});
  if (!answer && !is_for_good(answer.error())) return answer.error();
  const bool told = answer && !answer->failure;
  log(LogLevel::info, "events were missing",
      {{"source", settings_.source}, {"events", one.missing.size()}, {"told", told ? 1 : 0}});
  const auto posted = told ? FhirPosted().look(answer->body)
                           : Result<Posted>(Error{ErrorCode::not_found, "events", "none"});
  const auto done = change(inlet, [&](Heard& heard) {
    if (posted && posted->notice) {
      heard.take(*posted->notice, settings_.clock(), settings_.counts, types_);
    }
    for (const auto number : one.missing) heard.subscriptions[ref].missing.erase(number);
  });
  settings_.look();
  return done;
}

Result<void> Subscriber::keep_alive(Inlet& inlet, const std::string& topic, const Heard& heard) {
  const auto now = settings_.clock();
  const auto known = heard.ours.find(topic);
  const auto found = known == heard.ours.end() ? heard.subscriptions.end()
                                               : heard.subscriptions.find(known->second);
  const bool heard_of = found != heard.subscriptions.end() &&
                        now - found->second.at <= settings_.heartbeat + settings_.heartbeat / 2;
  if (heard_of && alive_.count(topic) != 0) return {};
  if (now < next_request_) return {};
  const SourceId turn("subscriber/" + settings_.source.str());
  const auto mine = inlet.may_poll(turn, settings_.interval);  // one node makes it
  if (!mine) return mine.error();
  if (!*mine) return {};
  if (known == heard.ours.end()) {
    auto ref = find_or_make(topic);
    if (!ref) return ref.error();
    return change(inlet, [&](Heard& there) {
      there.ours[topic] = *ref;
      there.subscriptions[*ref].at = now;  // counts from the first event on
    });
  }
  const auto& ref = known->second;
  const auto read = client_.read(ref);
  if (!read) return read.error();
  if (read->status == 404 || read->status == 410) {  // it is made anew by the next look
    return change(inlet, [&](Heard& there) {
      there.subscriptions.erase(ref);
      there.ours.erase(topic);
    });
  }
  if (read->failure) return *read->failure;
  const auto status = member(read->body, "status");
  if (status == "active" && heard_of) {
    alive_.insert(topic);
    return {};
  }
  if (status == "requested") return {};  // its handshake is under way
  const auto said = client_.request({"GET", ref + "/$status", {}, {}, Repeat::harmless});
  const auto posted = said && !said->failure
                          ? FhirPosted().look(said->body)
                          : Result<Posted>(Error{ErrorCode::not_found, "status", "none"});
  if (auto asked = request_again(ref, topic); !asked) return asked;
  next_request_ = now + settings_.pause;
  const auto done = change(inlet, [&](Heard& there) {
    if (posted && posted->notice) {
      there.take(*posted->notice, now, settings_.counts, types_);
    }
    there.subscriptions[ref].at = now;
  });
  settings_.look();
  return done;
}

Result<std::string> Subscriber::find_or_make(const std::string& topic) {
  const auto pages =
      client_.search("Subscription", {{"criteria", topic}, {"url", settings_.endpoint}});
  for (const auto& body : pages.bodies) {
    const auto entries = bundle_entries(body);
    if (!entries) return entries.error();
    for (const auto& entry : *entries) {
      const auto index = JsonIndex::parse(entry.resource);
      if (!index || entry.type != "Subscription" || entry.id.empty()) continue;
      const auto url = index->string(index->at(index->root(), {"channel", "endpoint"}));
      if (url == settings_.endpoint && index->string(index->root(), "criteria") == topic) {
        return entry.ref();
      }
    }
  }
  const auto made = client_.create("Subscription", subscription_json(topic, ""));
  if (!made) return made.error();
  if (made->failure) return *made->failure;
  if (made->reference.empty()) {
    return Error{ErrorCode::unsupported, "subscribe", "the server does not say what it made"};
  }
  log(LogLevel::info, "subscribed", {{"source", settings_.source}});
  return subscription_ref(made->reference);
}

/// The handshake that follows shows that we are heard again.
Result<void> Subscriber::request_again(const std::string& ref, const std::string& topic) {
  const auto put = client_.update(ref, subscription_json(topic, ref.substr(ref.find('/') + 1)));
  if (!put) return put.error();
  if (put->failure) return *put->failure;
  return {};
}

std::string Subscriber::subscription_json(const std::string& topic, const std::string& id) const {
  JsonOut out;
  out.object().text("resourceType", "Subscription").text("id", id);
  out.conforms_to(std::string(extensions) + "subscription").text("status", "requested");
  out.text("reason", "Referrals").text("criteria", topic).object("channel");
  out.list("extension").object().text("url", std::string(extensions) + "heartbeat-period");
  out.raw("valueUnsignedInt", std::to_string(settings_.heartbeat.count())).end().end();
  out.text("type", "rest-hook").text("endpoint", settings_.endpoint);
  out.text("payload", "application/fhir+json").object("_payload").list("extension").object();
  out.text("url", std::string(extensions) + "payload-content").text("valueCode", "id-only");
  out.end().end().end().list("header");
  if (!settings_.token.reveal().empty()) {
    out.element("Authorization: Bearer " + settings_.token.reveal());
  }
  return out.end().end().end().str();
}

}  // namespace meridian::fhir
