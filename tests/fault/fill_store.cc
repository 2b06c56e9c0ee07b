// SPDX-License-Identifier: Apache-2.0
// Fills a site's database as years of work do: messages, and of each tenth a referral that is over,
// with its log, names and audit.
//   fill_store FOLDER COUNT    of site.db and meridian.key in FOLDER; both are made when missing
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>

#include "store/sqlite_store.h"

namespace meridian::store {
namespace {

constexpr long in_flight = 64;
/// Old enough for a site that keeps bodies for a month.
constexpr std::chrono::hours age(100 * 24);

[[noreturn]] void give_up(const Error& error) {
  std::fprintf(stderr, "%s: %s\n", std::string(error.where.view()).c_str(),
               std::string(error.what.view()).c_str());
  std::exit(1);
}

template <typename T>
T must(Result<T> result) {
  if (!result) give_up(result.error());
  return std::move(*result);
}

/// As long as a status message is; it does not repeat.
std::string body_of(long number) {
  std::string body = "{\"resourceType\":\"Task\",\"id\":\"" + std::to_string(number) + "\"";
  while (body.size() < 700) body += ",\"" + new_ulid() + "\":\"" + new_ulid() + "\"";
  return body + "}";
}

NewMessage message_of(long number) {
  NewMessage message;
  message.id = MessageId(new_ulid());
  message.source = SourceId("hospital");
  message.sender_id = "Task/" + std::to_string(number) + "/_history/1";
  message.media_type = "application/fhir+json";
  message.body = body_of(number);
  message.answer = "{}";
  message.received_at = system_now() - age;
  return message;
}

Changes follows_from(const NewMessage& message, long number) {
  ReferralRow row;
  row.id = ReferralId(new_ulid());
  row.source = message.source;
  row.order_ref = "ServiceRequest/" + std::to_string(number);
  row.patient_ref = "Patient/" + std::to_string(number / 3);
  row.direction = "to_acupuncture";
  row.state = "closed";
  row.owner = "nobody";
  row.created_at = row.updated_at = message.received_at;
  Changes changes;
  changes.referrals = {{row, 0}};
  for (const char* kind : {"ordered", "released", "sent", "clinic_accepted", "clinic_reported"}) {
    changes.events.push_back({row.id, "engine", kind, kind, message.received_at, message.id, "{}"});
  }
  changes.aliases = {{"order", row.order_ref, row.id, false},
                     {"patient", row.patient_ref, row.id, true}};
  changes.audits = {{"PatientRead", "main", row.id.str(), "success"},
                    {"ReferralClosed", "main", row.id.str(), "success"}};
  return changes;
}

class Filling {
 public:
  explicit Filling(Store& store) : store_(store) {}

  void take(long number) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return open_ < in_flight; });
      ++open_;
    }
    auto message = message_of(number);
    auto changes = number % 10 == 0 ? follows_from(message, number) : Changes{};
    store_.accept_async(std::move(message), std::move(changes),
                        [this](const Result<Accepted>& accepted) {
                          if (!accepted) give_up(accepted.error());
                          const std::lock_guard lock(mutex_);
                          --open_;
                          wake_.notify_one();
                        });
  }
  void finish() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [&] { return open_ == 0; });
  }

 private:
  Store& store_;
  std::mutex mutex_;
  std::condition_variable wake_;
  long open_ = 0;
};

}  // namespace
}  // namespace meridian::store

int main(int argc, char** argv) {
  using namespace meridian::store;  // NOLINT: a program of one file
  const long count = argc == 3 ? std::atol(argv[2]) : 0;
  if (count < 1) {
    std::fprintf(stderr, "usage: fill_store FOLDER COUNT\n");
    return 2;
  }
  const std::string folder = argv[1];
  SqliteSettings settings;
  settings.path = folder + "/site.db";
  settings.site_key = must(load_site_key(site_key_source(folder + "/meridian.key", true)));
  settings.create = true;
  const auto store = must(open_sqlite(settings));
  Filling filling(*store);
  for (long number = 0; number < count; ++number) filling.take(number);
  filling.finish();
  return 0;
}
