// SPDX-License-Identifier: Apache-2.0
#include "cds_hooks/ehr_keys.h"

#include "base/log.h"

namespace meridian::cds_hooks {

std::shared_ptr<const JwkSet> EhrKeys::with(std::string_view kid, std::string_view algorithm) {
  std::unique_lock lock(mutex_);
  const auto now = clock_();
  const auto has = [&] { return keys_ && keys_->has(kid, algorithm); };
  const bool old = now - read_at_ >= fresh;
  if ((old || !has()) && now - tried_at_ >= pause) read_again(lock, now);
  if (keys_ && now - read_at_ >= longest) keys_ = nullptr;
  return has() ? keys_ : nullptr;
}

void EhrKeys::read_again(std::unique_lock<std::mutex>& lock, Instant now) {
  tried_at_ = now;
  const bool wait_for_it = keys_ == nullptr;
  if (!wait_for_it) lock.unlock();
  const auto text = fetch_();
  if (!wait_for_it) lock.lock();
  auto keys = text ? JwkSet::parse(*text) : text.error();
  if (!keys) {
    log(LogLevel::warning, "cds.keys_unread", {{"why", keys.error()}});
    return;
  }
  keys_ = std::make_shared<const JwkSet>(std::move(*keys));
  read_at_ = now;
}

}  // namespace meridian::cds_hooks
