// SPDX-License-Identifier: Apache-2.0
// Base64 as FHIR attachments want it.
#pragma once

#include <string>
#include <string_view>

namespace meridian::sandbox {

/// RFC 4648 section 4, without line breaks.
std::string base64(std::string_view bytes);

}  // namespace meridian::sandbox
