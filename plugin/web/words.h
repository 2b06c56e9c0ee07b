// SPDX-License-Identifier: Apache-2.0
// What pages say, by language: catalogues of plugin/web/words, part of the program.
#pragma once

#include <array>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "http/request.h"

namespace meridian::web {

enum class Language { en, es };
inline constexpr std::array languages = {Language::en, Language::es};

/// "en", "es".
std::string_view tag_of(Language language);

/// The one that the browser likes best (Accept-Language, RFC 9110 12.5.4); else English.
Language language_of(const http::Request& request);

/// One catalogue: {"key": {"en": "...", "es": "..."}}. Immutable; any thread.
class Words {
 public:
  /// Precondition: `json` is one; tests read each.
  explicit Words(std::string_view json);

  /// The key itself, when the catalogue has none. {0}, {1} are replaced.
  std::string say(Language language, std::string_view key,
                  std::initializer_list<std::string_view> put = {}) const;
  bool has(std::string_view key) const { return texts_.find(key) != texts_.end(); }
  const std::map<std::string, std::array<std::string, 2>, std::less<>>& texts() const {
    return texts_;
  }

 private:
  std::map<std::string, std::array<std::string, 2>, std::less<>> texts_;
};

}  // namespace meridian::web
