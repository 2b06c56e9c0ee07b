// SPDX-License-Identifier: Apache-2.0
// A changed resource on its way in: is it news, what is its key, and what goes along with it.
#pragma once

#include <string>

#include "fhir/client/fhir_client.h"
#include "fhir/exchange/collection.h"
#include "fhir/exchange/dialect.h"

namespace meridian::fhir {

/// "Task/9/_history/3", or "Task/9/#" and a hash of the bytes without a version.
std::string change_key(const BundleEntry& entry);

/// False for what the watch leaves out: our own writing, statuses that say nothing new.
bool is_news(const BundleEntry& entry, const Watch& watch);

/// Puts the resource, what the watch follows from it, and documents that these point to into one
/// bundle; "" when the watch wants a Task of ours along and there is none. What cannot be read for
/// good is left out. Errors: those that may be gone the next time, so that a change is not handed
/// in by halves.
Result<std::string> with_company(FhirClient& client, const BundleEntry& entry, const Watch& watch,
                                 const std::string& base_url);

}  // namespace meridian::fhir
