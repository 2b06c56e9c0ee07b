// SPDX-License-Identifier: Apache-2.0
// How the inbox looks and speaks: language, clock on the wall, frame and style sheet.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/wall_clock.h"
#include "http/response.h"
#include "port/caller.h"
#include "web/translation.h"
#include "web/words.h"

namespace meridian::web {

/// plugin/web/words/inbox.json
const Words& inbox_words();

/// What a page says; all is escaped for HTML.
struct Speech {
  Language language = Language::en;
  WallClock wall;
  Instant now;
  const Translation* rules = nullptr;  ///< of what rules say, into `language`; null: English

  std::string say(std::string_view key, std::initializer_list<std::string_view> put = {}) const;
  /// As `say`, where `put` is HTML already.
  std::string say_html(std::string_view key, std::initializer_list<std::string_view> put) const;
  /// The word of a key that the catalogue may not have; the last part of it as it is, then.
  std::string word(std::string_view prefix, std::string_view key) const;
  /// "27 Nov 2026, 09:30", as <time>.
  std::string time(Instant at) const;
  /// As `time`; of midnight "the end of 26 Nov 2026", as people say until when.
  std::string deadline(Instant at) const;
  /// "27 Nov 2026" of "2026-11-27"; other texts as they are.
  std::string day(std::string_view iso) const;
  /// "for 3 h"
  std::string since(Instant begin) const;
  /// "64 years" of a birth date; empty unless the day is known.
  std::string age(std::string_view born) const;
  std::string zone() const;
  /// What rules say: in the language of the page as far as it is translated, the rest marked as
  /// English (WCAG 2.2, 3.1.2).
  std::string rule(std::string_view english) const;
  /// Whether `rule` would say it, from its beginning, in the language of the page.
  bool is_translated(std::string_view english) const;
  /// What records and rules say in English, marked as such.
  std::string in_english(std::string_view text) const;
  /// A text with its instants and days as people read them.
  std::string with_times(std::string_view text) const;
};

/// {0}, {1} of an escaped text replaced by HTML.
std::string filled_in(std::string said, std::initializer_list<std::string_view> put);

/// A name of any script that cannot turn the text around it.
std::string isolated(std::string_view name);

/// What somebody wrote, as a quotation in a sentence of ours.
std::string quoted(std::string_view text);

/// A whole page. `heading` and `body` are HTML; `clinic` is shown above.
struct Framed {
  int status = 200;
  std::string title;    ///< plain text
  Caller who;           ///< who reads it; nobody: without a way to the start page
  std::string clinic;   ///< plain text
  std::string heading;  ///< HTML of the h1
  std::string body;     ///< HTML
};
http::Response framed(const Speech& speech, const Framed& page);

/// GET /inbox.css
http::Response inbox_style();

}  // namespace meridian::web
