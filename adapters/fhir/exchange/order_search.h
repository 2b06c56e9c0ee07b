// SPDX-License-Identifier: Apache-2.0
// The record at a server of an order that came without address.
#pragma once

#include <string>

#include "fhir/client/fhir_client.h"
#include "port/ports.h"

namespace meridian::fhir {

/// The ServiceRequest of `patient` ("Patient/17") that carries one of the numbers of the order
/// `ref` in `said`: "ServiceRequest/5". "" when there is none or several, or the server does not
/// say. Errors: of the client or server, when that may be different later.
Result<std::string> find_order(FhirClient& client, const OrderSaid& said, const std::string& ref,
                               const std::string& patient);

}  // namespace meridian::fhir
