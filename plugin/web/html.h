// SPDX-License-Identifier: Apache-2.0
// Text into HTML, and a page around it.
#pragma once

#include <string>
#include <string_view>

#include "http/response.h"

namespace meridian::web {

class Translation;

/// Escapes for text and for quoted attributes. Control characters that HTML does not have become
/// U+FFFD, so that no browser and no terminal acts on them; marks that turn text around are left
/// out.
std::string escaped(std::string_view text);

/// A whole page: language, title, no scripts, and headers that keep it that way. Its style is at
/// /style.css, so that nothing inline needs to be allowed.
http::Response page(int status, std::string_view title, std::string_view body,
                    std::string_view language = "en");

/// A page that is whole already, with the headers that every page has: kept nowhere, framed by
/// nobody, nothing inline, nothing from elsewhere. `scripts`: files of ours run, and fetch from us.
/// `frames`: origins of which pages may frame it all the same, separated by spaces.
http::Response guarded(int status, std::string html, bool scripts = false,
                       std::string_view frames = {});

/// Puts words above all else on a whole page, in its language as far as `told` has them; leaves
/// what is no page as it is.
void show_banner(http::Response& response, std::string_view english, const Translation& told);

/// A file that all pages share; it holds no data and may be kept for an hour.
http::Response static_file(std::string_view media_type, std::string_view bytes);

/// What every page looks like.
http::Response style_sheet();

}  // namespace meridian::web
