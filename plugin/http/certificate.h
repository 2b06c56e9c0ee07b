// SPDX-License-Identifier: Apache-2.0
// What a certificate file says, for those who check a site before it goes live.
#pragma once

#include <string>

#include "base/result.h"
#include "base/time.h"

namespace meridian::http {

/// When the first certificate of a PEM file ends to be valid. Errors: misconfigured.
Result<Instant> certificate_end(const std::string& file);

/// Fails as a server with these files would: misconfigured, with what is wrong. `client_ca` may be
/// empty.
Result<void> check_tls_files(const std::string& certificate_file, const std::string& key_file,
                             const std::string& client_ca);

}  // namespace meridian::http
