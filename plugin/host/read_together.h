// SPDX-License-Identifier: Apache-2.0
// Files of which some are HL7 v2: one input, for a v2 message is only a part of a story.
#pragma once

#include <istream>
#include <memory>
#include <string>
#include <vector>

#include "host/commands.h"
#include "model/episode.h"
#include "model/terminology.h"

namespace meridian::host {

/// The bytes of a file; "-" is standard input, which is kept, so that it can be opened again.
/// Null when the file cannot be read, or is a folder.
std::unique_ptr<std::istream> open_input(const std::string& file);

/// True when the file begins like HL7 v2, or its name ends in .hl7, .hl7s or .er7.
bool is_hl7v2(const std::string& file);

/// Every patient of the files with all that they say of that patient.
struct Together {
  std::vector<Chart> charts;
  Issues issues;
  bool good = true;  ///< nothing was unreadable
};

/// Reads FHIR and HL7 v2 files as one input. `command.authorities` says which assigning authority
/// of the messages is which system of the FHIR files.
Together read_together(const ReadCommand& command, const Terminology& tables);

}  // namespace meridian::host
