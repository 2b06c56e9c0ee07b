// SPDX-License-Identifier: Apache-2.0
#include "web/inbox_page.h"

#include <algorithm>
#include <array>
#include <functional>

#include "web/html.h"
#include "web/inbox_list.h"

namespace meridian::web {
namespace {

std::string panel(std::string_view id, const std::string& title, const std::string& body,
                  std::string_view look = {}) {
  const std::string name(id);
  return "<section class=\"panel" + (look.empty() ? "" : " " + std::string(look)) +
         "\" aria-labelledby=\"" + name + "\"><h2 id=\"" + name + "\">" + title + "</h2>" + body +
         "</section>";
}

class ReferralPage {
 public:
  ReferralPage(const Speech& speech, const InboxReferral& referral)
      : speech_(speech), referral_(referral) {}

  std::string run(std::string_view done) const {
    std::string html = "<p>" + priority_badge(speech_, referral_.line.priority) + " <strong>" +
                       speech_.word("state.", referral_.line.state) +
                       "</strong> <span "
                       "class=\"soft\">" +
                       speech_.since(referral_.line.since) + "</span></p>";
    if (!done.empty()) {
      html += "<div class=\"panel good\" role=\"status\"><p>" +
              speech_.say("done." + std::string(done)) + "</p></div>";
    }
    if (speech_.language != Language::en) {
      html += "<p class=\"soft\">" + speech_.say("said.in.english") + "</p>";
    }
    html += "<div class=\"sheet\"><div class=\"safety\">" + safety() +
            "</div><div class=\"side\">" + acts() + downloads() + "</div><div class=\"rest\">";
    html += who() + missing() + pain() + imaging() + history() + coverage() + more() + withheld() +
            notice() + timeline();
    return html + "<p class=\"soft\">" + speech_.say("no.diagnosis") + "</p></div></div>";
  }

 private:
  /// What comes from the hospital's records is English whatever the page's language.
  std::string record_text(std::string_view text) const { return speech_.in_english(text); }

  std::string said(const InboxStatement& one) const {
    if (one.part == "pain-type") return speech_.word("pain-type.", one.text);
    if (one.part == "coverage") return coverage_said(one.text);
    // The law's own words stay, a translation stands beside them.
    if (one.part != "notice" || speech_.language == Language::en) return speech_.rule(one.text);
    return speech_.in_english(one.text) + "<br>" + speech_.rule(one.text);
  }

  /// "Medicare ...: not covered: ..." or "not known: ...", the answer in bold.
  std::string coverage_said(std::string_view text) const {
    constexpr std::array<std::string_view, 4> answers = {"covered", "not covered", "uncertain",
                                                         "not known"};
    std::string named;
    for (auto rest = text; rest.find(": ") != std::string_view::npos;) {
      const auto head = rest.substr(0, rest.find(": "));
      rest.remove_prefix(head.size() + 2);
      if (std::find(answers.begin(), answers.end(), head) != answers.end()) {
        return named + "<strong>" + speech_.rule(head) + "</strong>: " + speech_.rule(rest);
      }
      if (!named.empty()) break;
      named = speech_.rule(head) + ": ";
    }
    return speech_.rule(text);
  }

  /// Statements of these parts whose rule begins so, or does not.
  std::string lines_of(std::initializer_list<std::string_view> parts, bool with_kind,
                       const std::function<bool(const InboxStatement&)>& of = {}) const {
    std::string html;
    for (const auto part : parts) {
      for (const auto& one : referral_.statements) {
        if (one.part != part || (of && !of(one))) continue;
        html += "<li>";
        if (with_kind) html += "<span class=\"kind\">" + speech_.word("part.", part) + ":</span> ";
        html += said(one) + source_of(one) + "</li>";
      }
    }
    return html.empty() ? html : "<ul class=\"said\">" + html + "</ul>";
  }

  std::string source_of(const InboxStatement& one) const {
    if (one.source.empty() && one.rule.empty()) return {};
    std::string html = "<span class=\"source\">" + speech_.say("source") + ": ";
    const auto title = speech_.rule(one.source);
    html += one.link.empty()
                ? title
                : "<a rel=\"noreferrer\" href=\"" + escaped(one.link) + "\">" + title + "</a>";
    if (!one.rule.empty()) html += ", " + speech_.say("rule", {one.rule});
    return html + "</span>";
  }

  bool has(std::string_view part) const {
    return std::any_of(referral_.statements.begin(), referral_.statements.end(),
                       [&](const InboxStatement& one) { return one.part == part; });
  }

  std::string safety() const {
    const auto lines = lines_of({"flag", "caution"}, true);
    const auto valid = lines_of({"validity"}, false);
    const auto look = has("flag") ? "alarm" : has("caution") ? "care" : "";
    const auto none = "<p>" + speech_.say("safety.none") + "</p>";
    return panel("safety", speech_.say("safety"), (lines.empty() ? none : lines) + valid, look);
  }

