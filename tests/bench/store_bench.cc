// SPDX-License-Identifier: Apache-2.0
// Durable referrals per second over what the same disk can sync: one accept at a time, and 64 in
// flight. Store and disk take turns in slices of a round and ratios are taken per round, so that a
// busy machine disturbs both alike. Prints JSON lines.
//
//     store_bench [--dir FOLDER] [--rounds N] [--ms MILLISECONDS] [--only NAME]
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unistd.h>
#include <vector>

#include "bench/timing.h"
#include "store/sqlite_store.h"

namespace {

using namespace meridian;         // NOLINT: a program of one file
using namespace meridian::store;  // NOLINT
using namespace meridian::bench;  // NOLINT
using SteadyClock = std::chrono::steady_clock;

struct Options {
  std::string dir = ".";
  int rounds = 9;
  std::chrono::milliseconds length{1000};
  std::string only;  ///< name of the one series to run; empty for all
};

/// What was done in some time: operations, seconds, and processor time of all threads.
struct Effort {
  double done = 0;
  double seconds = 0;
  double cpu_us = 0;

  double per_second() const { return done / seconds; }
  double cpu_us_each() const { return cpu_us / done; }
  Effort& operator+=(const Effort& other) {
    done += other.done;
    seconds += other.seconds;
    cpu_us += other.cpu_us;
    return *this;
  }
};

/// Measures `work`, which gives the number of operations it did.
template <typename Work>
Effort effort_of(const Work& work) {
  const auto start = SteadyClock::now();
  const double cpu = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID);
  const double done = work();
  const double used = (cpu_seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu) * 1e6;
  return {done, std::chrono::duration<double>(SteadyClock::now() - start).count(), used};
}

/// Calls `work` until the time is over.
template <typename Work>
Effort repeat(std::chrono::milliseconds length, const Work& work) {
  return effort_of([&] {
    const auto start = SteadyClock::now();
    double done = 0;
    for (; done == 0 || SteadyClock::now() - start < length; ++done) work();
    return done;
  });
}

/// 4 kB over blocks that are there already, each followed by fdatasync: the disk's own limit.
class Disk {
 public:
  explicit Disk(const std::string& path)
      : file_(::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)) {
    for (int i = 0; i < blocks; ++i) write_block(i);
    if (::fsync(file_) != 0) std::abort();
  }
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;
  ~Disk() { ::close(file_); }

  void write_one() {
    write_block(next_++ % blocks);
    if (::fdatasync(file_) != 0) std::abort();
  }

 private:
  static constexpr int blocks = 4096;
  static constexpr int block_size = 4096;

  void write_block(int block) {
    ++buffer_[0];
    if (::pwrite(file_, buffer_, block_size, off_t{block} * block_size) != block_size) {
      std::abort();
    }
  }

  int file_;
  int next_ = 0;
  char buffer_[block_size] = {};
};

/// Text that does not repeat, as long as a FHIR resource's.
std::string text_of(std::size_t size) {
  std::string text;
  while (text.size() < size) text += new_ulid();
  text.resize(size);
  return text;
}

/// What one order leaves behind: everything that IN and WORK write for it, in one operation.
struct Order {
  Order(const std::string& packet, const std::string& assessment) {
    message.id = MessageId(new_ulid());
    message.source = SourceId("hospital");
    message.sender_id = message.id.str();
    message.media_type = "application/fhir+json";
    message.body = assessment;
    message.answer = R"({"resourceType":"OperationOutcome"})";
    message.received_at = system_now();
    ReferralRow row;
    row.id = ReferralId(new_ulid());
    row.source = message.source;
    row.order_ref = "ServiceRequest/" + row.id.str();
    row.patient_ref = "Patient/" + row.id.str();
    row.direction = "to_acupuncture";
    row.state = "sending";
    row.owner = "engine";
    row.assessment = assessment;
    row.decision = R"({"action":"deliver","reasons":[]})";
    changes.referrals.push_back({row, 0});
    NewDelivery delivery;
    delivery.referral = row.id;
    delivery.destination = DestinationId("clinic");
    delivery.kind = "referral";
    delivery.key = row.id.str();
    delivery.media_type = message.media_type;
    delivery.body = packet;
    delivery.due = system_now();
    delivery.rests_on_version = 1;
    changes.deliveries.push_back(delivery);
  }

