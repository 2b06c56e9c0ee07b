// SPDX-License-Identifier: Apache-2.0
#include "web/people_page.h"

#include "web/html.h"

namespace meridian::web {

extern const std::string_view people_words_file;

const Words& people_words() {
  static const Words words(people_words_file);
  return words;
}

std::string PeoplePage::say(std::string_view key,
                            std::initializer_list<std::string_view> put) const {
  return escaped(people_words().say(language, key, put));
}

std::string PeoplePage::paragraph(std::string_view key, std::string_view attributes) const {
  return "<p" + std::string(attributes.empty() ? "" : " ") + std::string(attributes) + ">" +
         say(key) + "</p>";
}

std::string PeoplePage::input(std::string_view name, std::string_view key,
                              std::string_view attributes, std::string_view how) const {
  const std::string id(name);
  std::string html = "<label for=\"" + id + "\">" + say(key) + "</label><input id=\"" + id +
                     "\" name=\"" + id + "\" " + std::string(attributes);
  if (how.empty()) return html + ">";
  return html + " aria-describedby=\"" + id + "-how\"><p class=\"quiet\" id=\"" + id + "-how\">" +
         say(how) + "</p>";
}

http::Response PeoplePage::show(int status, std::string_view title_key,
                                std::string_view body) const {
  return page(status, people_words().say(language, title_key),
              "<div class=\"narrow\">" + std::string(body) + "</div>", tag_of(language));
}

}  // namespace meridian::web
