// SPDX-License-Identifier: Apache-2.0
// Whether a host means this machine: what is sent there needs no TLS.
#pragma once

#include <string_view>

namespace meridian {

/// "localhost", "::1" (also in brackets) or an IPv4 address of 127.0.0.0/8. A name that only begins
/// like one ("127.0.0.1.example.org") is somebody else's. Source: RFC 6890, tables 4 and 17.
bool is_loopback(std::string_view host);

}  // namespace meridian
