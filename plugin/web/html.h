// SPDX-License-Identifier: Apache-2.0
// Text into HTML, and a page around it.
#pragma once

#include <string>
#include <string_view>

#include "http/response.h"

namespace meridian::web {

/// Escapes for text and for quoted attributes.
std::string escaped(std::string_view text);

/// A whole page: language, title, no scripts, and headers that keep it that way. Its style is at
/// /style.css, so that nothing inline needs to be allowed.
http::Response page(int status, std::string_view title, std::string_view body,
                    std::string_view language = "en");

/// What every page looks like.
http::Response style_sheet();

}  // namespace meridian::web
