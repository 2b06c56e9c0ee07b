// SPDX-License-Identifier: Apache-2.0
// The store's share of a referral's way, told on standard output so that a test can compare what
// was promised with what is there after the process was killed.
//   store_story tell FOLDER HOURS   goes on where it was, HOURS from now (leases run out)
//   store_story look FOLDER HOURS   prints what is in the database
//   store_story share FOLDER NODE   one of several nodes: goes on until all is delivered
// With MERIDIAN_STORE_URL the database is there, on PostgreSQL, and HOURS is up to its own time.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <thread>

#include "store/postgres/postgres_store.h"
#include "store/sqlite_store.h"

namespace meridian::store {
namespace {

constexpr int orders = 8;
constexpr auto lease = std::chrono::minutes(5);
const DestinationId clinic{"clinic"};

/// Ends the story: every operation of it should succeed.
template <typename T>
T must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "%s: %s (%lld)\n", std::string(result.error().where.view()).c_str(),
                 std::string(result.error().what.view()).c_str(),
                 static_cast<long long>(result.error().detail));
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

void tell(const char* what, const std::string& whom) {
  std::printf("%s %s\n", what, whom.c_str());
  std::fflush(stdout);
}

SecretKey key_of(const std::string& folder) {
  return must(load_site_key(site_key_source(folder + "/site.key", true)));
}

std::unique_ptr<Store> open_on_server(const std::string& folder, const std::string& node) {
  PostgresSettings settings;
  settings.url = std::getenv("MERIDIAN_STORE_URL");
  settings.site_key = key_of(folder);
  settings.node = node;
  return must(open_postgres(settings));
}

std::unique_ptr<Store> open(const std::string& folder, int hours) {
  if (std::getenv("MERIDIAN_STORE_URL") != nullptr) return open_on_server(folder, "story");
  SqliteSettings settings;
  settings.path = folder + "/meridian.db";
  settings.site_key = key_of(folder);
  settings.clock = [hours] { return system_now() + std::chrono::hours(hours); };
  settings.create = true;
  settings.log_pages = 60;  // short, so that the story also copies the log back
  settings.copy_in_turn = true;
  return must(open_sqlite(settings));
}

std::string order_of(int number) {
  return "ServiceRequest/" + std::to_string(number);
}

NewMessage message_of(int number) {
  NewMessage message;
  message.id = MessageId(new_ulid());
  message.source = SourceId("hospital");
  message.sender_id = order_of(number) + "/_history/1";
  message.media_type = "application/fhir+json";
  message.body =
      "{\"order\":" + std::to_string(number) + ",\"note\":\"" + std::string(3000, 'x') + "\"}";
  message.answer = "taken as " + message.id.str();
  message.received_at = system_now();
  return message;
}

/// What follows from a message: a referral, its event and name, and the work to assess it.
Changes follows_from(const NewMessage& message, const std::string& order) {
  ReferralRow row;
  row.id = ReferralId(new_ulid());
  row.source = message.source;
  row.order_ref = order;
  row.direction = "to_acupuncture";
  row.state = "received";
  row.owner = "engine";
  row.created_at = row.updated_at = message.received_at;
  Changes changes;
  changes.referrals = {{row, 0}};
  changes.events = {{row.id, "surgeon", "1", "ordered", message.received_at, message.id, "{}"}};
  changes.aliases = {{"order", order, row.id, false}};
  changes.works = {{"assess", row.id, message.received_at, "{}", "assess/" + row.id.str()}};
  changes.audits = {{"received", "hospital", row.id.str(), "success"}};
  return changes;
}

/// Half of the orders arrive together, half one by one. The first one holds the store in its answer
/// until the others are queued: they share a commit in every run, so that each run makes the same
/// calls and comes to every point that was counted.
void receive(Store& store) {
  constexpr int together = orders / 2;
  std::vector<std::promise<Result<Accepted>>> answers(together);
  std::promise<void> held;
  std::promise<void> queued;
  const auto send = [&](int i) {
    const auto message = message_of(i);
    store.accept_async(message, follows_from(message, order_of(i)), [&, i](Result<Accepted> done) {
      if (i == 0) {
        held.set_value();
        queued.get_future().wait();
      }
      answers[i].set_value(std::move(done));
    });
  };
  send(0);
  held.get_future().wait();
  for (int i = 1; i < together; ++i) send(i);
  queued.set_value();
  for (int i = 0; i < together; ++i) {
    tell("kept", order_of(i) + " " + must(answers[i].get_future().get()).answer);
  }
  for (int i = together; i < orders; ++i) {
    const auto message = message_of(i);
    tell("kept", order_of(i) + " " +
                     must(store.accept(message, follows_from(message, order_of(i)))).answer);
  }
}

/// One step of a referral's way: its row in another state, an event and an audit entry.
Changes step(Store& store, const ReferralId& id, const std::string& state) {
  auto row = must(store.referral(id)).value();
  Changes changes;
  changes.referrals = {{row, row.version}};
  changes.referrals[0].row.state = state;
  changes.events = {{id, "engine", state, state, system_now(), MessageId(), "{}"}};
  changes.audits = {{state, "engine", id.str(), "success"}};
  return changes;
}

void work(Store& store) {
  for (;;) {
    const auto items = must(store.claim_work("story", 3, lease));
    if (items.empty()) return;
    for (const auto& item : items) {
      must(store.keep_facts({item.referral, "application/fhir+json", "{}", "{}", system_now()}));
      auto changes = step(store, item.referral, "routed");
      changes.deliveries = {{item.referral, clinic, "referral", "key-" + item.referral.str(),
                             "application/fhir+json", "{}", system_now()}};
      must(store.finish_work(item, changes));
    }
  }
}

/// A send is a line on standard output; the receiver knows a repeat by its key.
void deliver(Store& store) {
  for (;;) {
    const auto delivery = must(store.claim_delivery(clinic, "story", lease));
    if (!delivery) return;
    tell(delivery->maybe_arrived ? "sent-again" : "sent", delivery->key);
    Settlement settlement;
    settlement.receipt = "Task/" + delivery->key;
    must(
        store.settle_delivery(*delivery, settlement, step(store, delivery->referral, "delivered")));
  }
}

/// Of a node among others: it may have lost a lease, or another one has changed the referral.
void unless_stale(const Result<void>& done) {
  if (!done && done.error().code != ErrorCode::stale) must(done);
}

/// Claims and ends what it can get. The leases are short, so that others take over what a node
/// holds that is killed or stopped.
bool take_part(Store& store, const std::string& node) {
  constexpr auto short_lease = std::chrono::milliseconds(700);
  constexpr auto travel = std::chrono::milliseconds(60);  // so that trouble meets a send under way
  const auto items = must(store.claim_work(node, 2, short_lease));
  for (const auto& item : items) {
    if (must(store.referral(item.referral))->state != "received") continue;
    auto changes = step(store, item.referral, "routed");
    changes.deliveries = {{item.referral, clinic, "referral", "key-" + item.referral.str(),
                           "application/fhir+json", "{}", system_now() - std::chrono::hours(1)}};
    unless_stale(store.finish_work(item, changes));
  }
  const auto delivery = must(store.claim_delivery(clinic, node, short_lease));
  if (!delivery) return !items.empty();
  std::this_thread::sleep_for(travel);
  tell(delivery->maybe_arrived ? "sent-again" : "sent", delivery->key);
  std::this_thread::sleep_for(travel);
  const auto row = must(store.referral(delivery->referral)).value();
  const auto changes = row.state == "routed" ? step(store, row.id, "delivered") : Changes();
  unless_stale(store.settle_delivery(*delivery, {}, changes));
  return true;
}

/// Every node is sent every order; each is kept once.
void share(Store& store, const std::string& node) {
  for (int i = 0; i < orders; ++i) {
    const auto message = message_of(i);
    for (;;) {
      const auto kept = store.accept(message, follows_from(message, order_of(i)));
      if (!kept && kept.error().code == ErrorCode::conflict) continue;  // another node is at it
      tell("kept", order_of(i) + " " + must(kept).answer);
      break;
    }
  }
  while (must(store.counts()).delivered < orders) {
    if (!take_part(store, node)) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

/// One line: what the database says of an order.
void look_at(Store& store, int number) {
  const auto id = must(store.find_alias("order", order_of(number)));
  if (!id) return;
  const auto row = must(store.referral(*id)).value();
  std::string line = order_of(number) + " " + row.state + " version " + std::to_string(row.version);
  for (const auto& message : must(store.messages_of(*id))) line += " message " + message.id.str();
  for (const auto& event : must(store.events(*id))) line += " event " + event.kind;
  for (const auto& delivery : must(store.deliveries(*id))) {
    line += " delivery " + delivery.key + " " + delivery_state_name(delivery.state);
  }
  tell("holds", line);
}

void look(Store& store) {
  for (int i = 0; i < orders; ++i) look_at(store, i);
  const auto counts = must(store.counts());
  tell("messages", std::to_string(counts.messages));
  tell("referrals", std::to_string(counts.referrals));
  tell("audited", std::to_string(must(store.verify_audit())));
}

int run(const std::string& command, const std::string& folder, const std::string& third) {
  if (command == "share") {
    share(*open_on_server(folder, third), third);
    return 0;
  }
  const auto store = open(folder, std::atoi(third.c_str()));
  if (command == "look") {
    look(*store);
  } else {
    receive(*store);
    work(*store);
    deliver(*store);
  }
  store->close();
  return 0;
}

}  // namespace
}  // namespace meridian::store

int main(int count, char** arguments) {
  if (count != 4) return 2;
  return meridian::store::run(arguments[1], arguments[2], arguments[3]);
}
