// SPDX-License-Identifier: Apache-2.0
#include "web/html.h"

#include "base/direction.h"
#include "web/inbox_look.h"

namespace meridian::web {
namespace {

constexpr std::string_view style =
    "*{box-sizing:border-box}"
    "body{font:16px/1.5 system-ui,sans-serif;max-width:88rem;margin:2rem auto;padding:0 1rem;"
    "color:#1b1b1b;background:#fff}table{border-collapse:collapse;width:100%;font-size:.875rem}"
    "th,td{text-align:left;padding:.4rem .5rem;border-bottom:1px solid #ccc;vertical-align:top}"
    "td{overflow-wrap:anywhere}"
    "th{background:#f2f4f7}caption{text-align:left;padding:.4rem "
    "0;font-weight:bold}label{display:block;margin:1rem 0 .3rem}"
    "input{font:inherit;padding:.5rem;width:22rem;max-width:100%;border:1px solid #555}"
    "fieldset{min-width:0;margin:1rem 0;padding:.6rem 0 0;border:0;border-top:1px solid #767676}"
    "legend{float:left;width:100%;font-weight:bold;padding:0;overflow-wrap:anywhere}"
    "legend+*{clear:both}"
    ".choice{display:inline-block;margin:.2rem 1.2rem .2rem 0;padding:.6rem 0;min-width:4rem}"
    "input[type=radio]{width:1.3rem;height:1.3rem;padding:0;margin:0 .4rem 0 0;"
    "vertical-align:middle}"
    "a:focus,button:focus,input:focus{outline:3px solid #f2a900}button{font:inherit;padding:.6rem "
    "1.2rem;margin-top:1rem;background:#0b4f9e;color:#fff;"
    "border:0}.alarm{border-left:6px solid #b00020;padding:.6rem 1rem;background:#fdecee}"
    ".quiet{color:#555}.narrow{max-width:34rem}.codes{font:1.1rem/2 "
    "monospace;columns:15rem;padding:0;"
    "list-style:none}.key{font:1.1rem "
    "monospace;overflow-wrap:anywhere}svg{max-width:100%;height:auto}"
    "nav li{margin:.4rem 0}";

constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD

/// Bytes of the control character that stands there, C0, DEL or C1 in UTF-8; 0: it is none, or one
/// of those that text has. HTML takes no others:
/// https://html.spec.whatwg.org/#preprocessing-the-input-stream
std::size_t control_at(std::string_view text, std::size_t i) {
  const auto c = static_cast<unsigned char>(text[i]);
  if (c == 0xc2 && i + 1 < text.size()) {
    const auto next = static_cast<unsigned char>(text[i + 1]);
    return next >= 0x80 && next < 0xa0 ? 2 : 0;
  }
  const bool control = c < 0x20 || c == 0x7f;
  return control && c != '\t' && c != '\n' && c != '\r' ? 1 : 0;
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        if (const auto mark = direction_mark_at(text, i); mark > 0) {
          i += mark - 1;
        } else if (const auto size = control_at(text, i); size > 0) {
          out += replacement;
          i += size - 1;
        } else {
          out += c;
        }
    }
  }
  return out;
}

http::Response page(int status, std::string_view title, std::string_view body,
                    std::string_view language) {
  std::string html =
      "<!doctype html><html lang=\"" + escaped(language) + "\"><head><meta charset=\"utf-8\">";
  html += "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>";
  html += escaped(title);
  html += "</title><link rel=\"stylesheet\" href=\"/style.css\"></head><body><main><h1>";
  html += escaped(title);
  html += "</h1>";
  html += body;
  html += "</main></body></html>\n";
  return guarded(status, std::move(html));
}

http::Response guarded(int status, std::string html, bool scripts, std::string_view frames) {
  auto response = http::make_response(status, "text/html; charset=utf-8", std::move(html));
  std::string policy = "default-src 'none'; style-src 'self'; ";
  if (scripts) policy += "script-src 'self'; connect-src 'self'; ";
  policy += "form-action 'self'; base-uri 'none'; frame-ancestors ";
  policy += frames.empty() ? "'none'" : frames;
  response.headers.push_back({"Content-Security-Policy", std::move(policy)});
  response.headers.push_back({"Cache-Control", "no-store"});
  response.headers.push_back({"Referrer-Policy", "same-origin"});
  response.headers.push_back({"X-Content-Type-Options", "nosniff"});
  return response;
}

void show_banner(http::Response& response, std::string_view english, const Translation& told) {
  const auto type = http::find_header(response.headers, "Content-Type");
  const bool is_page = type.starts_with("text/html");
  const auto body = is_page ? response.body.find("<body") : std::string::npos;
  const auto end = body == std::string::npos ? body : response.body.find('>', body);
  if (end == std::string::npos) return;
  Speech speech;
  const bool spanish = response.body.find("<html lang=\"es\"") < body;
  if (spanish) speech.language = Language::es;
  speech.rules = &told;
  response.body.insert(end + 1, "<p class=\"alarm\" role=\"note\"><strong>" +
                                    (spanish ? speech.rule(english) : escaped(english)) +
                                    "</strong></p>");
}

http::Response static_file(std::string_view media_type, std::string_view bytes) {
  auto response = http::make_response(200, std::string(media_type), std::string(bytes));
  response.headers.push_back({"Cache-Control", "max-age=3600"});
  response.headers.push_back({"X-Content-Type-Options", "nosniff"});
  return response;
}

http::Response style_sheet() {
  return static_file("text/css; charset=utf-8", style);
}

}  // namespace meridian::web
