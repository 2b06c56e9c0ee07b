// SPDX-License-Identifier: Apache-2.0
// HTML to plain text, for reports that come as a page.
#pragma once

#include <string>
#include <string_view>

namespace meridian::fhir_read {

/// The words of an HTML page, a line per block. Script, style and comments are left out; named
/// entities other than the common ones stay as written. Never fails: broken HTML gives its words.
std::string text_of_html(std::string_view html);

}  // namespace meridian::fhir_read
