// SPDX-License-Identifier: Apache-2.0
#include "web/forms.h"

#include <array>

#include "http/uri.h"
#include "web/html.h"

namespace meridian::web {
namespace {

using http::Request;
using http::Response;

constexpr std::uint64_t longest_form = 8192;
constexpr std::string_view title = "form.title";

struct Choice {
  std::string_view value;
  std::string_view key;
};
constexpr std::array choices = {Choice{"yes", "form.yes"}, Choice{"no", "form.no"},
                                Choice{"unknown", "form.not-known"}};

/// A question and its three answers; the one that was chosen before stays chosen.
std::string fieldset(const LinkPage& page, const OpenQuestion& question, std::string_view chosen) {
  const auto name = escaped(question.id);
  std::string html = "<fieldset><legend>" + page.speech.rule(question.text) + "</legend>";
  for (const auto& choice : choices) {
    const auto id = name + "." + std::string(choice.value);
    html += "<label class=\"choice\" for=\"" + id + "\"><input type=\"radio\" id=\"" + id +
            "\" name=\"" + name + "\" value=\"" + std::string(choice.value) + "\" required" +
            (chosen == choice.value ? " checked" : "") + "> " + page.say(choice.key) + "</label>";
  }
  return html + "</fieldset>";
}

std::string open_form(const LinkPage& page, const FormView& form, const FormAnswers& before) {
  std::string html =
      "<p>" + page.say_html("form.order", {"<strong>" + escaped(form.order) + "</strong>"}) +
      "</p><p>" + page.say_html("form.how", {"<em>" + page.say("form.not-known") + "</em>"}) +
      "</p><form method=\"post\">";
  for (const auto& question : form.questions) {
    std::string_view chosen;
    for (const auto& [id, value] : before.values) {
      if (id == question.id) chosen = value;
    }
    html += fieldset(page, question, chosen);
  }
  return html +
         page.input("by", "name",
                    "required autocomplete=\"name\" value=\"" + escaped(before.by) + "\"") +
         "<button type=\"submit\">" + page.say("form.send") +
         "</button></form><p class=\"quiet\">" + page.say("form.once") + "</p>";
}

/// What is said in the place of a form that is not open.
std::string_view closed_key(FormState state) {
  if (state == FormState::sent) return "form.sent";
  return state == FormState::expired ? "form.expired" : "form.settled";
}

Response shown(const LinkPage& page, int status, const Result<FormView>& form,
               const FormAnswers& before = {}) {
  if (!form) return page.problem(form.error(), title, "form.unknown.title");
  if (form->state != FormState::open) {
    const int closed = form->state == FormState::expired ? 410 : 200;
    return page.show(closed, title, page.paragraph(closed_key(form->state)));
  }
  const auto complaint = status == 422 ? page.alarm("form.incomplete") : "";
  return page.show(status, title, complaint + open_form(page, *form, before));
}

/// The fields of a posted form (application/x-www-form-urlencoded): "by", and each question's id.
FormAnswers answers_in(std::string_view body) {
  FormAnswers answers;
  const auto fields = http::parse_query(body);
  if (!fields) return answers;
  for (const auto& field : *fields) {
    if (field.name == "by") {
      answers.by = field.value;
    } else {
      answers.values.emplace_back(field.name, field.value);
    }
  }
  return answers;
}

std::string thanks(const LinkPage& page, const FormView& form) {
  if (!form.emergency) return page.paragraph("form.thanks");
  return "<div class=\"alarm\" role=\"alert\"><p><strong>" + page.say("form.emergency") +
         "</strong> " + page.say("form.emergency.do") + "</p></div>" +
         page.paragraph("form.received");
}

Response send(Desk& desk, const Request& request, const LinkPage& page) {
  const auto token = request.parameter("token");
  const auto answers = answers_in(request.body);
  const auto before = desk.form(token);
  if (!before || before->state != FormState::open) return shown(page, 200, before);
  const auto sent = desk.answer(token, answers);
  if (!sent && sent.error().code == ErrorCode::invalid) return shown(page, 422, before, answers);
  if (!sent || sent->state != FormState::sent) return shown(page, 200, sent);
  return page.show(200, title, thanks(page, *sent));
}

}  // namespace

void add_forms(http::Router& router, Desk& desk, const LinkSpeechPtr& speech) {
  router.add({"GET", "/forms/{token}", [&desk, speech](const Request& request) {
                return shown(LinkPage(request, *speech), 200,
                             desk.form(request.parameter("token")));
              }});
  router.add({"POST",
              "/forms/{token}",
              [&desk, speech](const Request& request) {
                return send(desk, request, LinkPage(request, *speech));
              },
              {},
              longest_form});
}

}  // namespace meridian::web
