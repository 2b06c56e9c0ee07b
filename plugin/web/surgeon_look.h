// SPDX-License-Identifier: Apache-2.0
// How the surgeon's view looks and speaks: its words, its frame inside the EHR, its style sheet.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "port/launched.h"
#include "web/inbox_look.h"

namespace meridian::web {

/// plugin/web/words/surgeon.json
const Words& surgeon_words();

/// What the view says; all is escaped for HTML.
struct SurgeonSpeech {
  Speech clock;  ///< language, times and days

  std::string say(std::string_view key, std::initializer_list<std::string_view> put = {}) const;
  /// As `say`, where `put` is HTML already.
  std::string say_html(std::string_view key, std::initializer_list<std::string_view> put) const;
  bool has(std::string_view key) const { return surgeon_words().has(key); }
};

/// A whole page for a frame of the EHR. `title` is plain text, `body` HTML.
struct SurgeonFrame {
  int status = 200;
  std::string title;
  std::string body;
  std::string hospital;  ///< name; empty before it is known
  const Launched* who = nullptr;
  std::string frames;  ///< Launched::frames
};
http::Response surgeon_frame(const SurgeonSpeech& speech, const SurgeonFrame& page);

/// A page of the launch: the words "KEY.title" and "KEY", or for refused.* of the one title.
/// `link`, when given, opens in a tab of its own.
http::Response launch_page(Language language, int status, std::string_view key,
                           const std::string& frames, const std::string& link = {});

/// GET /smart.css
http::Response surgeon_style();

}  // namespace meridian::web
