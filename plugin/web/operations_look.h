// SPDX-License-Identifier: Apache-2.0
// How the operations pages look and speak: language, frame, style, script, small pieces of HTML.
#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "http/request.h"
#include "http/response.h"
#include "web/inbox_look.h"

namespace meridian::web {

/// plugin/web/words/operations.json: what these pages say.
const Words& operations_words();
/// plugin/web/words/told.json: what the program says elsewhere in English, and these pages show.
const Words& told_words();

/// What the program tells, and what `rules` say, in Spanish.
Translation told_in_spanish(std::vector<Translated> rules);
using ToldPtr = std::shared_ptr<const Translation>;

/// One page in the language of whoever asks. What is put into words is escaped by say(); all times
/// are UTC.
struct OperationsPage {
  /// `told` is borrowed; null: what the program tells stays English.
  explicit OperationsPage(const http::Request& request, const Translation* told = nullptr);

  std::string say(std::string_view key, std::initializer_list<std::string_view> put = {}) const;
  /// As `say`, as plain text.
  std::string plain(std::string_view key, std::initializer_list<std::string_view> put = {}) const;
  /// As `say`, where `put` is HTML already.
  std::string say_html(std::string_view key, std::initializer_list<std::string_view> put) const;
  /// "<p>...</p>" of a text without places.
  std::string paragraph(std::string_view key) const;
  /// A paragraph that says first what is wrong; HTML.
  static std::string alarm(std::string_view html);
  /// The word of a name of ours, as of a state; one that the catalogue does not have as it is.
  std::string word(std::string_view prefix, std::string_view name) const;
  /// "1 referral", "2 referrals": KEY.one or KEY.many.
  std::string counted(std::string_view key, std::int64_t number) const;
  /// What the program tells, with "2026-11-20T10:00:00.000Z" as people read it; what is not
  /// translated is marked as English.
  std::string told(std::string_view english) const;
  /// As a sentence: with a capital letter and a full stop.
  std::string sentence(std::string_view english) const;
  /// "3 min ago"
  std::string ago(std::chrono::milliseconds span) const;
  /// Name of an error and "retry class: fix" below it; empty for none.
  std::string error(std::string_view name) const;

  /// `title` is plain text.
  http::Response show(int status, std::string_view title, std::string_view body) const;
  /// As `show`, with the title of a key.
  http::Response show_key(int status, std::string_view title_key, std::string_view body) const;
  /// In place of a page that could not be made: what failed, and the fix.
  http::Response problem(std::string_view title, const Error& error) const;

  Speech speech;           ///< language, clock, what is told
  bool signed_in = false;  ///< a person; else a program or whoever sits at the machine
  bool may_look = true;    ///< at these pages: with the way to them, and the search
  bool live = false;       ///< it renews itself, by the one script
};

/// GET /operations.css and /operations.js
http::Response operations_style();
http::Response operations_script();

/// "40 s", "3 min", "5 h", "12 d", between two instants; "0 s" when they are the wrong way round.
std::string span_words(std::chrono::milliseconds span);
/// A link whose path ends in `id`, which may be anything.
std::string link_to(std::string_view path, std::string_view id, std::string_view words);
/// A name of ours that is said in no language: of an error, a setting.
std::string code(std::string_view name);

/// A table that turns into cards on narrow screens. All it is given is HTML.
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
