// SPDX-License-Identifier: Apache-2.0
#include "web/inbox_forms.h"

#include <array>
#include <charconv>

#include "web/html.h"

namespace meridian::web {
namespace {

constexpr std::size_t longest_text = 16'000;  // bytes: 4000 characters of any script
constexpr std::array grades = {std::string_view(), std::string_view("none"),
                               std::string_view("mild"), std::string_view("moderate"),
                               std::string_view("serious")};
constexpr int most_times = 3;

bool needs_text(InboxAct act) {
  return act == InboxAct::ask || act == InboxAct::report || act == InboxAct::give_back ||
         act == InboxAct::red_flag;
}

bool has_scores(InboxAct act) {
  return act == InboxAct::visit || act == InboxAct::report || act == InboxAct::give_back;
}

std::string date_name(int number) {
  return "date" + std::to_string(number);
}
std::string time_name(int number) {
  return "time" + std::to_string(number);
}

class Form {
 public:
  Form(const Speech& speech, const InboxReferral& referral, const std::vector<InboxReason>& reasons,
       const FormShown& shown)
      : speech_(speech),
        referral_(referral),
        reasons_(reasons),
        shown_(shown),
        act_(inbox_act_name(shown.act)) {}

  std::string run() const {
    const bool danger = shown_.act == InboxAct::red_flag;
    std::string html = "<h2>" + speech_.say("act." + act_ + ".title") + "</h2><p>" +
                       speech_.say("act." + act_ + ".help") + "</p>" + problem() + start();
    html += fields();
    html += "<div class=\"send\"><button class=\"act " + std::string(danger ? "danger" : "first") +
            "\" type=\"submit\">" + speech_.say("act." + act_) +
            "</button><a class=\"act\" href=\"" + address() + "\">" + speech_.say("cancel") +
            "</a></div></form>";
    return "<div class=\"panel" + std::string(danger ? " alarm" : "") + "\">" + html + "</div>";
  }

 private:
  std::string address() const { return "/inbox/" + escaped(referral_.line.referral); }

  /// Every form of the inbox begins here.
  std::string start() const {
    return "<form method=\"post\" action=\"" + address() + "/" + act_ + "\">" + shown_.token +
           hidden("form", shown_.form) + hidden("version", std::to_string(referral_.version));
  }

  static std::string hidden(const char* name, const std::string& value) {
    return "<input type=\"hidden\" name=\"" + std::string(name) + "\" value=\"" + escaped(value) +
           "\">";
  }

  std::string problem() const {
    if (shown_.problem.empty()) return {};
    return "<div class=\"panel care\" role=\"alert\"><p><strong>" + speech_.say("problem") +
           ".</strong> " + shown_.problem + "</p></div>";
  }

  std::string entered(const std::string& name) const {
    return std::string(http::find_parameter(shown_.entered, name));
  }

  /// What is wrong with a field, as its description.
  std::string complaint(const std::string& name, const char* key) const {
    if (shown_.wrong.count(name) == 0) return {};
    return "<p class=\"wrong\" id=\"" + name + "-wrong\">" + speech_.say(key) + "</p>";
  }
  std::string marked(const std::string& name) const {
    if (shown_.wrong.count(name) == 0) return {};
    return " aria-invalid=\"true\" aria-describedby=\"" + name + "-wrong\"";
  }

  std::string fields() const {
    std::string html;
    if (shown_.act == InboxAct::decline) html += reason();
    if (shown_.act == InboxAct::book) html += when(1, false) + zone();
    if (shown_.act == InboxAct::propose) {
      for (int i = 1; i <= most_times; ++i) {
        html += "<fieldset><legend>" + speech_.say("field.time.n", {std::to_string(i)}) +
                (i > 1 ? " <span class=\"hint\">(" + speech_.say("optional") + ")</span>" : "") +
                "</legend>" + when(i, i > 1) + "</fieldset>";
      }
      html += zone();
    }
    if (shown_.act == InboxAct::visit) html += day();
    if (has_scores(shown_.act)) html += scores();
    if (shown_.act == InboxAct::visit) html += adverse();
    return html + text();
  }

  std::string zone() const { return "<p class=\"soft\">" + speech_.zone() + "</p>"; }

