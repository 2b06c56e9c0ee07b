// SPDX-License-Identifier: Apache-2.0
// What an EHR posts at signing, its tokens, and the names of cards.
#include <cstdint>
#include <string_view>

#include "cds_hooks/call.h"
#include "cds_hooks/cards.h"
#include "fuzz/property.h"
#include "port/jwt.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace meridian;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  if (const auto call = cds_hooks::read_call(body)) {
    PROPERTY(call->patient.starts_with("Patient/"));
    for (const auto& order : call->dispatched) {
      PROPERTY(order.starts_with("ServiceRequest/") && order.find("..") == order.npos);
    }
  }
  static_cast<void>(cds_hooks::read_feedback(body));
  static_cast<void>(cds_hooks::card_named(body));
  static_cast<void>(Jwt::read(body));
  return 0;
}
