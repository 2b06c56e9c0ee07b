// SPDX-License-Identifier: Apache-2.0
// What a message means for the referrals we hold: orders, answers, a clinic's news, emergencies.
#pragma once

#include "flow/core.h"
#include "port/envelope.h"
#include "store/rows.h"

namespace meridian::flow {

/// The changes that a message brings, from a look at the referrals it concerns. The look and the
/// commit are not one transaction: a commit that finds them changed says stale, and the caller
/// looks again. Emergency rules run here, on the message alone.
Result<store::Changes> note(const Core& core, const Envelope& envelope, const MessageId& message,
                            const RecordSet& records);

/// The id of an order's referral: the same whenever the order is seen, so that a receiver knows the
/// referral again when the database was put back from a backup that does not have it.
ReferralId referral_id(const Core& core, const SourceId& source, std::string_view order_ref);

/// The identifier system of our referral id, in every resource we write.
inline constexpr const char* referral_system =
    "http://meridian-referral.org/fhir/identifier/referral";

/// Keys of the alias table.
std::string order_alias(const SourceId& source, std::string_view ref);
std::string task_alias(std::string_view peer, std::string_view ref);
std::string patient_alias(const SourceId& source, std::string_view ref);

}  // namespace meridian::flow
