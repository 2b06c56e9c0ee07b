// SPDX-License-Identifier: Apache-2.0
// What the pages of signing in have in common: their words and their frame.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "http/request.h"
#include "http/response.h"
#include "web/words.h"

namespace meridian::web {

/// plugin/web/words/people.json
const Words& people_words();

/// One page in the language of whoever asks. What is put into words is escaped by say().
struct PeoplePage {
  explicit PeoplePage(const http::Request& request) : language(language_of(request)) {}

  /// HTML of a text of the catalogue.
  std::string say(std::string_view key, std::initializer_list<std::string_view> put = {}) const;
  /// "<p>...</p>" of it.
  std::string paragraph(std::string_view key, std::string_view attributes = {}) const;
  /// A label and its input; `attributes` are ours, as 'type="password" required'. With `how` a
  /// sentence that the input is described by.
  std::string input(std::string_view name, std::string_view key, std::string_view attributes,
                    std::string_view how = {}) const;
  /// The page, as narrow as its forms.
  http::Response show(int status, std::string_view title_key, std::string_view body) const;

  Language language;
};

}  // namespace meridian::web
