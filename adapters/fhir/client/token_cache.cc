// SPDX-License-Identifier: Apache-2.0
#include "fhir/client/token_cache.h"

namespace meridian::fhir {

Result<Token> TokenCache::get(const std::string& key, const Clock& clock, const TokenGaps& gaps,
                              const Fetch& fetch) {
  std::unique_lock lock(mutex_);
  Slot& slot = slots_[key];  // never erased, so the reference stays good
  const Instant now = clock();
  if (slot.token && now < slot.token->refresh_at) return *slot.token;
  const bool valid = slot.token && now < slot.token->expires_at;
  if (slot.fetching) {
    if (valid) return *slot.token;
    const auto seen = slot.fetches;
    fetched_.wait(lock, [&] { return slot.fetches != seen; });
    if (slot.failure) return *slot.failure;
    if (slot.token) return *slot.token;
    return Error{ErrorCode::unavailable, "fhir token", "the new token was refused at once"};
  }
  const bool refused = slot.failure && error_row(slot.failure->code).retry == RetryClass::permanent;
  if (refused && now < slot.failed_at + gaps.after_refusal) {
    if (valid) return *slot.token;
    return *slot.failure;
  }
  if (now < slot.fetched_at + gaps.after_token) {
    if (valid) return *slot.token;
    return Error{ErrorCode::throttled, "fhir token",
                 "the last token is too new to ask for another"};
  }

  slot.fetching = true;
  lock.unlock();
  auto fresh = fetch();
  lock.lock();
  slot.fetching = false;
  ++slot.fetches;
  slot.failure.reset();
  if (fresh) {
    slot.token = *fresh;
    slot.fetched_at = clock();
  } else {
    slot.failure = fresh.error();
    slot.failed_at = clock();
  }
  fetched_.notify_all();
  if (!fresh && valid) return *slot.token;  // early refresh failed: the old one still serves
  return fresh;
}

void TokenCache::discard(const std::string& key, const Token& refused) {
  const std::scoped_lock lock(mutex_);
  auto& slot = slots_[key];
  if (slot.token && slot.token->value == refused.value) slot.token.reset();
}

}  // namespace meridian::fhir
