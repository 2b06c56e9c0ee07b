// SPDX-License-Identifier: Apache-2.0
#include "web/surgeon_page.h"

#include <algorithm>

#include "web/html.h"
#include "web/score_curve.h"

namespace meridian::web {
namespace {

std::string word(const SurgeonSpeech& speech, const char* prefix, const std::string& key) {
  const auto whole = prefix + key;
  return speech.has(whole) ? speech.say(whole) : escaped(key);
}

bool is_over(const SurgeonReferral& referral) {
  return referral.owner == "nobody";
}

std::string listed(const SurgeonSpeech& speech, const std::vector<std::string>& words) {
  std::string html = "<ul>";
  for (const auto& one : words) html += "<li>" + speech.clock.rule(one) + "</li>";
  return words.empty() ? "" : html + "</ul>";
}

std::string next_html(const SurgeonSpeech& speech, const SurgeonReferral& referral) {
  if (is_over(referral)) return {};
  const bool mine = referral.owner == "surgeon" || referral.owner == "contact";
  std::string html = "<p class=\"now" + std::string(mine ? " mine" : "") + "\"><strong>" +
                     speech.say("next") + ":</strong> " + word(speech, "owner.", referral.owner);
  const auto step = "next." + referral.state;
  if (speech.has(step)) html += ": " + speech.say(step);
  if (referral.until) {
    html += ", <strong>" + speech.say_html("by", {speech.clock.deadline(*referral.until)}) +
            "</strong>";
  }
  return html + "</p>";
}

std::string alerts_html(const SurgeonSpeech& speech, const SurgeonReferral& referral) {
  std::string html;
  for (const auto& alert : referral.alerts) {
    html += "<div class=\"panel alarm\" role=\"alert\"><h3>" + speech.say("alert") + "</h3><p>" +
            speech.clock.rule(alert.text.empty() ? alert.rule : alert.text) +
            "</p><p class=\"soft\">" +
            speech.say_html("alert.since", {speech.clock.time(alert.raised_at)}) + "</p></div>";
  }
  return html;
}

bool same_origin(const HoldLine& one, const HoldLine& other) {
  return one.rule == other.rule && one.source == other.source && one.way == other.way;
}

std::string holds_html(const SurgeonSpeech& speech, const std::vector<HoldLine>& holds) {
  if (holds.empty()) return {};
  std::string html =
      "<div class=\"panel care\"><h3>" + speech.say("holds") + "</h3><ul class=\"said\">";
  for (std::size_t i = 0; i < holds.size(); ++i) {
    const auto& hold = holds[i];
    html += "<li>" + speech.clock.rule(hold.text);
    // Several questions of one rule: where they are from stands once, under the last.
    if (i + 1 == holds.size() || !same_origin(hold, holds[i + 1])) {
      html += "<span class=\"source\">" +
              speech.say_html("hold.source", {speech.clock.rule(hold.source), escaped(hold.rule)});
      if (!hold.way.empty())
        html += ". " + speech.say_html("hold.way", {word(speech, "way.", hold.way)});
      html += "</span>";
    }
    html += "</li>";
  }
  return html + "</ul></div>";
}

std::string prepared_html(const SurgeonSpeech& speech, const PreparedReturnView& prepared) {
  return "<div class=\"panel care\"><h3>" + speech.say("prepared") + "</h3><p><strong>" +
         word(speech, "prepared.urgency.", prepared.urgency) +
         "</strong>: " + speech.clock.rule(prepared.reason) + "</p><p>" +
         speech.clock.rule(prepared.course) + "</p>" + listed(speech, prepared.scores) +
         listed(speech, prepared.events) + "</div>";
}

std::string outcome_html(const SurgeonSpeech& speech, const SurgeonReferral& referral) {
  std::string html = "<div class=\"panel\"><h3>" + speech.say("outcome") + "</h3>";
  if (referral.curves.empty()) return html + "<p>" + speech.say("outcome.none") + "</p></div>";
  html += "<div class=\"curves\">";
  for (const auto& curve : referral.curves) html += curve_html(speech, curve, referral.visits);
  return html + "</div></div>";
}

std::string visits_html(const SurgeonSpeech& speech, const SurgeonReferral& referral) {
  std::string html = "<div class=\"panel\"><h3>" + speech.say("visits") + "</h3>";
  if (referral.visits.empty() && referral.booked.empty()) {
    return html + "<p>" + speech.say("visits.none") + "</p></div>";
  }
  html += "<p>" + speech.say("visits.count", {std::to_string(referral.visits.size())}) +
          "</p><ul class=\"days\">";
  for (const auto day : referral.visits) {
    html += "<li>" + speech.clock.day(to_string(day)) + "</li>";
  }
  for (const auto day : referral.booked) {
    html +=
        "<li>" + speech.clock.day(to_string(day)) + ", " + speech.say("visits.booked") + "</li>";
  }
  return html + "</ul></div>";
}

/// What an answer answers: the clinic's last question before it. Events are the newest first.
std::string question_before(const std::vector<SurgeonEvent>& events, std::size_t answer) {
  for (auto i = answer + 1; events[answer].kind == "replied" && i < events.size(); ++i) {
    if (events[i].kind == "clinic_asked") return events[i].text;
  }
  return {};
}

/// What our side said to a note that asks; nothing where it asks nothing, or nobody answered.
const SurgeonEvent* answer_to(const std::vector<SurgeonEvent>& events, const SurgeonNote& note) {
  for (std::size_t i = 0; i < events.size(); ++i) {
    const auto question = question_before(events, i);
    if (!question.empty() && question == note.text) return &events[i];
  }
  return nullptr;
}

std::string notes_html(const SurgeonSpeech& speech, const SurgeonReferral& referral) {
  std::string html = "<div class=\"panel\"><h3>" + speech.say("notes") + "</h3>";
  if (referral.notes.empty()) return html + "<p>" + speech.say("notes.none") + "</p></div>";
  for (const auto& note : referral.notes) {
    html += "<p class=\"soft\">" + isolated(note.from) + ", " + speech.clock.time(note.at) +
            "</p><blockquote dir=\"auto\">" + escaped(note.text) + "</blockquote>";
    if (const auto* answer = answer_to(referral.events, note)) {
      html += "<p class=\"soft\">" + speech.say("answered") + " " + isolated(answer->by) + ", " +
              speech.clock.time(answer->at) + "</p><blockquote dir=\"auto\">" +
              escaped(answer->text) + "</blockquote>";
    }
  }
  return html + "</div>";
}

std::string event_html(const SurgeonSpeech& speech, const SurgeonEvent& event,
                       const std::string& question) {
  const auto key = "event." + event.kind;
  const auto clinic = event.receiver.empty() ? speech.say("the.clinic") : isolated(event.receiver);
  std::string html = "<li><span class=\"soft\">" + speech.clock.time(event.at) + "</span> " +
                     (speech.has(key) ? speech.say_html(key, {clinic}) : escaped(event.kind));
  if (event.visit) {
    html += " (" + speech.say_html("event.visit", {speech.clock.time(*event.visit)}) + ")";
  }
  if (!event.by.empty()) html += " " + isolated(event.by);
  if (!question.empty()) {
    html += "<p class=\"soft\">" + speech.say_html("in.answer.to", {quoted(question)}) + "</p>";
  }
  if (!event.text.empty()) html += "<p class=\"note\" dir=\"auto\">" + escaped(event.text) + "</p>";
  return html + "</li>";
}

std::string history_html(const SurgeonSpeech& speech, const SurgeonReferral& referral) {
  std::string html = "<details class=\"panel\"><summary>" + speech.say("history") +
                     "</summary><ol class=\"timeline\">";
  for (std::size_t i = 0; i < referral.events.size(); ++i) {
    html += event_html(speech, referral.events[i], question_before(referral.events, i));
  }
  return html + "</ol></details>";
}

std::string acts_html(const SurgeonSpeech& speech, const SurgeonReferral& referral,
                      const std::string& base) {
  if (referral.acts.empty() && referral.form.empty()) return {};
  std::string html = "<ul class=\"acts\" aria-label=\"" + speech.say("acts") + "\">";
  bool first = referral.form.empty();
  // A page of its own, which nobody may frame.
  if (!first) {
    html += "<li><a class=\"act first\" target=\"_blank\" rel=\"noopener\" href=\"" +
            escaped(referral.form) + "\">" + speech.say("act.form") + "</a></li>";
  }
  for (const auto act : referral.acts) {
    const auto name = std::string(surgeon_act_name(act));
    const bool danger = act == SurgeonAct::cancel;
    html += "<li><a class=\"act" +
            std::string(danger  ? " danger"
                        : first ? " first"
                                : "") +
            "\" href=\"" + escaped(base + "/" + referral.id + "/" + name) + "\">" +
            speech.say("act." + name) + "</a></li>";
    first = false;
  }
  return html + "</ul>";
}

std::string referral_html(const SurgeonSpeech& speech, const SurgeonReferral& referral,
                          const std::string& base) {
  return "<section>" + standing_html(speech, referral) + waiting_html(speech, referral) +
         acts_html(speech, referral, base) + outcome_html(speech, referral) +
         visits_html(speech, referral) + notes_html(speech, referral) +
         history_html(speech, referral) + "</section>";
}

}  // namespace

std::string standing_html(const SurgeonSpeech& speech, const SurgeonReferral& referral) {
  std::string html = "<h2>" + word(speech, "direction.", referral.direction) + "</h2>";
  html += "<div class=\"state\"><span class=\"badge\">" + word(speech, "state.", referral.state) +
          "</span>";
  if (!referral.clinic.empty()) {
    html += "<span>" + speech.say("with") + " " + isolated(referral.clinic) + "</span>";
  }
  html += "<span class=\"soft\">" +
          speech.say_html("ordered", {speech.clock.time(referral.ordered_at)}) + " (" +
          escaped(referral.order) + ")</span></div>";
  return html + next_html(speech, referral);
}

std::string waiting_html(const SurgeonSpeech& speech, const SurgeonReferral& referral) {
  std::string html = alerts_html(speech, referral);
  if (!referral.question.empty()) {
    html += "<div class=\"panel care\"><h3>" + speech.say("question") +
            "</h3><p class=\"question\" dir=\"auto\">" + escaped(referral.question) + "</p></div>";
  }
  html += holds_html(speech, referral.holds);
  if (referral.prepared) html += prepared_html(speech, *referral.prepared);
  return html;
}

std::string surgeon_html(const SurgeonSpeech& speech, std::vector<SurgeonReferral> referrals,
                         const std::string& base, std::string_view done) {
  std::string html;
  if (!done.empty()) {
    html += "<div class=\"panel good\" role=\"status\"><p>" +
            speech.say("done." + std::string(done)) + "</p></div>";
  }
  if (referrals.empty()) {
    return html + "<div class=\"panel\"><p><strong>" + speech.say("none") + "</strong></p><p>" +
           speech.say("none.help") + "</p></div>";
  }
  std::stable_partition(referrals.begin(), referrals.end(),
                        [](const auto& referral) { return !is_over(referral); });
  for (const auto& referral : referrals) html += referral_html(speech, referral, base);
  return html;
}

}  // namespace meridian::web