  /// The rest of what an order leaves: its log, names, next work and audit entry.
  void with_everything() {
    const auto& row = changes.referrals[0].row;
    const auto now = system_now();
    changes.events.push_back({row.id, "engine", "1:ordered", "ordered", now, message.id, "{}"});
    changes.aliases.push_back({"order", row.order_ref, row.id, false});
    changes.aliases.push_back({"patient", row.patient_ref, row.id, true});
    changes.works.push_back({"assess", row.id, now, "{}", "assess|" + row.id.str()});
    changes.audits.push_back({"PatientRead", "main", row.id.str(), "success"});
  }

  NewMessage message;
  Changes changes;
};

/// Makes orders ahead of time, so that the store alone is measured.
class Orders {
 public:
  explicit Orders(bool everything) : everything_(everything) {}

  /// In the order in which they will be taken: ids rise, as those of real orders do.
  void prepare(std::size_t count) {
    while (ready_.size() < count) {
      ready_.emplace_back(packet_, assessment_);
      if (everything_) ready_.back().with_everything();
    }
  }
  Order take() {
    if (ready_.empty()) prepare(1);
    Order order = std::move(ready_.front());
    ready_.pop_front();
    return order;
  }

 private:
  const std::string packet_ = text_of(2048);
  const std::string assessment_ = text_of(700);
  const bool everything_;
  std::deque<Order> ready_;
};

void accept_one(Store& store, Orders& orders) {
  const auto order = orders.take();
  if (!store.accept(order.message, order.changes)) std::abort();
}

/// 64 in flight: as many are sent again as were answered.
class Flight {
 public:
  static constexpr int size = 64;

  explicit Flight(Store& store) : store_(store) {}

  double run(Orders& orders, std::chrono::milliseconds length) {
    const auto start = SteadyClock::now();
    long sent = 0;
    answered_ = 0;
    while (SteadyClock::now() - start < length) {
      for (const long room = wait_for_room(sent); sent < room; ++sent) send(orders.take());
    }
    wait_for(sent);
    return static_cast<double>(sent);
  }

 private:
  void send(Order order) {
    store_.accept_async(std::move(order.message), std::move(order.changes),
                        [this](const Result<Accepted>& accepted) {
                          if (!accepted) std::abort();
                          const std::lock_guard lock(mutex_);
                          ++answered_;
                          wake_.notify_one();
                        });
  }
  long wait_for_room(long sent) {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [&] { return sent < answered_ + size; });
    return answered_ + size;
  }
  void wait_for(long count) {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [&] { return answered_ == count; });
  }

  Store& store_;
  std::mutex mutex_;
  std::condition_variable wake_;
  long answered_ = 0;
};

/// What one round gave: the store's share and the disk's.
struct Round {
  Effort store;
  Effort disk;
};

/// One row of the result.
struct Series {
  const char* name;
  const char* what;
  double goal;  ///< least ratio
  std::function<Effort(std::chrono::milliseconds)> measure;
  std::vector<Round> rounds = {};
};

template <typename Value>
double median_of(const std::vector<Round>& rounds, const Value& value) {
  std::vector<double> values;
  values.reserve(rounds.size());
  for (const auto& round : rounds) values.push_back(value(round));
  return median(std::move(values));
}

