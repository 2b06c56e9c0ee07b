// SPDX-License-Identifier: Apache-2.0
// The names by which a referral is found again: our own id, and the keys of the alias table, where
// the numbers stand that others gave to it (source: reference referral-standards section 4, rule
// 5).
#pragma once

#include <string>
#include <string_view>

#include "flow/core.h"

namespace meridian::flow {

/// The id of an order's referral: the same whenever the order is seen, so that a receiver knows the
/// referral again when the database was put back from a backup that does not have it.
ReferralId referral_id(const Core& core, const SourceId& source, std::string_view order_ref);

/// The identifier system of our referral id, in every resource we write.
inline constexpr const char* referral_system =
    "http://meridian-referral.org/fhir/identifier/referral";

/// Keys of the alias table. Besides, a "correlation" is the sender's X-Correlation-Id as it is; one
/// conversation may be about several referrals, as after a redirect.
std::string order_alias(const SourceId& source, std::string_view ref);
std::string task_alias(std::string_view peer, std::string_view ref);
std::string patient_alias(const SourceId& source, std::string_view ref);

}  // namespace meridian::flow
