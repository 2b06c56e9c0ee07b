// SPDX-License-Identifier: Apache-2.0
// What segments and fields of HL7 v2 are called, for people.
// Source: fhir-profiles/v2/segments/CodeSystem-v2-segments.json
#pragma once

#include <functional>
#include <map>
#include <string>

namespace meridian {

/// "Patient Identification" under "PID", "Patient Name" under "PID-5". Z segments are in no such
/// list.
using SegmentNames = std::map<std::string, std::string, std::less<>>;

/// The names the program was built with. Any thread.
SegmentNames load_segment_names();

}  // namespace meridian
