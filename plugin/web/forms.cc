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
constexpr const char* title = "Questions before a referral";

struct Choice {
  std::string_view value;
  std::string_view label;
};
constexpr std::array choices = {Choice{"yes", "Yes"}, Choice{"no", "No"},
                                Choice{"unknown", "Not known"}};

/// A question and its three answers; the one that was chosen before stays chosen.
std::string fieldset(const OpenQuestion& question, std::string_view chosen) {
  const auto name = escaped(question.id);
  std::string html = "<fieldset><legend>" + escaped(question.text) + "</legend>";
  for (const auto& choice : choices) {
    const auto id = name + "." + std::string(choice.value);
    html += "<label class=\"choice\" for=\"" + id + "\"><input type=\"radio\" id=\"" + id +
            "\" name=\"" + name + "\" value=\"" + std::string(choice.value) + "\" required" +
            (chosen == choice.value ? " checked" : "") + "> " + std::string(choice.label) +
            "</label>";
  }
  return html + "</fieldset>";
}

std::string open_form(const FormView& form, const FormAnswers& before) {
  std::string html = "<p>Order in the EHR: <strong>" + escaped(form.order) +
                     "</strong>. Open it there first, so that you answer for the right patient.</p>"
                     "<p>Ask the patient, or take the answer from today's notes. Choose "
                     "<em>Not known</em> where you cannot say: a guess is worse.</p>"
                     "<form method=\"post\">";
  for (const auto& question : form.questions) {
    std::string_view chosen;
    for (const auto& [id, value] : before.values) {
      if (id == question.id) chosen = value;
    }
    html += fieldset(question, chosen);
  }
  html +=
      "<label for=\"by\">Your name</label><input id=\"by\" name=\"by\" required "
      "maxlength=\"100\" autocomplete=\"name\" value=\"" +
      escaped(before.by) +
      "\"><br><button type=\"submit\">Send the answers</button></form>"
      "<p class=\"quiet\">This form can be sent once.</p>";
  return html;
}

/// What is said in the place of the form; empty for an open one.
std::string closed_words(FormState state) {
  switch (state) {
    case FormState::open:
      return {};
    case FormState::sent:
      return "<p>The answers of this form were sent. It cannot be sent again.</p>";
    case FormState::settled:
      return "<p>This referral does not wait for answers any more.</p>";
    case FormState::expired:
      return "<p>The time of this link is over. Answer in the EHR, or ask for a new link.</p>";
  }
  return {};
}

Response shown(int status, const Result<FormView>& form, const FormAnswers& before,
               const std::string& complaint) {
  if (!form) {
    if (form.error().code == ErrorCode::not_found) {
      return page(404, "No such form", "<p>This link is not valid.</p>");
    }
    return page(error_row(form.error().code).http_status, title,
                "<p>This did not work. Please try again.</p>");
  }
  if (form->state == FormState::open) {
    return page(status, title, complaint + open_form(*form, before));
  }
  return page(form->state == FormState::expired ? 410 : 200, title, closed_words(form->state));
}

Response show(Desk& desk, const Request& request) {
  return shown(200, desk.form(request.parameter("token")), {}, {});
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

std::string thanks(const FormView& form) {
  if (!form.emergency) return "<p>Thank you. The answers were received.</p>";
  return "<div class=\"alarm\" role=\"alert\"><p><strong>An answer may mean an emergency.</strong> "
         "The contact on call is being alerted. Tell the clinician in charge of this patient now; "
         "the patient should not leave before somebody has decided.</p></div>"
         "<p>The answers were received.</p>";
}

Response send(Desk& desk, const Request& request) {
  const auto token = request.parameter("token");
  const auto answers = answers_in(request.body);
  const auto before = desk.form(token);
  if (!before || before->state != FormState::open) return shown(200, before, {}, {});
  const auto sent = desk.answer(token, answers);
  if (!sent && sent.error().code == ErrorCode::invalid) {
    return shown(422, before, answers,
                 "<p class=\"alarm\" role=\"alert\">Not sent yet: please answer the questions and "
                 "enter your name.</p>");
  }
  if (!sent || sent->state != FormState::sent) return shown(200, sent, {}, {});
  return page(200, title, thanks(*sent));
}

}  // namespace

void add_forms(http::Router& router, Desk& desk) {
  router.add(
      {"GET", "/forms/{token}", [&desk](const Request& request) { return show(desk, request); }});
  router.add({"POST",
              "/forms/{token}",
              [&desk](const Request& request) { return send(desk, request); },
              {},
              longest_form});
}

}  // namespace meridian::web
