// SPDX-License-Identifier: Apache-2.0
// The clients that a configuration lets in, and their tokens on disk.
#pragma once

#include <string>

#include "base/result.h"
#include "fhir/endpoint/smart.h"
#include "host/config.h"
#include "port/callers.h"
#include "web/posts.h"

namespace meridian::host {

/// Fewer characters are no secret: 32 hexadecimal digits are 128 bits.
inline constexpr std::size_t shortest_token = 32;

/// The first line of a file that nobody else may read. Errors say what to do.
Result<std::string> read_secret(const std::string& file);
/// The first line of a file that only its owner may read. Errors: misconfigured, which says why.
Result<std::string> read_token(const std::string& file);

/// Every [[client]]. A token that is missing, short, readable by others or used twice is an issue
/// at the client's line, with the fix.
Callers load_clients(const Config& config, Issues& issues);

/// Every [[client]] that signs what it posts; the header is its source's dialect's. Issues as
/// above.
std::vector<web::Signing> load_signing(const Config& config, Issues& issues);

/// The keys of every [[client]] that signs in with one. A file that is no JWK set is an issue.
fhir::ClientKeys load_client_keys(const Config& config, Issues& issues);

}  // namespace meridian::host
