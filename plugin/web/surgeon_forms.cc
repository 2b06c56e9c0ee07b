// SPDX-License-Identifier: Apache-2.0
#include "web/surgeon_forms.h"

#include <algorithm>
#include <charconv>

#include "web/html.h"
#include "web/surgeon_page.h"

namespace meridian::web {
namespace {

constexpr std::size_t longest_text = 2000;  // bytes, as the Desk takes it

std::string wrong_html(const SurgeonSpeech& speech, const SurgeonForm& form) {
  return form.wrong.empty() ? ""
                            : "<p class=\"wrong\" id=\"wrong\">" + speech.say(form.wrong) + "</p>";
}

std::string text_html(const SurgeonSpeech& speech, const SurgeonForm& form) {
  if (form.act == SurgeonAct::acknowledge) return {};
  const bool answers = form.act == SurgeonAct::reply;
  const bool optional = form.act == SurgeonAct::release;
  const char* label = answers ? "field.reply" : optional ? "field.optional" : "field.reason";
  const bool wrong = form.wrong == "wrong.text";
  std::string html = "<div class=\"field\"><label for=\"text\">" + speech.say(label) + "</label>";
  if (!answers && !optional) {
    html += "<p class=\"hint\" id=\"hint\">" + speech.say("field.reason.help") + "</p>";
  }
  if (wrong) html += wrong_html(speech, form);
  html += "<textarea id=\"text\" name=\"text\" maxlength=\"2000\" dir=\"auto\"";
  if (!optional) html += " required";
  if (wrong) html += " aria-invalid=\"true\" aria-describedby=\"wrong\"";
  return html + ">" + escaped(form.typed.text) + "</textarea></div>";
}

std::string rules_html(const SurgeonSpeech& speech, const SurgeonReferral& referral,
                       const SurgeonForm& form) {
  if (form.act != SurgeonAct::sign_off) return {};
  std::string html = "<fieldset><legend>" + speech.say("field.rules") + "</legend>";
  if (form.wrong == "wrong.rules") html += wrong_html(speech, form);
  const auto& ticked = form.typed.rules;
  for (const auto& hold : referral.holds) {
    if (!hold.signable) continue;
    const bool on = std::find(ticked.begin(), ticked.end(), hold.rule) != ticked.end();
    html += "<label class=\"choice\"><input type=\"checkbox\" name=\"rule\" value=\"" +
            escaped(hold.rule) + "\"" + (on ? " checked" : "") + "><span>" +
            speech.clock.rule(hold.text) + "</span></label>";
  }
  return html + "</fieldset>";
}

std::string alert_html(const SurgeonSpeech& speech, const SurgeonReferral& referral,
                       const SurgeonForm& form) {
  if (form.act != SurgeonAct::acknowledge) return {};
  std::string html = "<fieldset><legend>" + speech.say("field.alert") + "</legend>";
  bool first = true;
  for (const auto& alert : referral.alerts) {
    html += "<label class=\"choice\"><input type=\"radio\" name=\"alert\" value=\"" +
            escaped(alert.id) + "\"" + (first ? " checked" : "") + " required><span>" +
            speech.clock.rule(alert.text.empty() ? alert.rule : alert.text) + "</span></label>";
    first = false;
  }
  return html + "</fieldset>";
}

}  // namespace

std::string surgeon_form_html(const SurgeonSpeech& speech, const SurgeonReferral& referral,
                              const SurgeonForm& form) {
  const auto act = "act." + std::string(surgeon_act_name(form.act));
  const bool danger = form.act == SurgeonAct::cancel;
  std::string html = "<p><a class=\"back\" href=\"" + escaped(form.back) + "\">" +
                     speech.say("back") + "</a></p>" + form.problem +
                     standing_html(speech, referral) + waiting_html(speech, referral);
  html += "<form method=\"post\" class=\"panel\"><h3>" + speech.say(act) + "</h3><p>" +
          speech.say(act + ".help") + "</p>" + form.token;
  html +=
      "<input type=\"hidden\" name=\"version\" value=\"" + std::to_string(referral.version) + "\">";
  html += alert_html(speech, referral, form) + rules_html(speech, referral, form) +
          text_html(speech, form);
  return html + "<p><button class=\"act " + (danger ? "danger" : "first") + "\" type=\"submit\">" +
         speech.say(act + ".button") + "</button></p></form>";
}

SurgeonPosted read_surgeon_form(SurgeonAct act, std::string_view referral,
                                const http::Fields& fields) {
  SurgeonPosted posted;
  auto& given = posted.given;
  given.act = act;
  given.referral = referral;
  given.text = http::find_parameter(fields, "text");
  given.alert = http::find_parameter(fields, "alert");
  const auto version = http::find_parameter(fields, "version");
  std::from_chars(version.data(), version.data() + version.size(), given.version);
  for (const auto& field : fields) {
    if (field.name == "rule") given.rules.push_back(field.value);
  }
  const bool needed = act != SurgeonAct::acknowledge && act != SurgeonAct::release;
  const bool empty = given.text.find_first_not_of(" \t\r\n") == std::string::npos;
  if ((needed && empty) || given.text.size() > longest_text) posted.wrong = "wrong.text";
  if (act == SurgeonAct::sign_off && given.rules.empty()) posted.wrong = "wrong.rules";
  return posted;
}

}  // namespace meridian::web
