// SPDX-License-Identifier: Apache-2.0
// RF1-1, the whole of what an RRI codes of where a referral stands.
#pragma once

#include <string>

#include "hl7v2/write/dialect.h"
#include "model/terminology.h"

namespace meridian::hl7v2 {

struct ReferralStatus {
  std::string code;     ///< RF1-1, HL7 table 0283
  std::string read_as;  ///< the Task.status that a reader of the same tables makes of it
};

/// How a peer of the dialect is told a Task.status. `tables` are those of fhir-profiles/v2.
ReferralStatus referral_status(const WriteDialect& dialect, const Terminology& tables,
                               const std::string& task_status);

}  // namespace meridian::hl7v2
