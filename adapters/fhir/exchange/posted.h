// SPDX-License-Identifier: Apache-2.0
// Recognises subscription notifications among the FHIR bodies that are posted to us.
// Source: HL7 Subscriptions R5 Backport IG, profiles backport-subscription-notification-r4 (first
// entry Parameters) and backport-subscription-notification (first entry SubscriptionStatus, which
// athenahealth sends inside R4).
#pragma once

#include "port/posted.h"

namespace meridian::fhir {

class FhirPosted : public PostedReader {
 public:
  Result<Posted> look(std::string_view body) const override;
};

}  // namespace meridian::fhir
