// SPDX-License-Identifier: Apache-2.0
// What somebody posted at our FHIR door, as far as the door must know before it hands it in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace meridian {

/// A subscription notification (HL7 Subscriptions R5 Backport, R4 and R4B).
struct Notice {
  enum class Kind { handshake, heartbeat, events, other };
  Kind kind = Kind::other;
  /// One event. athenahealth's have an id, and an identifier where others have a reference.
  struct Event {
    std::int64_t number = 0;  ///< 0: none was given
    std::string id;
    std::string focus;       ///< "Task/9" or its URL; "": not said
    std::string identifier;  ///< of the focus, where it has no reference
    std::string type;        ///< of the focus, "Task"; "": not said
  };
  std::string subscription;        ///< its reference or URL; "" when none is given
  std::string status;              ///< of the subscription, as the server sees it
  std::vector<Event> events;       ///< as they stand in the notice
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