  std::string label(const std::string& name, const std::string& words, bool optional) const {
    return "<label for=\"" + name + "\">" + words +
           (optional ? " <span class=\"hint\">(" + speech_.say("optional") + ")</span>" : "") +
           "</label>";
  }

  std::string reason() const {
    std::string html = "<div class=\"field\">" +
                       label("reason", speech_.say("field.reason"), false) +
                       "<select id=\"reason\" name=\"reason\" required" + marked("reason") +
                       "><option value=\"\">" + speech_.say("field.reason.none") + "</option>";
    for (const auto& one : reasons_) {
      html += "<option value=\"" + escaped(one.code) + "\"" +
              (entered("reason") == one.code ? " selected" : "") + ">" +
              escaped(speech_.language == Language::es ? one.es : one.en) + "</option>";
    }
    return html + "</select>" + complaint("reason", "wrong.reason") + "</div>";
  }

  std::string input(const std::string& name, const char* type, const std::string& more) const {
    return "<input id=\"" + name + "\" name=\"" + name + "\" type=\"" + type + "\" value=\"" +
           escaped(entered(name)) + "\"" + more + marked(name) + ">";
  }

  std::string when(int number, bool optional) const {
    const auto date = date_name(number);
    const auto time = time_name(number);
    const std::string required = optional ? "" : " required";
    return "<div class=\"two\"><div class=\"field\">" +
           label(date, speech_.say("field.date"), false) + input(date, "date", required) +
           complaint(date, "wrong.when") + "</div><div class=\"field\">" +
           label(time, speech_.say("field.time"), false) + input(time, "time", required) +
           "</div></div>";
  }

  std::string day() const {
    auto with_today =
        shown_.entered.empty()
            ? to_string(std::chrono::floor<std::chrono::days>(speech_.wall.local(speech_.now)))
            : entered("date1");
    return "<div class=\"field\">" + label("date1", speech_.say("field.date"), false) +
           "<input id=\"date1\" name=\"date1\" type=\"date\" required value=\"" +
           escaped(with_today) + "\"" + marked("date1") + ">" + complaint("date1", "wrong.day") +
           "</div>";
  }

  std::string scores() const {
    std::string html = "<fieldset><legend>" + speech_.say("field.scores") +
                       " <span class=\"hint\">(" + speech_.say("optional") + ")</span></legend>";
    for (const auto& scale : inbox_scales) {
      const std::string name(scale.instrument);
      html += "<div class=\"field\">" + label(name, speech_.say("score." + name), false) +
              input(name, "number",
                    " min=\"0\" max=\"" + std::to_string(static_cast<int>(scale.most)) +
                        "\" step=\"any\" inputmode=\"decimal\"") +
              complaint(name, "wrong.score") + "</div>";
    }
    return html + "</fieldset>";
  }

  std::string adverse() const {
    std::string html = "<fieldset><legend>" + speech_.say("field.adverse") + "</legend>";
    for (const auto grade : grades) {
      const auto id = "adverse-" + std::string(grade);
      html += "<label class=\"choice\" for=\"" + id + "\"><input type=\"radio\" id=\"" + id +
              "\" name=\"adverse\" value=\"" + std::string(grade) + "\"" +
              (entered("adverse") == grade ? " checked" : "") + "><span>" +
              speech_.say("adverse." + std::string(grade)) + "</span></label>";
    }
    return html + complaint("adverse", "wrong.adverse") + "</fieldset>";
  }

  std::string text() const {
    const bool needed = needs_text(shown_.act);
    return "<div class=\"field\">" + label("text", speech_.say("field.text." + act_), !needed) +
           "<textarea id=\"text\" name=\"text\" dir=\"auto\" maxlength=\"4000\"" +
           (needed ? " required" : "") + marked("text") + ">\n" + escaped(entered("text")) +
           "</textarea>" + complaint("text", "wrong.text") + "</div>";
  }

  const Speech& speech_;
  const InboxReferral& referral_;
  const std::vector<InboxReason>& reasons_;
  const FormShown& shown_;
  const std::string act_;
};

/// "09:30"; seconds may follow.
std::optional<std::chrono::minutes> minute_of(std::string_view text) {
  if (text.size() < 5 || text[2] != ':') return std::nullopt;
  int hour = 0;
  int minute = 0;
  const auto number = [](std::string_view digits, int& into) {
    const auto* end = digits.data() + digits.size();
    return std::from_chars(digits.data(), end, into).ptr == end;
  };
  if (!number(text.substr(0, 2), hour) || !number(text.substr(3, 2), minute)) return std::nullopt;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return std::nullopt;
  return std::chrono::hours(hour) + std::chrono::minutes(minute);
}

class FormReader {
 public:
  FormReader(const Speech& speech, InboxAct act, const http::Fields& fields)
      : speech_(speech), fields_(fields) {
    posted_.given.act = act;
  }

