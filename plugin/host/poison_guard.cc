// SPDX-License-Identifier: Apache-2.0
#include "host/poison_guard.h"

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace meridian::host {
namespace {

constexpr std::size_t slots = 256;  ///< more messages than that are never read at one time
constexpr std::uint32_t deaths_of_a_poison = 2;

struct Slot {
  Sha256 digest;
  std::uint32_t in_flight;
  std::uint32_t deaths;
};

}  // namespace

struct PoisonGuard::Table {
  Slot slot[slots];
};

Result<std::unique_ptr<PoisonGuard>> PoisonGuard::open(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0 || ::ftruncate(file, sizeof(Table)) != 0) {
    const int reason = errno;
    if (file >= 0) ::close(file);
    return Error{ErrorCode::store_failed, "guard", "the in-flight table cannot be opened", reason};
  }
  void* mapped = ::mmap(nullptr, sizeof(Table), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  const int reason = errno;
  ::close(file);
  if (mapped == MAP_FAILED) {
    return Error{ErrorCode::store_failed, "guard", "the in-flight table cannot be mapped", reason};
  }
  auto* table = static_cast<Table*>(mapped);
  for (auto& slot : table->slot) {
    if (slot.in_flight == 0) continue;
    slot.in_flight = 0;
    ++slot.deaths;
  }
  return std::unique_ptr<PoisonGuard>(new PoisonGuard(table));
}

PoisonGuard::~PoisonGuard() {
  ::munmap(table_, sizeof(Table));
}

bool PoisonGuard::is_poison(const Sha256& digest) {
  const std::lock_guard lock(mutex_);
  for (const auto& slot : table_->slot) {
    if (slot.digest == digest) return slot.deaths >= deaths_of_a_poison;
  }
  return false;
}

std::size_t PoisonGuard::enter(const Sha256& digest) {
  const std::lock_guard lock(mutex_);
  std::size_t chosen = slots;
  for (std::size_t i = 0; i < slots; ++i) {
    const auto& slot = table_->slot[i];
    if (slot.digest == digest && slot.in_flight == 0) {
      chosen = i;  // keeps its deaths
      break;
    }
    const bool empty = slot.in_flight == 0 && slot.deaths == 0;
    if (empty && chosen == slots) chosen = i;
  }
  if (chosen == slots) return slots;  // full: this message goes unguarded
  auto& slot = table_->slot[chosen];
  if (slot.digest != digest) slot = Slot{digest, 0, 0};
  slot.in_flight = 1;
  return chosen;
}

void PoisonGuard::leave(std::size_t index) {
  if (index == slots) return;
  const std::lock_guard lock(mutex_);
  table_->slot[index] = Slot{};  // it was read: it is no poison
}

PoisonGuard::Mark::Mark(PoisonGuard& guard, const Sha256& digest)
    : guard_(guard), slot_(guard.enter(digest)) {}

PoisonGuard::Mark::~Mark() {
  guard_.leave(slot_);
}

Result<std::string> GuardedInlet::submit(Envelope envelope) {
  const auto digest = sha256(envelope.bytes);
  if (guard_.is_poison(digest)) {
    return in_.quarantine(envelope, {{Severity::fatal, "suppressed", "",
                                      "the process died twice while it read this message; it is "
                                      "kept and not read again"}});
  }
  const PoisonGuard::Mark mark(guard_, digest);
  return observed(stages_, Stage::receive, [&] { return in_.submit(std::move(envelope)); });
}

}  // namespace meridian::host
