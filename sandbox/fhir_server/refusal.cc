// SPDX-License-Identifier: Apache-2.0
#include "fhir_server/refusal.h"

namespace meridian::sandbox {

Json Refusal::outcome() const {
  return make_outcome("error", code_, what(), path_);
}

Json make_outcome(std::string_view severity, std::string_view code, std::string_view text,
                  std::string_view path) {
  Json issue = Json::object({{"severity", severity}, {"code", code}, {"diagnostics", text}});
  if (!path.empty()) issue.set("expression", Json::array({path}));
  return Json::object({{"resourceType", "OperationOutcome"}, {"issue", Json::array({issue})}});
}

}  // namespace meridian::sandbox
