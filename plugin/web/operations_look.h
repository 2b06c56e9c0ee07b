// SPDX-License-Identifier: Apache-2.0
// How the operations pages look: frame, style, script, and small pieces of HTML.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "http/response.h"

namespace meridian::web {

/// A whole page. One script, ours, at an address: with it the page of the site is live.
http::Response operations_page(int status, std::string_view title, std::string_view body);
/// GET /operations.css and /operations.js
http::Response operations_style();
http::Response operations_script();

/// <time> with "2026-11-20 10:15" in it; in a page that says that times are UTC.
std::string time_html(Instant at);
/// "40 s", "3 min", "5 h", "12 d", between two instants; "0 s" when they are the wrong way round.
std::string span_words(std::chrono::milliseconds span);
/// A link whose path ends in `id`, which may be anything.
std::string link_to(std::string_view path, std::string_view id, std::string_view words);
/// "retry class: fix" of an error, below its name; empty for none.
std::string error_html(std::string_view error);

/// A table that turns into cards on narrow screens. Cells are HTML.
class TableHtml {
 public:
  TableHtml(std::string_view caption, std::vector<std::string> headings);
  void row(const std::vector<std::string>& cells);
  std::string html() const;

 private:
  std::vector<std::string> headings_;
  std::string html_;
};

}  // namespace meridian::web
