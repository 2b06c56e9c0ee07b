// SPDX-License-Identifier: Apache-2.0
// Any bytes through the look that decides whether a posted body is a notification.
#include <cstdint>
#include <string_view>

#include "fhir/exchange/posted.h"
#include "fuzz/property.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto posted = meridian::fhir::FhirPosted().look(body);
  if (!posted || !posted->notice) return 0;
  PROPERTY(posted->type == "Bundle");
  const auto& notice = *posted->notice;
  PROPERTY(notice.first_event >= 0 && notice.last_event >= notice.first_event);
  return 0;
}
