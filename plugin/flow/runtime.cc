// SPDX-License-Identifier: Apache-2.0
#include "flow/runtime.h"

#include <algorithm>
#include <atomic>
#include <list>
#include <map>
#include <thread>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.h"
#include "flow/line.h"
#include "flow/out.h"
#include "flow/reconcile.h"
#include "flow/retention.h"
#include "flow/sleep.h"
#include "flow/watch.h"
#include "flow/work.h"

namespace meridian::flow {
namespace {

namespace asio = boost::asio;

/// A loop looks at the store at least this often, so that a lost wake-up costs little.
constexpr std::chrono::milliseconds longest_nap{1'000};
/// After a failure of the store itself.
constexpr std::chrono::milliseconds pause_after_error{500};

}  // namespace

struct Runtime::Loops {
  /// One thing to do again and again: true when it did something.
  using Step = std::function<Result<bool>(const Core&)>;

  Loops(Core given, int worker_count)
      : core(std::move(given)), pool(pool_size(core, worker_count)), workers(worker_count) {
    core.wake = [this] { wake(); };
    core.wake_for = [this](const store::Changes& committed) { wake_for(committed); };
  }

  static std::size_t pool_size(const Core& core, int worker_count) {
    return core.peers.list.size() + static_cast<std::size_t>(worker_count) + 2;
  }

  /// Any thread. Ends the naps of all loops.
  void wake() {
    if (wake_pending.exchange(true)) return;
    asio::post(io, [this] {
      wake_pending = false;
      watches_asleep.end_all();
      workers_asleep.end_all();
      for (auto& [destination, asleep] : lines_asleep) asleep.end_all();
    });
  }

  /// Any thread. Ends the naps of as many workers, and of those lines, as `committed` has something
  /// for.
  void wake_for(const store::Changes& committed) {
    const auto now = core.clock();
    const auto works = std::count_if(committed.works.begin(), committed.works.end(),
                                     [&](const auto& work) { return work.due <= now; });
    std::vector<DestinationId> destinations;
    for (const auto& each : committed.deliveries) destinations.push_back(each.destination);
    if (works == 0 && destinations.empty()) return;
    asio::post(io, [this, works, destinations = std::move(destinations)] {
      workers_asleep.end(static_cast<std::size_t>(works));
      for (const auto& destination : destinations) {
        const auto found = lines_asleep.find(destination);
        if (found != lines_asleep.end()) found->second.end(1);
      }
    });
  }

  /// Runs a step on the pool and comes back to the io thread.
  asio::awaitable<Result<bool>> on_pool(const Step& step) {
    std::optional<Result<bool>> done;  // Asio wants a value that it can make empty first
    co_await asio::co_spawn(
        pool.get_executor(),
        [&]() -> asio::awaitable<void> {
          done = step(core);
          co_return;
        },
        asio::use_awaitable);
    co_return std::move(*done);
  }

  asio::awaitable<void> loop(Step step, Sleep& asleep) {
    auto& nap = asleep.new_nap();
    while (!stopping) {
      const auto done = co_await on_pool(step);
      if (stopping) break;
      if (done && (*done || asleep.is_called())) continue;
      if (!done) log(LogLevel::error, "loop failed", {{"error", done.error()}});
      nap.expires_after(done ? longest_nap : pause_after_error);
      boost::system::error_code ended;
      co_await nap.async_wait(asio::redirect_error(asio::use_awaitable, ended));
    }
  }

  void begin(Step step, Sleep& asleep) {
    asio::co_spawn(io, loop(std::move(step), asleep), asio::detached);
  }

  void start(Inlet& inlet) {
    for (int i = 0; i < workers; ++i) begin(work_once, workers_asleep);
    begin([watch = std::make_shared<Watch>()](const Core& shared) { return watch->look(shared); },
          watches_asleep);
    auto nightly = std::make_shared<Nightly>(inlet, [this] { return !stopping.load(); });
    begin([nightly](const Core& shared) { return nightly->look(shared); }, watches_asleep);
    begin([retainer =
               std::make_shared<Retainer>()](const Core& shared) { return retainer->look(shared); },
          watches_asleep);
    for (const auto& peer : core.peers.list) {
      if (!peer->sender) continue;
      auto& line = lines.emplace_back(*peer);
      begin(
          [&peer = *peer, &line](const Core& shared) -> Result<bool> {
            const auto mine = line.mine(shared);
            return mine && *mine ? deliver_once(shared, peer) : mine;
          },
          lines_asleep.try_emplace(peer->destination(), io).first->second);
    }
    thread = std::thread([this] { io.run(); });
  }

  void stop() {
    if (!thread.joinable()) return;
    stopping = true;
    wake();
    thread.join();  // each loop ends after its current step
    pool.join();
    for (auto& line : lines) line.give_back(core);
    lines.clear();
  }

  Core core;
  asio::io_context io{1};
  asio::thread_pool pool;
  int workers;
  std::list<Line> lines;  ///< to the peers that are sent to
  Sleep workers_asleep{io};
  Sleep watches_asleep{io};
  std::map<DestinationId, Sleep> lines_asleep;
  std::atomic<bool> stopping{false};
  std::atomic<bool> wake_pending{false};
  std::thread thread;
};

Runtime::Runtime(Core core, int workers)
    : loops_(std::make_unique<Loops>(std::move(core), workers)) {}

Runtime::~Runtime() {
  stop();
}

const Core& Runtime::core() const {
  return loops_->core;
}

void Runtime::start(Inlet& inlet) {
  loops_->start(inlet);
}

void Runtime::stop() {
  loops_->stop();
}

}  // namespace meridian::flow
