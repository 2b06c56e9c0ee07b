// SPDX-License-Identifier: Apache-2.0
#include "web/statements.h"

#include "http/uri.h"
#include "web/html.h"

namespace meridian::web {
namespace {

using http::Request;
using http::Response;

constexpr std::uint64_t longest_form = 8192;
constexpr std::string_view sign_off_title = "sign-off.title";
constexpr std::string_view patient_title = "patient.title";

/// In place of a page that is not open.
Response closed(const LinkPage& page, FormState state, std::string_view title) {
  if (state == FormState::expired) return page.show(410, title, page.paragraph("over"));
  return page.show(200, title, page.paragraph(state == FormState::sent ? "sent" : "settled"));
}

std::string strong(std::string_view text) {
  return "<strong>" + escaped(text) + "</strong>";
}

/// "hold"; of a caution "relative/none", for needles and for current.
std::string severity_words(const LinkPage& page, const std::string& severity) {
  const auto cut = severity.find('/');
  if (cut == std::string::npos) return page.speech.rule(severity);
  return page.say_html("sign-off.needles", {page.speech.rule(severity.substr(0, cut)),
                                            page.speech.rule(severity.substr(cut + 1))});
}

std::string lines_of(const LinkPage& page, const HoldLine& hold) {
  std::string evidence;
  for (const auto& ref : hold.evidence) evidence += (evidence.empty() ? "" : ", ") + escaped(ref);
  if (evidence.empty()) evidence = page.say("sign-off.rests.nothing");
  const auto& speech = page.speech;
  return strong(hold.rule) + " " + speech.rule(hold.text) + "<br><span class=\"quiet\">" +
         page.say_html("sign-off.severity", {severity_words(page, hold.severity)}) + " " +
         page.say_html("sign-off.source", {speech.rule(hold.source)}) + " " +
         page.say_html("sign-off.rests", {evidence}) + "</span>";
}

std::string sign_off_form(const LinkPage& page, const SignOffView& view) {
  std::string signable;
  std::string others;
  for (const auto& hold : view.holds) {
    if (hold.signable) {
      signable += "<label class=\"choice\"><input type=\"checkbox\" name=\"rule\" value=\"" +
                  escaped(hold.rule) + "\"> " + lines_of(page, hold) + "</label>";
    } else {
      others += "<li>" + lines_of(page, hold) + "<br>" + page.speech.rule(hold.way) + "</li>";
    }
  }
  std::string html = "<p>" + page.say_html("sign-off.order", {strong(view.order)}) +
                     "</p><form method=\"post\"><fieldset><legend>" +
                     page.say("sign-off.override") + "</legend>" + signable + "</fieldset>";
  if (!others.empty()) html += page.paragraph("sign-off.not-here") + "<ul>" + others + "</ul>";
  return html + page.input("by", "name", "required") + page.input("role", "role", "required") +
         page.input("reason", "sign-off.reason", "required") + "<button type=\"submit\">" +
         page.say("sign-off.do") + "</button></form><p class=\"quiet\">" +
         page.say("sign-off.covers") + "</p>";
}

Response sign_off_page(const LinkPage& page, int status, const Result<SignOffView>& view) {
  if (!view) return page.problem(view.error(), sign_off_title);
  if (view->state != FormState::open) return closed(page, view->state, sign_off_title);
  const auto complaint = status == 422 ? page.alarm("incomplete") : "";
  return page.show(status, sign_off_title, complaint + sign_off_form(page, *view));
}

Response send_sign_off(Desk& desk, const Request& request, const LinkPage& page) {
  const auto token = request.parameter("token");
  SignOffGiven given;
  const auto fields = http::parse_query(request.body);
  if (fields) {
    given.by = http::find_parameter(*fields, "by");
    given.role = http::find_parameter(*fields, "role");
    given.reason = http::find_parameter(*fields, "reason");
    for (const auto& field : *fields) {
      if (field.name == "rule") given.rules.push_back(field.value);
    }
  }
  const auto before = desk.sign_off(token);
  if (!before || before->state != FormState::open) return sign_off_page(page, 200, before);
  const auto sent = desk.give_sign_off(token, given);
  if (!sent && sent.error().code == ErrorCode::invalid) return sign_off_page(page, 422, before);
  if (!sent || sent->state != FormState::sent) return sign_off_page(page, 200, sent);
  return page.show(200, sign_off_title,
                   "<p>" + page.say_html("sign-off.done", {isolated(given.by)}) + "</p>");
}

/// Why a patient was refused, in words.
std::string refused_words(const LinkPage& page, const std::string& why) {
  if (why.empty()) return {};
  const auto key = "patient.refused." + why;
  return page.alarm(link_words().has(key) ? key : "patient.refused");
}

std::string link_form(const LinkPage& page, const PatientLinkView& view) {
  return refused_words(page, view.refused) + "<p>" +
         page.say_html("patient.order", {strong(view.order), isolated(view.where)}) +
         "</p><form method=\"post\">" + page.input("patient", "patient.id", "required") +
         page.input("by", "name", "required") + "<button type=\"submit\">" +
         page.say("patient.do") + "</button></form>";
}

std::string linked_words(const LinkPage& page, const PatientLinkView& view) {
  return "<p>" + page.say_html("patient.linked", {strong(view.patient), isolated(view.by)}) +
         "</p><form method=\"post\"><input type=\"hidden\" name=\"take-back\" value=\"yes\">" +
         page.input("by", "name", "required") + "<button type=\"submit\">" +
         page.say("patient.back") + "</button></form><p class=\"quiet\">" +
         page.say("patient.corrected") + "</p>";
}

Response link_page(const LinkPage& page, int status, const Result<PatientLinkView>& view) {
  if (!view) return page.problem(view.error(), patient_title);
  const auto complaint = status == 422 ? page.alarm("incomplete") : "";
  if (view->state == FormState::open) {
    return page.show(view->refused.empty() ? status : 422, patient_title,
                     complaint + link_form(page, *view));
  }
  if (view->state != FormState::sent) return closed(page, view->state, patient_title);
  return page.show(status, patient_title, complaint + linked_words(page, *view));
}

Response send_link(Desk& desk, const Request& request, const LinkPage& page) {
  const auto token = request.parameter("token");
  PatientLinkGiven given;
  const auto fields = http::parse_query(request.body);
  if (fields) {
    given.by = http::find_parameter(*fields, "by");
    given.patient = http::find_parameter(*fields, "patient");
    given.take_back = !http::find_parameter(*fields, "take-back").empty();
  }
  const auto sent = desk.give_patient_link(token, given);
  if (!sent && sent.error().code == ErrorCode::invalid) {
    return link_page(page, 422, desk.patient_link(token));
  }
  return link_page(page, 200, sent);
}

}  // namespace

void add_statements(http::Router& router, Desk& desk, const LinkSpeechPtr& speech) {
  router.add({"GET", "/sign-offs/{token}", [&desk, speech](const Request& request) {
                return sign_off_page(LinkPage(request, *speech), 200,
                                     desk.sign_off(request.parameter("token")));
              }});
  router.add({"POST",
              "/sign-offs/{token}",
              [&desk, speech](const Request& request) {
                return send_sign_off(desk, request, LinkPage(request, *speech));
              },
              {},
              longest_form});
  router.add({"GET", "/patients/{token}", [&desk, speech](const Request& request) {
                return link_page(LinkPage(request, *speech), 200,
                                 desk.patient_link(request.parameter("token")));
              }});
  router.add({"POST",
              "/patients/{token}",
              [&desk, speech](const Request& request) {
                return send_link(desk, request, LinkPage(request, *speech));
              },
              {},
              longest_form});
}

}  // namespace meridian::web
