// SPDX-License-Identifier: Apache-2.0
#include "web/operations_look.h"

#include <algorithm>

#include "http/uri.h"
#include "web/html.h"

namespace meridian::web {

extern const std::string_view operations_words_file;
extern const std::string_view told_words_file;

namespace {

constexpr std::string_view style = R"css(
body{margin:0 auto;padding:1rem}
h1{font-size:1.6rem;margin:.4rem 0;overflow-wrap:anywhere}
h2{font-size:1.15rem;margin:2rem 0 .4rem;border-bottom:2px solid #0b4f9e;padding-bottom:.2rem}
a{color:#0b4f9e}
a:focus-visible,button:focus-visible,input:focus-visible,summary:focus-visible{outline:3px solid #b45f00;outline-offset:2px}
nav{display:flex;flex-wrap:wrap;gap:.4rem 1.4rem;align-items:end;margin:0 0 1rem}
nav label{margin:0;font-size:.875rem}
nav form{display:flex;flex-wrap:wrap;gap:.4rem;align-items:end}
nav input{width:18rem;padding:.4rem}
button{border-radius:4px;cursor:pointer}
nav button{margin:0;padding:.45rem 1rem}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.6rem;margin:1rem 0;padding:0;list-style:none}
.tiles li{border:1px solid #c5cbd3;border-radius:6px;padding:.5rem .8rem;background:#f7f9fb}
.tiles b{display:block;font-size:1.7rem;line-height:1.2;font-variant-numeric:tabular-nums}
.tiles .bad{border-color:#b00020;background:#fdecee}
.tiles .good{border-color:#1b6e3c;background:#edf7f0}
svg{display:block;width:100%;height:auto;max-width:100%}
svg text{font:12px system-ui,sans-serif;fill:#333}
.scroll{overflow-x:auto}
.scroll svg{min-width:40rem}
.in{fill:#0b4f9e}.out{fill:#b45f00}.line-in{fill:none;stroke:#0b4f9e;stroke-width:2.5}
.line-out{fill:none;stroke:#b45f00;stroke-width:2.5;stroke-dasharray:6 3}
.grid{stroke:#d8dde3;stroke-width:1}.axis{stroke:#767676;stroke-width:1}
.lane,.unseen{fill:#f2f4f7}.dot{fill:#0b4f9e;stroke:#fff;stroke-width:1.5}.dot.wait{fill:#fff;stroke:#767676}
.dot.clinic{fill:#1b6e3c}.dot.hospital{fill:#b45f00}.bar{fill:#0b4f9e}.rest{fill:#e3e8ee}.unknown{fill:#a9b8c9}
.mark{display:inline-block;border-radius:3px;padding:0 .45rem;font-size:.8125rem;font-weight:600;white-space:nowrap}
.mark.ok{background:#dcf1e3;color:#0d4a25}.mark.no{background:#fbd9dd;color:#7d0016}.mark.wait{background:#fdf0d0;color:#5c4300}.mark.none{background:#e9ecef;color:#333}
td{overflow-wrap:break-word}td a,td code,td bdi,td [lang]{overflow-wrap:anywhere}
td small{display:block;color:#444;font-size:.8125rem}
ol.story{list-style:none;margin:0;padding:0 0 0 1rem;border-left:3px solid #c5cbd3}
ol.story>li{margin:0 0 .8rem;position:relative}
ol.story>li::before{content:"";position:absolute;left:-1.5rem;top:.4rem;width:.8rem;height:.8rem;border-radius:50%;background:#0b4f9e}
ol.story>li.clinic::before{background:#1b6e3c}ol.story>li.hospital::before{background:#b45f00}ol.story>li.wait::before{background:#fff;border:2px solid #767676;box-sizing:border-box}
ol.story time,ol.story .who{color:#444;font-size:.8125rem}
ol.story ul{margin:.1rem 0;padding-left:1.1rem;font-size:.875rem;color:#333}
dl.facts{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;margin:.6rem 0}
dl.facts dt{color:#444}dl.facts dd{margin:0;overflow-wrap:anywhere}
pre{background:#f7f9fb;border:1px solid #c5cbd3;padding:.8rem;overflow:auto;white-space:pre-wrap;overflow-wrap:anywhere;font:13px/1.45 ui-monospace,monospace}
.act{display:inline-block;margin:.1rem .8rem .1rem 0;white-space:nowrap;padding:.15rem 0}
.live{color:#444;font-size:.875rem}
form>button{display:block}
textarea{font:inherit;width:100%;max-width:40rem;padding:.5rem;border:1px solid #555}
summary{cursor:pointer;padding:.3rem 0;color:#0b4f9e}
code{font-family:ui-monospace,monospace;font-size:.8125rem;overflow-wrap:anywhere}
@media(max-width:44rem){
 thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
 table,caption,tbody,tr,td{display:block;width:100%}
 tr{border:1px solid #c5cbd3;border-radius:6px;margin:0 0 .6rem;padding:.2rem .6rem}
 td{border:0;padding:.2rem 0;display:grid;grid-template-columns:6.5rem minmax(0,1fr);gap:.5rem}
 td::before{content:attr(data-label);color:#444;font-size:.8125rem}
 td.empty{display:none}
 nav input,nav form,nav form div{width:100%}
 dl.facts{grid-template-columns:1fr}dl.facts dt{margin-top:.4rem}
}
@media print{nav,.act{display:none}}
)css";

// The events come as a short answer that the browser asks for again by itself; only when a number
// changed is the page fetched anew, at most every ten seconds, since it reads the worklists of the
// whole site, and never under somebody's hands.
constexpr std::string_view script = R"js("use strict";
(function () {
  var live = document.getElementById("live");
  if (!live || !window.EventSource || !window.fetch) return;
  var last = Date.now(), mark = live.dataset.mark, busy = false;
  var renewed = Date.now();
  function say() {
    var live = document.getElementById("live");
    var age = Math.round((Date.now() - last) / 1000);
    live.textContent = age < 10 ? live.dataset.live : live.dataset.old.replace("{0}", age);
  }
  function inUse() {
    var board = document.getElementById("board"), focus = document.activeElement;
    return board.contains(focus) || board.querySelector("details[open]") || String(getSelection());
  }
  function renew(next) {
    if (busy || inUse() || Date.now() - renewed < 10000) return;
    busy = true;
    renewed = Date.now();
    fetch(location.href, {credentials: "same-origin"}).then(function (answer) {
      if (!answer.ok || answer.redirected) throw new Error("gone");
      return answer.text();
    }).then(function (text) {
      var fresh = new DOMParser().parseFromString(text, "text/html").getElementById("board");
      if (fresh && !inUse()) {
        document.getElementById("board").replaceWith(document.adoptNode(fresh));
        mark = next;
        say();
      }
    }).catch(function () {}).then(function () { busy = false; });
  }
  new EventSource("/operations/events").addEventListener("state", function (event) {
    last = Date.now();
    if (event.data !== mark) renew(event.data);
  });
  setInterval(say, 1000);
  say();
})();
)js";

}  // namespace

const Words& operations_words() {
  static const Words words(operations_words_file);
  return words;
}

const Words& told_words() {
  static const Words words(told_words_file);
  return words;
}

Translation told_in_spanish(std::vector<Translated> rules) {
  constexpr auto en = static_cast<std::size_t>(Language::en);
  constexpr auto es = static_cast<std::size_t>(Language::es);
  for (const auto& [key, texts] : told_words().texts()) rules.push_back({texts[en], texts[es]});
  constexpr std::string_view state = "state.";  // what is told names states as the program does
  for (const auto& [key, texts] : operations_words().texts()) {
    if (key.starts_with(state)) rules.push_back({key.substr(state.size()), texts[es]});
  }
  return Translation(rules);
}

OperationsPage::OperationsPage(const http::Request& request, const Translation* told)
    : signed_in(request.principal.starts_with("person/")) {
  speech.language = language_of(request);
  speech.rules = told;
}

std::string OperationsPage::say(std::string_view key,
                                std::initializer_list<std::string_view> put) const {
  return escaped(plain(key, put));
}

std::string OperationsPage::plain(std::string_view key,
                                  std::initializer_list<std::string_view> put) const {
  return operations_words().say(speech.language, key, put);
}

std::string OperationsPage::say_html(std::string_view key,
                                     std::initializer_list<std::string_view> put) const {
  return filled_in(say(key), put);
}

std::string OperationsPage::paragraph(std::string_view key) const {
  return "<p>" + say(key) + "</p>";
}

std::string OperationsPage::alarm(std::string_view html) {
  return "<p class=\"alarm\" role=\"alert\">" + std::string(html) + "</p>";
}

std::string OperationsPage::word(std::string_view prefix, std::string_view name) const {
  const auto key = std::string(prefix) + std::string(name);
  if (operations_words().has(key)) return say(key);
  return name.empty() ? std::string() : code(name);
}

std::string OperationsPage::counted(std::string_view key, std::int64_t number) const {
  return say(std::string(key) + (number == 1 ? ".one" : ".many"), {std::to_string(number)});
}

std::string OperationsPage::told(std::string_view english) const {
  return speech.language == Language::en ? speech.with_times(english) : speech.rule(english);
}

std::string OperationsPage::sentence(std::string_view english) const {
  auto html = told(english);
  const auto tag = html.starts_with('<') ? html.find('>') + 1 : 0;
  if (tag < html.size() && html[tag] >= 'a' && html[tag] <= 'z') html[tag] -= 'a' - 'A';
  const bool ended =
      english.empty() || std::string_view(".?!").find(english.back()) != english.npos;
  return ended ? html : html + ".";
}

std::string OperationsPage::ago(std::chrono::milliseconds span) const {
  return say("ago", {span_words(span)});
}

std::string OperationsPage::error(std::string_view name) const {
  if (name.empty()) return {};
  const auto* row = find_error(name);
  if (row == nullptr) return code(name);
  return code(name) + " (" + word("retry.", retry_class_name(row->retry)) + ")<small>" +
         sentence(row->fix) + "</small>";
}

http::Response OperationsPage::show(int status, std::string_view title,
                                    std::string_view body) const {
  const std::string language(tag_of(speech.language));
  std::string html =
      "<!doctype html><html lang=\"" + language + "\"><head><meta charset=\"utf-8\">";
  html += "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>";
  html += escaped(title) + " - Meridian";
  html +=
      "</title><link rel=\"stylesheet\" href=\"/style.css\"><link rel=\"stylesheet\" "
      "href=\"/operations.css\">";
  if (live) html += "<script src=\"/operations.js\" defer></script>";
  html += "</head><body><nav aria-label=\"" + say("nav") + "\">";
  if (may_look) html += "<a href=\"/operations\">" + say("operations") + "</a>";
  html += "<a href=\"" + std::string(signed_in ? "/referrals" : "/") + "\">" + say("referrals") +
          "</a>";
  if (may_look) {
    html += "<form action=\"/operations/find\" role=\"search\"><div><label for=\"q\">" +
            say("find.what") +
            "</label><input id=\"q\" name=\"q\" maxlength=\"200\" required></div><button "
            "type=\"submit\">" +
            say("find") + "</button></form>";
  }
  html += "</nav><main><h1>" + escaped(title) + "</h1>" + std::string(body);
  html += "</main></body></html>\n";
  auto response = guarded(status, std::move(html), live);
  response.headers.push_back({"Content-Language", language});
  return response;
}

http::Response OperationsPage::show_key(int status, std::string_view title_key,
                                        std::string_view body) const {
  return show(status, plain(title_key), body);
}

http::Response OperationsPage::problem(std::string_view title, const Error& error) const {
  const auto& row = error_row(error.code);
  return show(row.http_status, title,
              alarm(sentence(error.what.view())) + "<p>" + sentence(row.fix) +
                  "</p><p class=\"quiet\">" + say_html("error.name", {code(row.name)}) + "</p>");
}

http::Response operations_style() {
  return static_file("text/css; charset=utf-8", style);
}

http::Response operations_script() {
  return static_file("text/javascript; charset=utf-8", script);
}

std::string span_words(std::chrono::milliseconds span) {
  constexpr auto* no_break = "\xc2\xa0";
  const auto seconds =
      std::max<std::int64_t>(0, std::chrono::floor<std::chrono::seconds>(span).count());
  if (seconds < 120) return std::to_string(seconds) + no_break + "s";
  if (seconds < 120 * 60) return std::to_string(seconds / 60) + no_break + "min";
  if (seconds < 48 * 3600) return std::to_string(seconds / 3600) + no_break + "h";
  return std::to_string(seconds / 86'400) + no_break + "d";
}

std::string link_to(std::string_view path, std::string_view id, std::string_view words) {
  return "<a href=\"" + escaped(path) + escaped(http::percent_encode(id)) + "\">" + escaped(words) +
         "</a>";
}

std::string code(std::string_view name) {
  return "<code lang=\"en\">" + escaped(name) + "</code>";
}

TableHtml::TableHtml(std::string_view caption, std::vector<std::string> headings)
    : headings_(std::move(headings)) {
  html_ = "<table><caption>" + std::string(caption) + "</caption><thead><tr>";
  for (const auto& heading : headings_) {
    html_ += "<th scope=\"col\">" + heading + "</th>";
  }
  html_ += "</tr></thead><tbody>";
}

void TableHtml::row(const std::vector<std::string>& cells) {
  html_ += "<tr>";
  for (std::size_t i = 0; i < cells.size(); ++i) {
    html_ += "<td data-label=\"" + headings_[i] + "\"" +
             (cells[i].empty() ? " class=\"empty\"" : "") + "><span>" + cells[i] + "</span></td>";
  }
  html_ += "</tr>";
}

std::string TableHtml::html() const {
  return html_ + "</tbody></table>";
}

}  // namespace meridian::web
