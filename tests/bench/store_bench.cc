// SPDX-License-Identifier: Apache-2.0
// Durable referrals per second over what the same disk can sync: one accept at a time, and 64 in
// flight. Rounds are interleaved and ratios are taken per round, so that a busy machine disturbs
// both sides alike. Prints JSON.
//
//     store_bench [--dir FOLDER] [--rounds N] [--ms MILLISECONDS] [--only NAME]
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unistd.h>
#include <vector>

#include "store/sqlite_store.h"

namespace {

using namespace meridian;         // NOLINT: a program of one file
using namespace meridian::store;  // NOLINT
using SteadyClock = std::chrono::steady_clock;

struct Options {
  std::string dir = ".";
  int rounds = 15;
  std::chrono::milliseconds length{300};
  std::string only;  ///< name of the one series to run; empty for all
};

/// What a round gave: operations per second, and processor time of all threads per operation.
struct Speed {
  double per_second = 0;
  double cpu_us = 0;
};

double cpu_now_us() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

/// Measures `work`, which gives the number of operations it did.
template <typename Work>
Speed speed_of(const Work& work) {
  const auto start = SteadyClock::now();
  const double cpu = cpu_now_us();
  const double done = work();
  const double used = cpu_now_us() - cpu;
  return {done / std::chrono::duration<double>(SteadyClock::now() - start).count(), used / done};
}

/// Calls `work` until the time is over.
template <typename Work>
Speed repeat(std::chrono::milliseconds length, const Work& work) {
  return speed_of([&] {
    const auto start = SteadyClock::now();
    double done = 0;
    for (; SteadyClock::now() - start < length; ++done) work();
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

  void prepare(std::size_t count) {
    while (ready_.size() < count) {
      ready_.emplace_back(packet_, assessment_);
      if (everything_) ready_.back().with_everything();
    }
  }
  Order take() {
    if (ready_.empty()) prepare(1);
    Order order = std::move(ready_.back());
    ready_.pop_back();
    return order;
  }

 private:
  const std::string packet_ = text_of(2048);
  const std::string assessment_ = text_of(700);
  const bool everything_;
  std::vector<Order> ready_;
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

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// One row of the result: rates per round, and the ratio to the disk's rate of the same round.
struct Series {
  const char* name;
  const char* what;
  double target;
  std::function<Speed()> measure;
  std::vector<Speed> rounds = {};
};

std::vector<double> column(const std::vector<Speed>& rounds, double Speed::*value) {
  std::vector<double> values;
  for (const auto& round : rounds) values.push_back(round.*value);
  return values;
}

void print(const Options& options, const std::vector<Speed>& disk,
           const std::vector<Series>& series) {
  std::printf("{\"bench\":\"store\",\"rounds\":%d,\"round_ms\":%d,\n", options.rounds,
              static_cast<int>(options.length.count()));
  std::printf(" \"fdatasync_4k_per_second\":%.0f,\n \"results\":[",
              median(column(disk, &Speed::per_second)));
  const char* comma = "";
  for (const auto& one : series) {
    std::vector<double> ratios;
    for (std::size_t i = 0; i < disk.size(); ++i) {
      ratios.push_back(one.rounds[i].per_second / disk[i].per_second);
    }
    std::printf(
        "%s\n  {\"name\":\"%s\",\"what\":\"%s\",\"per_second\":%.0f,\"cpu_us\":%.1f,"
        "\"ratio\":%.3f,\"target\":%.2f,\"met\":%s}",
        comma, one.name, one.what, median(column(one.rounds, &Speed::per_second)),
        median(column(one.rounds, &Speed::cpu_us)), median(ratios), one.target,
        median(ratios) >= one.target ? "true" : "false");
    comma = ",";
  }
  std::printf("\n ]}\n");
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
  std::vector<Speed> syncs;
  const auto length = options.length;
  std::vector<Series> series = {
      {"pair_one", "message, referral and outbox row, one at a time", 0.45,
       [&] { return repeat(length, [&] { accept_one(store, pairs); }); }},
      {"all_one", "with event, aliases, work and audit too, one at a time", 0.45,
       [&] { return repeat(length, [&] { accept_one(store, everything); }); }},
      {"pair_64", "message, referral and outbox row, 64 in flight", 3,
       [&] { return speed_of([&] { return flight.run(pairs, length); }); }},
      {"all_64", "with event, aliases, work and audit too, 64 in flight", 3,
       [&] { return speed_of([&] { return flight.run(everything, length); }); }}};
  std::erase_if(
      series, [&](const Series& one) { return !options.only.empty() && options.only != one.name; });
  flight.run(everything, 4 * length);  // the log's first lap goes over new blocks
  for (int i = 0; i < options.rounds; ++i) {
    const auto ahead = static_cast<std::size_t>(length.count() * 50);
    pairs.prepare(ahead);
    everything.prepare(ahead);
    syncs.push_back(repeat(length, [&] { disk.write_one(); }));
    for (auto& one : series) one.rounds.push_back(one.measure());
  }
  print(options, syncs, series);
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
