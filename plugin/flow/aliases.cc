// SPDX-License-Identifier: Apache-2.0
#include "flow/aliases.h"

#include "base/hash.h"

namespace meridian::flow {

ReferralId referral_id(const Core& core, const SourceId& source, std::string_view order_ref) {
  return ReferralId(keyed_id(core.settings.id_key, "referral|" + order_alias(source, order_ref)));
}

std::string order_alias(const SourceId& source, std::string_view ref) {
  return source.str() + "|" + std::string(ref);
}

std::string task_alias(std::string_view peer, std::string_view ref) {
  return std::string(peer) + "|" + std::string(ref);
}

std::string patient_alias(const SourceId& source, std::string_view ref) {
  return source.str() + "|" + std::string(ref);
}

}  // namespace meridian::flow
