// SPDX-License-Identifier: Apache-2.0
// References inside resources: rewriting them in a transaction, and whether they lead somewhere.
#pragma once

#include <map>
#include <string>

#include "fhir_server/records.h"

namespace meridian::sandbox {

/// Replaces references (and uris) that are keys of `known` by their values. A "urn:" reference
/// that is not known throws Refusal 400: it can lead nowhere.
void rewrite_references(Json& resource, const std::map<std::string, std::string>& known);

/// Resolves conditional references ("Patient?identifier=s|v"); throws Refusal 412 unless exactly
/// one resource fits.
void resolve_conditional(Json& resource, const Records& records, std::string_view base);

/// Throws Refusal 400 when a reference to a resource of this server has no target.
void check_references(const Version& version, const Records& records, std::string_view base);

}  // namespace meridian::sandbox
