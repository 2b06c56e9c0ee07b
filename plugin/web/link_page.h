// SPDX-License-Identifier: Apache-2.0
// What the pages behind one-time links have in common: their words and their frame.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/request.h"
#include "http/response.h"
#include "web/inbox_look.h"

namespace meridian::web {

/// plugin/web/words/links.json
const Words& link_words();

/// How these pages speak, at one site.
struct LinkSpeech {
  WallClock wall = {};
  Translation spanish = {};  ///< of what rules say
  Translation told = {};     ///< and of what the program tells, for the list of referrals
};
using LinkSpeechPtr = std::shared_ptr<const LinkSpeech>;

/// One page in the language of whoever asks. All is escaped for HTML.
struct LinkPage {
  /// `site` is borrowed.
  LinkPage(const http::Request& request, const LinkSpeech& site);

  std::string say(std::string_view key, std::initializer_list<std::string_view> put = {}) const;
  /// As `say`, where `put` is HTML already.
  std::string say_html(std::string_view key, std::initializer_list<std::string_view> put) const;
  /// "<p>...</p>" of a text without places.
  std::string paragraph(std::string_view key) const;
  /// A paragraph that says first what went wrong.
  std::string alarm(std::string_view key) const;
  /// A label and its input for a line of text; `attributes` are ours, as "required".
  std::string input(std::string_view name, std::string_view key, std::string_view attributes) const;

  http::Response show(int status, std::string_view title_key, std::string_view body) const;
  /// In place of a page that could not be read; of a link that is not ours it says only that.
  http::Response problem(const Error& error, std::string_view title_key,
                         std::string_view unknown_key = "unknown.title") const;

  Speech speech;  ///< language, times and what rules say
};

}  // namespace meridian::web
