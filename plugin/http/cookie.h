// SPDX-License-Identifier: Apache-2.0
// Reading cookies.
#pragma once

#include <string_view>

namespace meridian::http {

/// Of a Cookie header (RFC 6265 section 4.2.1): the value of the first of that name; "" for none.
std::string_view cookie_in(std::string_view header, std::string_view name);

}  // namespace meridian::http