void print(const Options& options, const Series& one) {
  const double ratio = median_of(one.rounds, [](const Round& round) {
    return round.store.per_second() / round.disk.per_second();
  });
  std::printf(
      "{\"bench\":\"store\",\"case\":\"%s\",\"what\":\"%s\",\"ratio\":%.3f,\"goal\":%.2f,"
      "\"better\":\"higher\",\"met\":%s,\"rounds\":%zu,\"round_ms\":%d,\"per_second\":%.0f,"
      "\"fdatasync_4k_per_second\":%.0f,\"cpu_us\":%.1f}\n",
      one.name, one.what, ratio, one.goal, ratio >= one.goal ? "true" : "false", one.rounds.size(),
      static_cast<int>(options.length.count()),
      median_of(one.rounds, [](const Round& round) { return round.store.per_second(); }),
      median_of(one.rounds, [](const Round& round) { return round.disk.per_second(); }),
      median_of(one.rounds, [](const Round& round) { return round.store.cpu_us_each(); }));
}

Options read_options(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--dir") == 0) options.dir = argv[i + 1];
    if (std::strcmp(argv[i], "--rounds") == 0) options.rounds = std::atoi(argv[i + 1]);
    if (std::strcmp(argv[i], "--only") == 0) options.only = argv[i + 1];
    if (std::strcmp(argv[i], "--ms") == 0) {
      options.length = std::chrono::milliseconds(std::atoi(argv[i + 1]));
    }
  }
  return options;
}

/// SQLite's counter of how often the log has started over, as bytes.
std::string lap_of(const std::string& database) {
  std::ifstream log(database + "-wal", std::ios::binary);
  std::string header(16, ' ');
  log.read(header.data(), 16);
  return header.substr(12);
}

/// One round: disk and store in slices; `prepare` makes orders ahead of each.
template <typename Prepare>
Round take_turns(const Options& options, Disk& disk, const Series& one, const Prepare& prepare) {
  constexpr int slices = 10;
  Round round;
  for (int slice = 0; slice < slices; ++slice) {
    prepare(static_cast<std::size_t>(options.length.count() * 5));
    round.disk += repeat(options.length / slices, [&] { disk.write_one(); });
    round.store += one.measure(options.length / slices);
  }
  return round;
}

void run(const Options& options, const std::string& folder) {
  SqliteSettings settings;
  settings.path = folder + "/meridian.db";
  settings.site_key = SecretKey::random();
  settings.create = true;
  auto opened = open_sqlite(settings);
  if (!opened) std::abort();
  Store& store = **opened;
  Disk disk(folder + "/disk");
  Orders pairs(false);
  Orders everything(true);
  Flight flight(store);
  std::vector<Series> series = {
      {"pair_one", "message, referral and outbox row, one at a time", 0.45,
       [&](auto length) { return repeat(length, [&] { accept_one(store, pairs); }); }},
      {"all_one", "with event, aliases, work and audit too, one at a time", 0.45,
       [&](auto length) { return repeat(length, [&] { accept_one(store, everything); }); }},
      {"pair_64", "message, referral and outbox row, 64 in flight", 3,
       [&](auto length) { return effort_of([&] { return flight.run(pairs, length); }); }},
      {"all_64", "with event, aliases, work and audit too, 64 in flight", 3,
       [&](auto length) { return effort_of([&] { return flight.run(everything, length); }); }}};
  std::erase_if(
      series, [&](const Series& one) { return !options.only.empty() && options.only != one.name; });
  // The log's first lap goes over blocks that are new to the disk, which costs half of the rest.
  for (const auto first = lap_of(settings.path); lap_of(settings.path) == first;) {
    flight.run(everything, options.length);
  }
  for (int i = 0; i < options.rounds; ++i) {
    for (auto& one : series) {
      one.rounds.push_back(take_turns(options, disk, one, [&](std::size_t ahead) {
        pairs.prepare(ahead);
        everything.prepare(ahead);
      }));
    }
  }
  for (const auto& one : series) print(options, one);
}

}  // namespace

int main(int argc, char** argv) {
  const auto options = read_options(argc, argv);
  std::string folder = options.dir + "/store-bench-XXXXXX";
  if (::mkdtemp(folder.data()) == nullptr) {
    std::fprintf(stderr, "store_bench: cannot write to %s\n", options.dir.c_str());
    return 1;
  }
  run(options, folder);
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  return 0;
}
