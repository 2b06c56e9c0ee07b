// SPDX-License-Identifier: Apache-2.0
#include "web/link_page.h"

#include "web/html.h"

namespace meridian::web {

extern const std::string_view links_words_file;

const Words& link_words() {
  static const Words words(links_words_file);
  return words;
}

LinkPage::LinkPage(const http::Request& request, const LinkSpeech& site) {
  speech.language = language_of(request);
  speech.wall = site.wall;
  if (speech.language == Language::es) speech.rules = &site.spanish;
}

std::string LinkPage::say(std::string_view key, std::initializer_list<std::string_view> put) const {
  return escaped(link_words().say(speech.language, key, put));
}

std::string LinkPage::say_html(std::string_view key,
                               std::initializer_list<std::string_view> put) const {
  return filled_in(say(key), put);
}

std::string LinkPage::paragraph(std::string_view key) const {
  return "<p>" + say(key) + "</p>";
}

std::string LinkPage::alarm(std::string_view key) const {
  return "<p class=\"alarm\" role=\"alert\">" + say(key) + "</p>";
}

std::string LinkPage::input(std::string_view name, std::string_view key,
                            std::string_view attributes) const {
  const std::string id(name);
  return "<label for=\"" + id + "\">" + say(key) + "</label><input id=\"" + id + "\" name=\"" + id +
         "\" maxlength=\"100\"" + (attributes.empty() ? "" : " ") + std::string(attributes) +
         "><br>";
}

http::Response LinkPage::show(int status, std::string_view title_key, std::string_view body) const {
  auto response =
      page(status, link_words().say(speech.language, title_key), body, tag_of(speech.language));
  response.headers.push_back({"Content-Language", std::string(tag_of(speech.language))});
  return response;
}

http::Response LinkPage::problem(const Error& error, std::string_view title_key,
                                 std::string_view unknown_key) const {
  if (error.code == ErrorCode::not_found) return show(404, unknown_key, paragraph("unknown"));
  return show(error_row(error.code).http_status, title_key, paragraph("trouble"));
}

}  // namespace meridian::web
