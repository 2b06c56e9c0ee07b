// SPDX-License-Identifier: Apache-2.0
// A hospital whose EHR opens our view inside itself.
// Source: http://hl7.org/fhir/smart-app-launch/STU2.2/app-launch.html
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/egress.h"
#include "fhir/client/smart_key.h"

namespace meridian::fhir {

struct LaunchHospital {
  std::string source;  ///< id of the [[hospital]]
  std::string iss;     ///< FHIR base that its EHR launches with
  std::string client_id;
  std::optional<SmartKey> key;  ///< with which we prove who we are; none: a public client
  std::string scopes;           ///< separated by spaces
  std::string frames;           ///< origins that may frame the view, separated by spaces
  std::string ca_file;
  std::shared_ptr<const Egress> egress = Egress::this_machine();  ///< where its EHR may send us
};

/// True when both are one FHIR base: scheme, host, port and path, but for a slash at the end.
bool same_base(std::string_view one, std::string_view other);

}  // namespace meridian::fhir
