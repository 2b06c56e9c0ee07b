// SPDX-License-Identifier: Apache-2.0
// What somebody posted at our FHIR door, as far as the door must know before it hands it in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace meridian {

/// A subscription notification (HL7 Subscriptions R5 Backport, R4 and R4B).
struct Notice {
  enum class Kind { handshake, heartbeat, events, other };
  Kind kind = Kind::other;
  std::string subscription;        ///< its reference or URL; "" when none is given
  std::int64_t first_event = 0;    ///< numbers of the events in it; 0: none is numbered
  std::int64_t last_event = 0;     ///< of a heartbeat: events since the subscription began
  bool carries_resources = false;  ///< full-resource; else somebody must look
};

/// One resource, or a Bundle of them.
struct Posted {
  std::string type;        ///< "Bundle", "ServiceRequest"
  std::string id;          ///< "" when it has none
  std::string identifier;  ///< of a Bundle: Bundle.identifier.value
  std::optional<Notice> notice;
};

/// Looks into a body without reading it whole. Pure; any thread.
class PostedReader {
 public:
  virtual ~PostedReader() = default;
  /// Errors: malformed, with the byte; too_large.
  virtual Result<Posted> look(std::string_view body) const = 0;
};

}  // namespace meridian