  Posted run() {
    auto& given = posted_.given;
    given.form = field("form").substr(0, 100);
    const auto version = field("version");
    std::from_chars(version.data(), version.data() + version.size(), given.version);
    given.text = trimmed(field("text"));
    const bool too_long = given.text.size() > longest_text;
    if (too_long || (needs_text(given.act) && given.text.empty())) posted_.wrong.insert("text");
    if (given.act == InboxAct::decline) {
      given.reason = field("reason");
      if (given.reason.empty()) posted_.wrong.insert("reason");
      if (given.reason == "other" && given.text.empty()) posted_.wrong.insert("text");
    }
    if (given.act == InboxAct::book) read_when(1, false);
    if (given.act == InboxAct::propose) {
      for (int i = 1; i <= most_times; ++i) read_when(i, i > 1);
    }
    if (given.act == InboxAct::visit) read_day();
    if (has_scores(given.act)) read_scores();
    if (given.act == InboxAct::visit) given.adverse = field("adverse");
    return std::move(posted_);
  }

 private:
  std::string field(const std::string& name) const {
    return std::string(http::find_parameter(fields_, name));
  }

  static std::string trimmed(std::string text) {
    const auto is_space = [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; };
    while (!text.empty() && is_space(text.back())) text.pop_back();
    std::size_t begin = 0;
    while (begin < text.size() && is_space(text[begin])) ++begin;
    std::erase(text, '\r');
    return text.substr(std::min(begin, text.size()));
  }

  void read_when(int number, bool optional) {
    const auto date = field(date_name(number));
    const auto time = field(time_name(number));
    if (optional && date.empty() && time.empty()) return;
    const auto day = parse_day(date);
    const auto minute = minute_of(time);
    if (!day || !minute) {
      posted_.wrong.insert(date_name(number));
      return;
    }
    const auto at = speech_.wall.instant(Instant(*day) + *minute);
    if (at <= speech_.now) posted_.wrong.insert(date_name(number));
    posted_.given.times.push_back(at);
  }

  /// Noon of the day; of today the present moment, since noon may be to come.
  void read_day() {
    const auto day = parse_day(field("date1"));
    const auto today = std::chrono::floor<std::chrono::days>(speech_.wall.local(speech_.now));
    if (!day || *day > today) {
      posted_.wrong.insert("date1");
      return;
    }
    const auto noon = speech_.wall.instant(Instant(*day) + std::chrono::hours(12));
    posted_.given.times.push_back(std::min(noon, speech_.now));
  }

  void read_scores() {
    for (const auto& scale : inbox_scales) {
      const std::string name(scale.instrument);
      auto text = field(name);
      if (text.empty()) continue;
      if (const auto comma = text.find(','); comma != std::string::npos) text[comma] = '.';
      double value = 0;
      const auto* end = text.data() + text.size();
      const auto read = std::from_chars(text.data(), end, value);
      const bool good =
          read.ec == std::errc() && read.ptr == end && value >= 0 && value <= scale.most;
      if (good) {
        posted_.given.scores.emplace_back(name, value);
      } else {
        posted_.wrong.insert(name);
      }
    }
  }

  const Speech& speech_;
  const http::Fields& fields_;
  Posted posted_;
};

}  // namespace

std::string form_html(const Speech& speech, const InboxReferral& referral,
                      const std::vector<InboxReason>& reasons, const FormShown& shown) {
  return Form(speech, referral, reasons, shown).run();
}

Posted read_form(const Speech& speech, InboxAct act, const http::Fields& fields) {
  return FormReader(speech, act, fields).run();
}

std::string written_html(const Speech& speech, const http::Fields& entered) {
  const auto text = http::find_parameter(entered, "text");
  if (text.empty()) return {};
  return "<h2>" + speech.say("written") + "</h2><pre dir=\"auto\">" + escaped(text) + "</pre>";
}

}  // namespace meridian::web