  std::string acts() const {
    std::string html;
    bool first = true;
    for (const auto act : referral_.acts) {
      const std::string name(inbox_act_name(act));
      const bool danger = act == InboxAct::red_flag;
      html += "<li><a class=\"act" +
              std::string(danger  ? " danger"
                          : first ? " first"
                                  : "") +
              "\" href=\"/inbox/" + escaped(referral_.line.referral) + "/" + name + "\">" +
              speech_.say("act." + name) + "</a></li>";
      first = false;
    }
    const auto none = "<p>" + speech_.say("acts.none") + "</p>";
    return panel("acts", speech_.say("acts"),
                 html.empty() ? none : "<ul class=\"acts\">" + html + "</ul>");
  }

  std::string downloads() const {
    const auto base = "/inbox/" + escaped(referral_.line.referral);
    std::string html = "<ul class=\"acts\">";
    if (referral_.printable) {
      html += "<li><a class=\"act\" href=\"" + base + "/packet.pdf\">" +
              speech_.say("download.pdf") + "</a></li>";
    }
    html += "<li><a class=\"act\" href=\"" + base + "/bundle.json\">" +
            speech_.say("download.bundle") + "</a></li></ul>";
    return panel("downloads", speech_.say("downloads"), html);
  }

  std::string fact(std::string_view key, const std::string& html) const {
    return html.empty() ? html : "<dt>" + speech_.say(key) + "</dt><dd>" + html + "</dd>";
  }

  std::string who() const {
    std::string html;
    for (const auto& question : referral_.questions) {
      html += "<h3>" + speech_.say("question") + "</h3><p class=\"question\" dir=\"auto\">" +
              escaped(question) + "</p>";
    }
    html += "<dl>";
    html += fact("ordered", record_text(referral_.line.ordered));
    if (!referral_.reason.empty()) html += fact("reason", record_text(referral_.reason));
    html += fact("priority", speech_.word("priority.", referral_.line.priority));
    html += answer_by();
    html += fact("arrived", speech_.time(referral_.line.arrived));
    if (referral_.line.visit) html += fact("visit", speech_.time(*referral_.line.visit));
    html += fact("patient", patient());
    if (!referral_.phone.empty()) html += fact("phone", phone(referral_.phone));
    if (!referral_.languages.empty()) html += fact("languages", record_text(referral_.languages));
    std::string numbers;
    for (const auto& number : referral_.numbers) {
      numbers += (numbers.empty() ? "" : ", ") + isolated(number);
    }
    html += fact("numbers", numbers);
    html += fact("surgeon", surgeon());
    if (!referral_.line.from.empty()) html += fact("organisation", isolated(referral_.line.from));
    return panel("why", speech_.say("why"), html + "</dl>");
  }

  /// While the clinic has not answered.
  std::string answer_by() const {
    const auto& written = referral_.answer_by;
    const auto& acts = referral_.acts;
    const bool open = std::find(acts.begin(), acts.end(), InboxAct::accept) != acts.end();
    if (written.empty() || !open) return {};
    const auto at = parse_instant(written);
    return fact("answer.by", at ? speech_.deadline(*at) : speech_.day(written));
  }

  std::string patient() const {
    const auto& line = referral_.line;
    auto html = line.patient.empty() ? speech_.say("unnamed") : isolated(line.patient);
    if (!line.born.empty()) html += ", " + speech_.say_html("born", {speech_.day(line.born)});
    const auto age = speech_.age(line.born);
    if (!age.empty()) html += " (" + age + ")";
    if (!referral_.gender.empty()) html += ", " + speech_.word("sex.", referral_.gender);
    return html;
  }

  std::string surgeon() const {
    if (referral_.surgeon.empty()) return {};
    auto html = isolated(referral_.surgeon);
    if (!referral_.surgeon_phone.empty()) html += ", " + phone(referral_.surgeon_phone);
    return html;
  }

  static std::string phone(const std::string& number) {
    std::string digits;
    for (const char c : number) {
      if ((c >= '0' && c <= '9') || c == '+') digits += c;
    }
    return "<a href=\"tel:" + digits + "\">" + escaped(number) + "</a>";
  }

  std::string missing() const {
    auto html = lines_of({"missing"}, false);
    if (html.empty()) html = "<p>" + speech_.say("missing.none") + "</p>";
    const auto packet = lines_of({"packet"}, false);
    if (!packet.empty()) html += "<h3>" + speech_.say("packet") + "</h3>" + packet;
    return panel("missing", speech_.say("missing"), html, has("missing") ? "care" : "");
  }

  static bool is_imaging(const InboxStatement& one) { return one.rule.starts_with("imaging."); }

  /// How long, how bad, and what is not about an image.
  std::string pain() const {
    const auto others = [](const InboxStatement& one) { return !is_imaging(one); };
    const auto html = lines_of({"annotation"}, false, others);
    return html.empty() ? html : panel("pain", speech_.say("pain"), html);
  }

