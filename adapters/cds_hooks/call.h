// SPDX-License-Identifier: Apache-2.0
// What an EHR posts to a service, read. Pure; any thread.
// Source: https://cds-hooks.hl7.org/2.0/#calling-a-cds-service, hooks of
// https://cds-hooks.hl7.org/hooks/
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/sensitive.h"
#include "port/ask.h"

namespace meridian::cds_hooks {

/// A call of one of our hooks.
struct Call {
  std::string hook;  ///< order-sign, order-dispatch, patient-view
  std::string hook_instance;
  std::string fhir_server;              ///< as written; "" when it is not said
  Sensitive<std::string> token;         ///< fhirAuthorization.access_token
  std::string patient;                  ///< "Patient/17"
  std::string orders;                   ///< Bundle of context.draftOrders; "" when there is none
  std::vector<std::string> dispatched;  ///< "ServiceRequest/5"
  std::vector<QueryAnswer> prefetch;    ///< what the client could satisfy
};

/// Errors: malformed, whose text names the member that is missing or wrong.
Result<Call> read_call(std::string_view body);

/// One entry of a feedback.
struct Said {
  std::string card;  ///< its uuid
  bool accepted = false;
  std::string reason;  ///< code of the override reason; "" when none is given
};

/// Errors: malformed. Entries of which card or outcome cannot be read are left out.
Result<std::vector<Said>> read_feedback(std::string_view body);

/// True when both name one FHIR base, whatever slash they end in.
bool same_server(std::string_view one, std::string_view other);

}  // namespace meridian::cds_hooks
