// SPDX-License-Identifier: Apache-2.0
// What a clinic's message says about our referral: its Task, notes, outcomes and appointment.
#pragma once

#include <string>
#include <vector>

#include "port/ports.h"

namespace meridian::fhir {

/// One note that came back.
struct ClinicNote {
  std::string ref;          ///< at the clinic
  std::string attachments;  ///< raw JSON list of Attachment objects, never empty
};

struct ClinicNews {
  const Task* task = nullptr;     ///< the clinic's copy of our Task; nullptr when none came
  std::vector<ClinicNote> notes;  ///< documents that the Task's outputs name
  /// Outputs that are text or a measured value, and what it writes to whoever referred.
  std::vector<std::string> statements;
  std::string appointment;  ///< "booked 2026-03-12T10:00:00Z", leading(); empty when none came
};

/// Reads them out of letter.records and letter.raw. Attachments are copied as received; where one
/// only has an address and a Binary of the message is under it, the Binary's content is put in.
/// Errors: malformed, when letter.raw does not hold the records.
Result<ClinicNews> clinic_news(const Letter& letter);

}  // namespace meridian::fhir
