// SPDX-License-Identifier: Apache-2.0
#include "host/host_claims.h"

#include <utility>

#include "flow/out.h"

namespace meridian::host {

Result<store::Delivery> HostClaims::take(std::string_view destination) {
  const auto* peer = core_.peers.find(destination);
  if (peer == nullptr) return Error{ErrorCode::forbidden, "take", "no such destination"};
  if (peer->sender) {
    return Error{ErrorCode::forbidden, "take", "Meridian delivers to this destination itself"};
  }
  auto claimed = flow::claim(core_, *peer);
  if (!claimed) return claimed.error();
  if (!*claimed) return Error{ErrorCode::not_found, "take", "nothing is due"};
  const std::lock_guard lock(mutex_);
  claims_.insert_or_assign((*claimed)->number, **claimed);
  return **claimed;
}

Result<void> HostClaims::settle(std::int64_t number, std::string_view lease,
                                const Result<Receipt>& sent) {
  std::unique_lock lock(mutex_);
  const auto found = claims_.find(number);
  if (found == claims_.end() || found->second.lease != lease) {
    return Error{ErrorCode::stale, "settle", "this claim is not open"};
  }
  const auto claim = claims_.extract(found);
  lock.unlock();
  const auto& delivery = claim.mapped();
  const auto* peer = core_.peers.find(delivery.destination.str());
  if (peer == nullptr) return Error{ErrorCode::stale, "settle", "the destination is gone"};
  return flow::settle(core_, *peer, delivery, sent);
}

Result<void> HostClaims::settle_own(std::string_view destination, std::int64_t number,
                                    std::string_view lease, const Result<Receipt>& sent) {
  {
    const std::lock_guard lock(mutex_);
    const auto claim = claims_.find(number);
    const bool own = claim != claims_.end() && claim->second.destination.str() == destination;
    if (!own) return Error{ErrorCode::stale, "settle", "this claim is not open"};
  }
  return settle(number, lease, sent);
}

web::HostDeliveries HostClaims::door() {
  return {
      [this](std::string_view destination) -> Result<web::TakenDelivery> {
        const auto taken = take(destination);
        if (!taken) return taken.error();
        return web::TakenDelivery{taken->number,     taken->lease,    taken->referral.str(),
                                  taken->key,        taken->attempts, taken->maybe_arrived,
                                  taken->media_type, taken->body};
      },
      [this](std::string_view destination, std::int64_t number, std::string_view lease,
             const Result<Receipt>& sent) { return settle_own(destination, number, lease, sent); }};
}

HostClaims::Open HostClaims::hand_over() {
  const std::lock_guard lock(mutex_);
  return std::exchange(claims_, {});
}

void HostClaims::continue_with(Open claims) {
  const std::lock_guard lock(mutex_);
  claims_ = std::move(claims);
}

}  // namespace meridian::host
