// SPDX-License-Identifier: Apache-2.0
// The history of a source whose record cannot be read: what the order's own message said.
#pragma once

#include "base/time.h"
#include "port/ports.h"

namespace meridian::fhir {

/// The facts are the message's records as a collection Bundle. The patient is the one that the
/// message says the order is for. Each kind of history is not asked, with detail "not available",
/// and only the order is complete.
class MessageGatherer : public Gatherer {
 public:
  explicit MessageGatherer(Clock clock = system_now) : clock_(std::move(clock)) {}

  /// Errors: not_found, when the message is not kept any more.
  Result<Gathered> gather(const GatherRequest& request) override;

 private:
  Clock clock_;
};

}  // namespace meridian::fhir
