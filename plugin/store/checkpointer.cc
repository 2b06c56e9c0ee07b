// SPDX-License-Identifier: Apache-2.0
#include "store/checkpointer.h"

#include "base/log.h"

namespace meridian::store {
namespace {

constexpr int few_pages = 64;
constexpr int most_rounds = 4;

}  // namespace

Checkpointer::Checkpointer(std::unique_ptr<Connection> connection, int lap, bool in_turn)
    : connection_(std::move(connection)), lap_(lap), in_turn_(in_turn) {
  thread_ = std::thread([this] { loop(); });
}

Checkpointer::~Checkpointer() {
  stop();
}

void Checkpointer::watch(Connection& writer) {
  sqlite3_wal_hook(
      writer.handle(),
      [](void* self, sqlite3*, const char*, int pages) {
        static_cast<Checkpointer*>(self)->log_pages_ = pages;
        return SQLITE_OK;
      },
      this);
}

void Checkpointer::after_commit(Connection& writer) {
  if (log_pages_ < lap_) {
    tried_at_ = 0;
    return;
  }
  const auto phase = phase_.load(std::memory_order_acquire);
  if (phase == Phase::nearly) return copy_rest(writer);
  // A reader may have kept the log from starting over: wait for another quarter of a lap.
  if (phase == Phase::asked || log_pages_ < tried_at_ + lap_ / 4) return;
  tried_at_ = log_pages_;
  ask();
  if (in_turn_) copy_rest(writer);
}

void Checkpointer::ask() {
  std::unique_lock lock(mutex_);
  phase_.store(Phase::asked, std::memory_order_release);
  wake_.notify_all();
  if (in_turn_) wake_.wait(lock, [this] { return phase_.load() == Phase::nearly; });
}

void Checkpointer::copy_rest(Connection& writer) {
  phase_.store(Phase::idle, std::memory_order_release);
  sqlite3_wal_checkpoint_v2(writer.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
}

void Checkpointer::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void Checkpointer::loop() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stopping_ || phase_.load() == Phase::asked; });
    if (stopping_) return;
    lock.unlock();
    copy();
    lock.lock();
    phase_.store(Phase::nearly, std::memory_order_release);
    wake_.notify_all();
  }
}

/// Each round leaves what the writer has added during it, which is less each time. A checkpoint
/// that does not reach the log's end is not synced by SQLite; it is here, so that the writer, which
/// copies the rest, waits for the rest alone.
void Checkpointer::copy() {
  for (int round = 0; round < most_rounds; ++round) {
    int pages = 0;
    int copied = 0;
    const int code = sqlite3_wal_checkpoint_v2(connection_->handle(), nullptr,
                                               SQLITE_CHECKPOINT_PASSIVE, &pages, &copied);
    if (code != SQLITE_OK && code != SQLITE_BUSY) {
      log(LogLevel::error, "store.checkpoint", {{"error", sqlite_error(code, "store.checkpoint")}});
      return;
    }
    if (pages - copied < few_pages) break;
  }
  sqlite3_file* file = nullptr;
  sqlite3_file_control(connection_->handle(), nullptr, SQLITE_FCNTL_FILE_POINTER, &file);
  // A failure is found again by the writer's own sync, which comes before the log starts over.
  if (file != nullptr) (void)file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
}

}  // namespace meridian::store
