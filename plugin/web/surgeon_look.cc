// SPDX-License-Identifier: Apache-2.0
#include "web/surgeon_look.h"

#include "web/html.h"

namespace meridian::web {

extern const std::string_view surgeon_words_file;

namespace {

// On top of the inbox's. The frame may be as narrow as a phone.
constexpr std::string_view style = R"css(
main{max-width:60rem;padding:.8rem}h1{font-size:1.35rem}h3{font-size:1rem}.panel>h3:first-child{margin-top:0}caption{text-align:left}
.who{background:#fff;border-bottom:1px solid var(--line);padding:.5rem 1rem;font-weight:600}
.state{display:flex;flex-wrap:wrap;gap:.4rem 1rem;align-items:baseline;margin:0 0 .8rem}
.now{border-left:.35rem solid var(--go);background:var(--ground);padding:.6rem .9rem;margin:0 0 1rem}
.now.mine{border-left-color:#b45a00;background:var(--care-ground)}
.curves{display:grid;gap:1rem}figure{margin:0}figcaption{font-weight:600}
svg{width:100%;max-width:26rem;height:auto;display:block}
svg text{font:11px system-ui,sans-serif;fill:#4a5765}svg .value{fill:#16202b;font-weight:600}
table{border-collapse:collapse;margin:.3rem 0}th,td{text-align:left;padding:.25rem .8rem .25rem 0;border-bottom:1px solid var(--line)}
.days{list-style:none;display:flex;flex-wrap:wrap;gap:.4rem;padding:0;margin:.3rem 0}.days li{border:1px solid var(--edge);border-radius:.3rem;padding:0 .5rem}
.acts{margin:0 0 1rem}blockquote{margin:.2rem 0 .8rem;padding-left:.8rem;border-left:3px solid var(--line);white-space:pre-line}
.act{width:auto}
@media(min-width:40rem){.acts{grid-auto-flow:column;grid-auto-columns:max-content}.curves{grid-template-columns:1fr 1fr}}
)css";

}  // namespace

const Words& surgeon_words() {
  static const Words words(surgeon_words_file);
  return words;
}

std::string SurgeonSpeech::say(std::string_view key,
                               std::initializer_list<std::string_view> put) const {
  return escaped(surgeon_words().say(clock.language, key, put));
}

std::string SurgeonSpeech::say_html(std::string_view key,
                                    std::initializer_list<std::string_view> put) const {
  return filled_in(say(key), put);
}

http::Response surgeon_frame(const SurgeonSpeech& speech, const SurgeonFrame& page) {
  const auto language = std::string(tag_of(speech.clock.language));
  std::string html = "<!doctype html><html lang=\"" + language +
                     "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                     "content=\"width=device-width,initial-scale=1\"><title>";
  html += escaped(page.title) + " - Meridian</title>";
  html += "<link rel=\"stylesheet\" href=\"/smart.css\"></head><body>";
  html += "<a class=\"skip\" href=\"#content\">" + speech.say("skip") + "</a>";
  html += "<header class=\"top\"><div>";
  html += page.hospital.empty() ? "Meridian" : isolated(page.hospital);
  if (page.who != nullptr) {
    html += "<span>" + speech.say_html("signed.in", {isolated(page.who->caller.name)}) + "</span>";
  }
  html += "</div></header>";
  if (page.who != nullptr && page.who->banner) {
    html += "<div class=\"who\" role=\"region\" aria-label=\"" + speech.say("patient") + "\">" +
            isolated(page.who->patient_name);
    if (!page.who->born.empty()) {
      html += ", " + speech.say_html("born", {speech.clock.day(page.who->born)});
    }
    html += "</div>";
  }
  html += "<main id=\"content\" tabindex=\"-1\"><h1>" + escaped(page.title) + "</h1>" + page.body +
          "</main></body></html>\n";
  auto response = guarded(page.status, std::move(html), false, page.frames);
  response.headers.push_back({"Content-Language", language});
  return response;
}

http::Response launch_page(Language language, int status, std::string_view key,
                           const std::string& frames, const std::string& link) {
  SurgeonSpeech speech;
  speech.clock.language = language;
  const bool refused = key.starts_with("refused.");
  const auto prefix = std::string(key.substr(0, key.find('.')));
  std::string body = "<p role=\"alert\">" + speech.say(key) + "</p>";
  if (!link.empty()) {
    body += "<p><a class=\"act first\" target=\"_blank\" rel=\"noopener\" href=\"" + escaped(link) +
            "\">" + speech.say("frame.open") + "</a></p>";
  }
  const auto title = (refused ? std::string("refused") : prefix) + ".title";
  return surgeon_frame(speech,
                       {status, surgeon_words().say(language, title), body, {}, nullptr, frames});
}

http::Response surgeon_style() {
  auto sheet = inbox_style();
  sheet.body += style;
  return sheet;
}

}  // namespace meridian::web
