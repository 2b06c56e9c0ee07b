// SPDX-License-Identifier: Apache-2.0
// The rows of fhir-profiles/v2/segments: which field carries what.
#pragma once

#include <string>
#include <vector>

namespace meridian::hl7v2::test {

struct MapRow {
  std::string field;    ///< RF1-6
  std::string target;   ///< ServiceRequest.identifier
  std::string way;      ///< read, write, both
  std::string example;  ///< "REF^I12 | RF1-6=R-1^EPIC"
  std::string gives;    ///< what stands below the target then: ".value=R-1"
  std::string written;  ///< the field when it is written again

  bool is_read() const { return way != "write"; }
  bool is_written() const { return way != "read"; }
};

std::vector<MapRow> map_rows();

}  // namespace meridian::hl7v2::test
