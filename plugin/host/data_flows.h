// SPDX-License-Identifier: Apache-2.0
// Which data goes where, by what a site's configuration says.
#pragma once

#include <string>
#include <vector>

#include "host/config.h"

namespace meridian::host {

/// One way that data takes. Secrets are named by their files, never shown.
struct DataFlow {
  std::string peer;       ///< id of the configuration, or what keeps the data
  std::string direction;  ///< in, out, both, kept
  std::string how;        ///< FHIR R4, HL7 v2 by MLLP, HTTP ...
  std::string data;
  std::string patient_data;               ///< yes, no
  std::string address;                    ///< ours when they come to us
  std::string protection;                 ///< TLS and who is checked, or why there is none
  std::string sign_in;                    ///< how the caller shows who it is
  std::vector<std::string> secret_files;  ///< of this side
  std::string kept;                       ///< where, and how long
};

/// All of them: hospitals, clinics, directory, contacts, callers, listeners, then what is kept.
std::vector<DataFlow> data_flows(const Config& config);

}  // namespace meridian::host
