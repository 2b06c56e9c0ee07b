// SPDX-License-Identifier: Apache-2.0
// The TLS context of one host name: what is trusted, and who the peer must be. Includes Poco.
#pragma once

#include <string>

#include <Poco/Net/Context.h>

#include "base/result.h"
#include "fhir/client/connection.h"

namespace meridian::fhir::wire {

/// A context whose handshake fails unless the certificate is for `host`. An empty host is for
/// checking the files only. Errors: misconfigured.
Result<Poco::Net::Context::Ptr> make_tls_context(const TlsFiles& files, const std::string& host);

/// True when `host` is a literal IPv4 or IPv6 address.
bool is_ip_literal(const std::string& host);

/// Why the last handshake of this thread was refused by verification: X509_V_ERR_*, 0 when it was
/// not. Cleared by clear_verification().
int verification_failure();
void clear_verification();

/// `untrusted` in words for an X509_V_ERR_*.
Error untrusted_peer(int verification);

}  // namespace meridian::fhir::wire
