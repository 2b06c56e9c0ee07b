// SPDX-License-Identifier: Apache-2.0
// The directory of a site: what [directory] names, tied to its [[clinic]] tables.
#pragma once

#include "fhir/client/fhir_client.h"
#include "host/config.h"
#include "host/directory_keeper.h"
#include "model/terminology.h"
#include "routing/directory.h"

namespace meridian::host {

/// Reads the file or all pages of the server. Issues are of the data. Errors: not_found (no such
/// file), malformed (breaks off, or nobody in it), incomplete answers of a server as their own.
/// Without a [directory] file or server: the [[clinic]] tables alone.
Result<routing::Directory> read_directory(const Config& config, fhir::FhirClient* server,
                                          const Terminology& terminology, Issues& issues);

/// The [[clinic]] tables alone.
routing::Directory read_site_alone(const Config& config, Issues& issues);

KeeperSettings keeper_settings(const DirectoryConfig& config);

}  // namespace meridian::host
