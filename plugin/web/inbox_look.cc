// SPDX-License-Identifier: Apache-2.0
#include "web/inbox_look.h"

#include <cctype>

#include "web/html.h"

namespace meridian::web {

extern const std::string_view inbox_words_file;

namespace {

// Colours reach 4.5:1 on their grounds and borders 3:1 (WCAG 2.2, 1.4.3 and 1.4.11); targets are 44
// pixels high (2.5.8 asks for 24).
constexpr std::string_view style = R"css(
:root{--ink:#16202b;--soft:#4a5765;--line:#c6cfd8;--edge:#6b7885;--ground:#f3f5f7;--card:#fff;--go:#0b5c52;--link:#0a4f8f;
--alarm:#a3123a;--alarm-ground:#fdf0f3;--care:#6b4300;--care-ground:#fff6e0;--good:#11602b;--good-ground:#e9f6ec}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;color:var(--ink);background:var(--ground);overflow-wrap:anywhere}
.top{background:#14323f;color:#fff;padding:.6rem 1rem}.top div{max-width:72rem;margin:auto;font-weight:600;display:flex;flex-wrap:wrap;gap:.2rem 1rem;justify-content:space-between;align-items:center}.top a{color:#fff;font-weight:400;padding:.35rem 0}
.top a:focus-visible{outline-color:#fff}
.skip{position:absolute;left:-99rem;background:#fff;color:var(--link);padding:.7rem 1rem}.skip:focus{left:.5rem;top:.5rem}
main{max-width:72rem;margin:auto;padding:1rem}
h1{font-size:1.6rem;line-height:1.25;margin:.3rem 0 .6rem}h2{font-size:1.1rem;line-height:1.3;margin:0 0 .6rem}
h3{font-size:1rem;margin:.8rem 0 .2rem}
p{margin:.3rem 0 .6rem}a{color:var(--link)}
a:focus-visible,button:focus-visible,input:focus-visible,select:focus-visible,textarea:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:3px solid #b45a00;outline-offset:2px}
.soft{color:var(--soft)}.back{display:inline-block;padding:.6rem 0}
.tabs{display:flex;flex-wrap:wrap;gap:.4rem;list-style:none;margin:0 0 1rem;padding:0}
.tabs a{display:flex;gap:.5rem;align-items:center;min-height:2.75rem;padding:.3rem .8rem;background:var(--card);border:1px solid var(--edge);border-radius:.4rem;text-decoration:none;color:var(--ink)}
.tabs a[aria-current]{background:#14323f;border-color:#14323f;color:#fff;font-weight:600}
.tabs b{background:#e2e8ee;color:var(--ink);border-radius:1rem;padding:0 .55rem;font-size:.9rem}
.find{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center;margin:0 0 1rem}.find input{min-height:2.75rem;flex:1 1 12rem}.find .act{width:auto}
.cards{list-style:none;margin:0;padding:0;display:grid;gap:.6rem}
.cards>li{background:var(--card);border:1px solid var(--line);border-left:.35rem solid var(--line);border-radius:.4rem;padding:.7rem 1rem}
.cards>li.pressing{border-left-color:var(--alarm)}
.cards .name{display:inline-block;font-size:1.1rem;font-weight:600;padding:.3rem 0}
.cards .name+.soft{white-space:nowrap}
.cards p{margin:0}
.badge{display:inline-block;border-radius:.3rem;padding:0 .5rem;border:1px solid var(--edge);font-size:.9rem;font-weight:600;background:#fff}
.badge.pressing{background:var(--alarm);border-color:var(--alarm);color:#fff}
.panel{background:var(--card);border:1px solid var(--line);border-radius:.4rem;padding:1rem;margin:0 0 1rem}
.panel.alarm{border:2px solid var(--alarm);background:var(--alarm-ground)}
.panel.care{border:2px solid var(--care);background:var(--care-ground)}
.panel.good{border:2px solid var(--good);background:var(--good-ground)}
.said{list-style:none;margin:0;padding:0}.said>li{padding:.5rem 0;border-top:1px solid var(--line)}.said>li:first-child{border-top:0;padding-top:0}
.said>li::first-letter{text-transform:uppercase}.said .kind{font-weight:700}.said .source{display:block;color:var(--soft);font-size:.9rem}
dl{display:grid;grid-template-columns:minmax(7rem,11rem) 1fr;gap:.3rem 1rem;margin:0}dt{color:var(--soft);overflow-wrap:normal}dd{margin:0}
.question{font-size:1.1rem;border-left:.3rem solid var(--go);margin:.6rem 0;padding:.2rem .8rem;white-space:pre-line}
.acts{display:grid;gap:.5rem;list-style:none;margin:0;padding:0}
.act{display:block;width:100%;min-height:2.75rem;padding:.6rem 1rem;border-radius:.4rem;border:1px solid var(--edge);background:#fff;color:var(--ink);font:inherit;font-weight:600;text-align:center;text-decoration:none;cursor:pointer}
.act.first{background:var(--go);border-color:var(--go);color:#fff}.act.danger{border-color:var(--alarm);color:var(--alarm)}
button.act.danger{background:var(--alarm);color:#fff}
.timeline{list-style:none;margin:0;padding:0 0 0 1rem;border-left:3px solid var(--line)}.timeline>li{padding:0 0 .9rem .2rem}
.note{white-space:pre-line;margin:.1rem 0}
pre{white-space:pre-wrap;font:inherit;margin:.3rem 0;background:var(--ground);padding:.7rem;border-radius:.3rem}
summary{cursor:pointer;padding:.6rem 0;font-weight:600}
form{max-width:40rem}label,legend{font-weight:600}.field{margin:1rem 0}.field>label{display:block;margin-bottom:.2rem}
.hint{color:var(--soft);font-weight:400}
input,select,textarea{font:inherit;color:inherit;padding:.55rem .6rem;border:1px solid var(--edge);border-radius:.3rem;background:#fff;max-width:100%}
textarea{width:100%;min-height:8rem}select{width:100%}
fieldset{border:1px solid var(--line);border-radius:.4rem;margin:1rem 0;padding:.6rem 1rem;min-width:0}
.two{display:flex;flex-wrap:wrap;gap:1rem}.two .field{margin:.3rem 0}.two input{min-width:9.5rem}
.choice{display:flex;gap:.7rem;align-items:flex-start;min-height:2.75rem;padding:.5rem 0;font-weight:400}
.choice input{width:1.4rem;height:1.4rem;margin:0;flex:none}
.wrong{color:var(--alarm);font-weight:600;margin:.2rem 0}[aria-invalid=true]{border:2px solid var(--alarm)}
.send{display:grid;gap:.6rem;margin-top:1.2rem}
.pages{display:flex;flex-wrap:wrap;gap:1rem;align-items:center;margin:1rem 0}.pages a{padding:.6rem 0}
@media(max-width:30rem){dl{display:block}dd{margin:0 0 .5rem}}
@media(min-width:56rem){.sheet{display:grid;grid-template-columns:1fr 19rem;gap:0 1.2rem;align-items:start;grid-template-areas:"safety side" "rest side"}
.safety{grid-area:safety}.side{grid-area:side}.rest{grid-area:rest}.send{grid-template-columns:auto auto;justify-content:start}.act{width:auto}.acts .act{width:100%}
.cards>li{display:grid;grid-template-columns:1.2fr 1.6fr 1fr;gap:1rem;align-items:center}}
@media print{.top,.acts,.back,.skip{display:none}body{background:#fff}}
)css";

/// 0-based, of "Jan,Feb,...".
std::string_view month(std::string_view months, unsigned number) {
  for (; number > 0; --number) months = months.substr(months.find(',') + 1);
  return months.substr(0, months.find(','));
}

std::string day_words(Day day, std::string_view months) {
  const std::chrono::year_month_day date(day);
  return std::to_string(static_cast<unsigned>(date.day())) + " " +
         std::string(month(months, static_cast<unsigned>(date.month()) - 1)) + " " +
         std::to_string(static_cast<int>(date.year()));
}

}  // namespace

const Words& inbox_words() {
  static const Words words(inbox_words_file);
  return words;
}

std::string Speech::say(std::string_view key, std::initializer_list<std::string_view> put) const {
  return escaped(inbox_words().say(language, key, put));
}

std::string Speech::say_html(std::string_view key,
                             std::initializer_list<std::string_view> put) const {
  return filled_in(say(key), put);
}

std::string Speech::word(std::string_view prefix, std::string_view key) const {
  const auto whole = std::string(prefix) + std::string(key);
  return inbox_words().has(whole) ? say(whole) : escaped(key);
}

std::string Speech::time(Instant at) const {
  const auto local = wall.local(at);
  const auto text = to_string(local);
  const auto day = std::chrono::floor<std::chrono::days>(local);
  return "<time datetime=\"" + to_string(at) + "\">" +
         day_words(day, inbox_words().say(language, "months")) + ", " + text.substr(11, 5) +
         "</time>";
}

std::string Speech::deadline(Instant at) const {
  const auto local = wall.local(at);
  const auto day = std::chrono::floor<std::chrono::days>(local);
  if (local - day >= std::chrono::minutes(1)) return time(at);
  return say_html("end.of", {this->day(to_string(day - std::chrono::days(1)))});
}

std::string Speech::day(std::string_view iso) const {
  const auto day = parse_day(iso);
  if (!day) return escaped(iso);
  return "<time datetime=\"" + to_string(*day) + "\">" +
         day_words(*day, inbox_words().say(language, "months")) + "</time>";
}

std::string Speech::since(Instant begin) const {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(now - begin).count();
  if (minutes < 1) return say("since.now");
  if (minutes < 60) return say("since.minutes", {std::to_string(minutes)});
  if (minutes < 60 * 24) return say("since.hours", {std::to_string(minutes / 60)});
  if (minutes < 60 * 48) return say("since.day");
  return say("since.days", {std::to_string(minutes / (60 * 24))});
}

std::string Speech::age(std::string_view born) const {
  const auto day = parse_day(born);
  if (!day) return {};
  const std::chrono::year_month_day then(*day);
  const std::chrono::year_month_day today{std::chrono::floor<std::chrono::days>(wall.local(now))};
  int years = static_cast<int>(today.year()) - static_cast<int>(then.year());
  if (today.month() < then.month() || (today.month() == then.month() && today.day() < then.day())) {
    --years;
  }
  return years < 0 ? std::string() : say("age", {std::to_string(years)});
}

std::string Speech::zone() const {
  return say("field.zone", {wall.zone});
}

std::string Speech::rule(std::string_view english) const {
  if (language == Language::en || rules == nullptr) return in_english(english);
  std::string html;
  for (const auto& piece : rules->of(english)) {
    html += piece.english ? in_english(piece.text) : with_times(piece.text);
  }
  return html;
}

bool Speech::is_translated(std::string_view english) const {
  if (language == Language::en || rules == nullptr) return false;
  const auto pieces = rules->of(english);
  return !pieces.empty() && !pieces.front().english;
}

std::string Speech::in_english(std::string_view text) const {
  Speech english = *this;
  english.language = Language::en;
  return "<span lang=\"en\" dir=\"auto\">" + english.with_times(text) + "</span>";
}

std::string Speech::with_times(std::string_view text) const {
  constexpr std::size_t day_size = 10;      // "2026-11-20"
  constexpr std::size_t instant_size = 24;  // "2026-11-20T10:15:00.000Z"
  const auto ends_at = [&](std::size_t at) {
    if (at >= text.size()) return true;
    return text[at] != '-' && std::isalnum(static_cast<unsigned char>(text[at])) == 0;
  };
  std::string html;
  std::size_t done = 0;
  for (auto at = text.find("-", 4); at != std::string_view::npos; at = text.find("-", at + 1)) {
    const auto begin = at - 4;
    if (begin < done || (begin > 0 && !ends_at(begin - 1))) continue;
    const auto instant = parse_instant(text.substr(begin, instant_size));
    const auto size = instant ? instant_size : day_size;
    const auto written = text.substr(begin, size);
    if (!ends_at(begin + size) || (!instant && !parse_day(written))) continue;
    html += escaped(text.substr(done, begin - done)) + (instant ? time(*instant) : day(written));
    done = begin + size;
  }
  return html + escaped(text.substr(done));
}

std::string filled_in(std::string said, std::initializer_list<std::string_view> put) {
  for (std::size_t i = 0; i < put.size(); ++i) {
    const auto place = "{" + std::to_string(i) + "}";
    const auto at = said.find(place);
    if (at != std::string::npos) said.replace(at, place.size(), put.begin()[i]);
  }
  return said;
}

std::string isolated(std::string_view name) {
  return "<bdi>" + escaped(name) + "</bdi>";
}

std::string quoted(std::string_view text) {
  return "<q dir=\"auto\">" + escaped(text) + "</q>";
}

http::Response framed(const Speech& speech, const Framed& page) {
  std::string html = "<!doctype html><html lang=\"" + std::string(tag_of(speech.language)) +
                     "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                     "content=\"width=device-width,initial-scale=1\"><title>";
  html += escaped(page.title) + " - Meridian</title>";
  html += "<link rel=\"stylesheet\" href=\"/inbox.css\"></head><body>";
  html += "<a class=\"skip\" href=\"#content\">" + speech.say("skip") + "</a>";
  html += "<header class=\"top\"><div>" + isolated(page.clinic);
  if (!page.who.name.empty()) {
    html += "<a href=\"/home\">" + isolated(page.who.name) + ": " + speech.say("home") + "</a>";
  }
  html += "</div></header>";
  html += "<main id=\"content\" tabindex=\"-1\">" + page.heading + page.body + "</main>";
  html += "</body></html>\n";
  auto response = guarded(page.status, std::move(html));
  response.headers.push_back({"Content-Language", std::string(tag_of(speech.language))});
  return response;
}

http::Response inbox_style() {
  return static_file("text/css; charset=utf-8", style);
}

}  // namespace meridian::web
