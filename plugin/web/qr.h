// SPDX-License-Identifier: Apache-2.0
// A QR code (ISO/IEC 18004) as a picture in a page.
#pragma once

#include <string>
#include <string_view>

namespace meridian::web {

/// Inline SVG, black on white with the quiet zone of four modules; `label` is read aloud in place
/// of it. Empty when the text is too long for a QR code.
std::string qr_code(std::string_view text, std::string_view label);

}  // namespace meridian::web