  std::string imaging() const {
    auto html = lines_of({"annotation"}, false, is_imaging);
    if (html.empty()) html = "<p>" + speech_.say("imaging.none") + "</p>";
    if (!referral_.reports.empty()) {
      html += "<details><summary>" + speech_.say("reports") + "</summary>";
      for (const auto& report : referral_.reports) {
        html += "<h3>" + speech_.in_english(report.title) + "</h3><pre lang=\"en\" dir=\"auto\">" +
                escaped(report.text) + "</pre>";
      }
      html += "</details>";
    }
    return panel("imaging", speech_.say("imaging"), html);
  }

  std::string history() const {
    std::string html = "<dl>";
    for (const auto* label : {"surgery", "medication", "diagnosis", "allergy"}) {
      const auto text = facts_of(label);
      html += "<dt>" + speech_.say(std::string("fact.") + label) + "</dt><dd>" +
              (text.empty() ? speech_.say("history.none") : text) + "</dd>";
    }
    return panel("history", speech_.say("history"), html + "</dl>");
  }

  std::string facts_of(std::string_view label) const {
    std::string html;
    for (const auto& one : referral_.facts) {
      if (one.label == label) html += (html.empty() ? "" : "; ") + record_text(one.text);
    }
    return html;
  }

  std::string coverage() const {
    auto html = facts_of("coverage");
    if (!html.empty()) html = "<p>" + html + "</p>";
    html += lines_of({"coverage"}, false);
    if (html.empty()) html = "<p>" + speech_.say("coverage.none") + "</p>";
    return panel("coverage", speech_.say("coverage"), html);
  }

  std::string more() const {
    const auto html = lines_of({"pain-type", "guideline"}, false);
    return html.empty() ? html : panel("more", speech_.say("more"), html);
  }

  std::string withheld() const {
    const auto html = lines_of({"withheld"}, false);
    const auto none = "<p>" + speech_.say("withheld.none") + "</p>";
    return panel("withheld", speech_.say("withheld"), html.empty() ? none : html);
  }

  std::string notice() const {
    const auto html = lines_of({"notice"}, false);
    return html.empty() ? html : panel("notice", speech_.say("notice"), html);
  }

  /// What an answer of the hospital answers: our last question before it, while none came between.
  std::string question_before(std::size_t answer) const {
    const auto& events = referral_.timeline;
    if (events[answer].by_clinic || events[answer].notes.empty()) return {};
    for (auto i = answer; i-- > 0;) {
      const auto& event = events[i];
      if (event.by_clinic && event.state == "need_info" && !event.notes.empty()) {
        return event.notes.back();
      }
      if (!event.by_clinic && !event.notes.empty()) return {};
    }
    return {};
  }

  /// "Ridge Hospital: The decision ...": translated where the words are ours and no person's.
  std::string note_html(const InboxEvent& event, const std::string& note) const {
    const auto by = note.find(": ");
    if (event.by_clinic || by == std::string::npos || !speech_.is_translated(note.substr(by + 2))) {
      return speech_.with_times(note);
    }
    return escaped(note.substr(0, by + 2)) + speech_.rule(note.substr(by + 2));
  }

  std::string timeline() const {
    std::string html = "<ol class=\"timeline\">";
    for (auto at = referral_.timeline.size(); at-- > 0;) {
      const auto* event = &referral_.timeline[at];
      html += "<li><p><strong>" + speech_.say(event->by_clinic ? "by.us" : "by.them") +
              "</strong>, " + speech_.time(event->at);
      if (!event->state.empty()) html += ": " + speech_.word("state.", event->state);
      html += "</p>";
      if (event->visit) {
        html += "<p>" + speech_.say("visit") + ": " + speech_.time(*event->visit) + "</p>";
      }
      if (event->report) html += "<p>" + speech_.say("event.report") + "</p>";
      for (const auto& score : event->scores) {
        html += "<p lang=\"en\">" + escaped(score.label) + ": " + escaped(score.text) + "</p>";
      }
      if (const auto question = question_before(at); !question.empty()) {
        html +=
            "<p class=\"soft\">" + speech_.say_html("in.answer.to", {quoted(question)}) + "</p>";
      }
      for (const auto& note : event->notes) {
        html += "<p class=\"note\" dir=\"auto\">" + note_html(*event, note) + "</p>";
      }
      html += "</li>";
    }
    return panel("timeline", speech_.say("timeline"), html + "</ol>");
  }

  const Speech& speech_;
  const InboxReferral& referral_;
};

}  // namespace

std::string referral_html(const Speech& speech, const InboxReferral& referral,
                          std::string_view done) {
  return ReferralPage(speech, referral).run(done);
}

std::string referral_heading(const Speech& speech, const InboxReferral& referral) {
  const auto& line = referral.line;
  auto html = line.patient.empty() ? speech.say("unnamed") : isolated(line.patient);
  const auto age = speech.age(line.born);
  if (!age.empty()) html += ", " + age;
  return html;
}

}  // namespace meridian::web
