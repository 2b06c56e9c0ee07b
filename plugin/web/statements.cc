// SPDX-License-Identifier: Apache-2.0
#include "web/statements.h"

#include "http/uri.h"
#include "web/html.h"

namespace meridian::web {
namespace {

using http::Request;
using http::Response;

constexpr std::uint64_t longest_form = 8192;
constexpr const char* sign_off_title = "Sign off a hold";
constexpr const char* patient_title = "Whose record is meant";
constexpr const char* incomplete =
    "<p class=\"alarm\" role=\"alert\">Not sent yet: something is missing.</p>";

std::string input(const char* name, const char* label) {
  return "<label for=\"" + std::string(name) + "\">" + label + "</label><input id=\"" + name +
         "\" name=\"" + name + "\" required maxlength=\"100\">";
}

Response problem(const Error& error, const char* title) {
  if (error.code == ErrorCode::not_found) {
    return page(404, "No such page", "<p>This link is not valid.</p>");
  }
  return page(error_row(error.code).http_status, title,
              "<p>This did not work. Please try again.</p>");
}

/// What is said in the place of a page that is not open.
std::string closed_words(FormState state) {
  if (state == FormState::sent) return "<p>This was sent. It cannot be sent again.</p>";
  if (state == FormState::expired) return "<p>The time of this link is over.</p>";
  return "<p>This referral does not wait for it any more.</p>";
}

std::string lines_of(const HoldLine& hold) {
  std::string evidence;
  for (const auto& ref : hold.evidence) evidence += (evidence.empty() ? "" : ", ") + escaped(ref);
  return "<strong>" + escaped(hold.rule) + "</strong> " + escaped(hold.text) +
         "<br><span class=\"quiet\">Severity: " + escaped(hold.severity) +
         ". Source: " + escaped(hold.source) +
         ". Rests on: " + (evidence.empty() ? "nothing on record" : evidence) + ".</span>";
}

std::string sign_off_form(const SignOffView& view) {
  std::string signable;
  std::string others;
  for (const auto& hold : view.holds) {
    if (hold.signable) {
      signable += "<label class=\"choice\"><input type=\"checkbox\" name=\"rule\" value=\"" +
                  escaped(hold.rule) + "\"> " + lines_of(hold) + "</label>";
    } else {
      others += "<li>" + lines_of(hold) + "<br>" + escaped(hold.way) + "</li>";
    }
  }
  std::string html = "<p>Order in the EHR: <strong>" + escaped(view.order) +
                     "</strong>. Look at the record there before you sign.</p>";
  html += "<form method=\"post\"><fieldset><legend>I override</legend>" + signable + "</fieldset>";
  if (!others.empty()) html += "<p>Cannot be signed off here:</p><ul>" + others + "</ul>";
  html += input("by", "Your name") + "<br>" + input("role", "Your role") + "<br>" +
          input("reason", "Reason, kept and shown to the clinic");
  return html +
         "<br><button type=\"submit\">Sign off</button></form><p class=\"quiet\">It covers what is "
         "listed here and nothing that comes later.</p>";
}

Response sign_off_page(int status, const Result<SignOffView>& view, const std::string& complaint) {
  if (!view) return problem(view.error(), sign_off_title);
  if (view->state == FormState::open) {
    return page(status, sign_off_title, complaint + sign_off_form(*view));
  }
  return page(view->state == FormState::expired ? 410 : 200, sign_off_title,
              closed_words(view->state));
}

Response send_sign_off(Desk& desk, const Request& request) {
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
  if (!before || before->state != FormState::open) return sign_off_page(200, before, {});
  const auto sent = desk.give_sign_off(token, given);
  if (!sent && sent.error().code == ErrorCode::invalid) {
    return sign_off_page(422, before, incomplete);
  }
  if (!sent || sent->state != FormState::sent) return sign_off_page(200, sent, {});
  return page(200, sign_off_title,
              "<p>Signed off by " + escaped(given.by) + ". The referral is looked at again.</p>");
}

/// Why a patient was refused, in words.
std::string refused_words(const std::string& why) {
  if (why.empty()) return {};
  std::string words = "that record could not be taken";
  if (why == "contradiction") words = "birth date or sex there contradict the referral";
  if (why == "merged") words = "that record was retired or merged into another";
  if (why == "not-found") words = "there is no such record";
  return "<p class=\"alarm\" role=\"alert\">Not linked: " + words + ".</p>";
}

std::string link_form(const PatientLinkView& view) {
  return refused_words(view.refused) + "<p>Order: <strong>" + escaped(view.order) +
         "</strong>. Find the patient in the record of " + escaped(view.where) +
         " by yourself; a name alone is not enough.</p><form method=\"post\">" +
         input("patient", "Id of the patient's record, as Patient/17") + "<br>" +
         input("by", "Your name") +
         "<br><button type=\"submit\">This is the patient</button></form>";
}

std::string linked_words(const PatientLinkView& view) {
  return "<p>Linked to <strong>" + escaped(view.patient) + "</strong> by " + escaped(view.by) +
         ".</p><form method=\"post\"><input type=\"hidden\" name=\"take-back\" value=\"yes\">" +
         input("by", "Your name") +
         "<br><button type=\"submit\">Take this link back</button></form><p class=\"quiet\">What "
         "was filed under it meanwhile must be corrected in that record.</p>";
}

Response link_page(int status, const Result<PatientLinkView>& view, const std::string& complaint) {
  if (!view) return problem(view.error(), patient_title);
  if (view->state == FormState::open) {
    return page(view->refused.empty() ? status : 422, patient_title, complaint + link_form(*view));
  }
  if (view->state == FormState::sent) return page(status, patient_title, linked_words(*view));
  return page(view->state == FormState::expired ? 410 : 200, patient_title,
              closed_words(view->state));
}

Response send_link(Desk& desk, const Request& request) {
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
    return link_page(422, desk.patient_link(token), incomplete);
  }
  return link_page(200, sent, {});
}

}  // namespace

void add_statements(http::Router& router, Desk& desk) {
  router.add({"GET", "/sign-offs/{token}", [&desk](const Request& request) {
                return sign_off_page(200, desk.sign_off(request.parameter("token")), {});
              }});
  router.add({"POST",
              "/sign-offs/{token}",
              [&desk](const Request& request) { return send_sign_off(desk, request); },
              {},
              longest_form});
  router.add({"GET", "/patients/{token}", [&desk](const Request& request) {
                return link_page(200, desk.patient_link(request.parameter("token")), {});
              }});
  router.add({"POST",
              "/patients/{token}",
              [&desk](const Request& request) { return send_link(desk, request); },
              {},
              longest_form});
}

}  // namespace meridian::web
