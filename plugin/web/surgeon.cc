// SPDX-License-Identifier: Apache-2.0
#include "web/surgeon.h"

#include <algorithm>
#include <memory>

#include "base/hash.h"
#include "base/same_secret.h"
#include "http/uri.h"
#include "web/html.h"
#include "web/page_door.h"
#include "web/surgeon_forms.h"
#include "web/surgeon_page.h"

namespace meridian::web {
namespace {

using http::Request;
using http::Response;

constexpr std::uint64_t longest_form = 16 << 10;

class Pages {
 public:
  explicit Pages(SurgeonPages parts) : parts_(std::move(parts)) {}

  Response show(const Request& request, const Launched& who) {
    const auto speech = speech_for(request);
    const auto referrals = parts_.desk.surgeon_view(who.caller, who.patient);
    if (!referrals) return problem(speech, who, referrals.error());
    const auto done = surgeon_act_named(request.query_value("done"));
    return framed(speech, who, 200,
                  surgeon_html(speech, *referrals, base(who),
                               done ? surgeon_act_name(*done) : std::string_view()));
  }

  Response form(const Request& request, const Launched& who) {
    const auto act = surgeon_act_named(request.parameter("act"));
    if (!act) return problem(speech_for(request), who, not_there());
    SurgeonForm form;
    form.act = *act;
    return shown(request, who, 200, std::move(form));
  }

  Response act(const Request& request, const Launched& who) {
    const auto speech = speech_for(request);
    const auto act = surgeon_act_named(request.parameter("act"));
    const auto fields = http::parse_query(request.body);
    if (!act || !fields) return problem(speech, who, not_there());
    const bool ours = same_secret(http::find_parameter(*fields, "token"), token(request, who));
    if (!ours || !PageDoor::is_own(request)) {
      return launch_page(speech.clock.language, 403, "forged", who.frames);
    }
    auto posted = read_surgeon_form(*act, request.parameter("referral"), *fields);
    Result<void> done = Error{ErrorCode::invalid, "surgeon", "a field is wrong"};
    if (posted.wrong.empty()) {
      done = parts_.desk.surgeon_act(who.caller, who.patient, posted.given);
    }
    if (done) {
      auto response = http::make_response(303, "text/plain; charset=utf-8", "");
      response.headers.push_back(
          {"Location", base(who) + "?done=" + std::string(surgeon_act_name(*act))});
      response.headers.push_back({"Cache-Control", "no-store"});
      return response;
    }
    return again(request, who, std::move(posted), done.error());
  }

  /// A route of a view: nothing is shown or done without its launch.
  http::Handler guarded_by_launch(Response (Pages::*answer)(const Request&, const Launched&)) {
    return [this, answer](const Request& request) {
      const auto who = parts_.launched(request);
      if (!who || who->view != request.parameter("view")) {
        return launch_page(language_of(request), 401, "over", who ? who->frames : "");
      }
      return (this->*answer)(request, *who);
    };
  }

 private:
  static Error not_there() { return {ErrorCode::not_found, "surgeon", "no such page"}; }
  static std::string base(const Launched& who) { return "/smart/view/" + who.view; }

  std::string token(const Request& request, const Launched& who) const {
    return hex(hmac_sha256(parts_.secret, "surgeon|" + who.session + "|" + request.path));
  }

  SurgeonSpeech speech_for(const Request& request) const {
    return {{language_of(request), parts_.wall, parts_.clock(), &parts_.spanish}};
  }

  Response framed(const SurgeonSpeech& speech, const Launched& who, int status,
                  std::string body) const {
    return surgeon_frame(
        speech, {status, surgeon_words().say(speech.clock.language, "title"), std::move(body),
                 parts_.hospital_name(who.caller.source), &who, who.frames});
  }

  /// The form on the referral as it is now. Reading it again is a view, and audited as one.
  Response shown(const Request& request, const Launched& who, int status, SurgeonForm form) {
    const auto speech = speech_for(request);
    const auto referrals = parts_.desk.surgeon_view(who.caller, who.patient);
    if (!referrals) return problem(speech, who, referrals.error());
    const auto found = std::find_if(
        referrals->begin(), referrals->end(),
        [&](const auto& referral) { return referral.id == request.parameter("referral"); });
    if (found == referrals->end()) return problem(speech, who, not_there());
    const auto& acts = found->acts;
    if (std::find(acts.begin(), acts.end(), form.act) == acts.end()) {
      const auto words = "<div class=\"panel care\" role=\"alert\"><p>" + speech.say("not.now") +
                         "</p>" + kept(form.typed.text) + "</div>";
      return framed(speech, who, 409, words + surgeon_html(speech, *referrals, base(who), {}));
    }
    form.token = "<input type=\"hidden\" name=\"token\" value=\"" + token(request, who) + "\">";
    form.back = base(who);
    if (status == 409) {
      const auto state = surgeon_words().say(speech.clock.language, "state." + found->state);
      form.problem = "<div class=\"panel care\" role=\"alert\"><p>" + speech.say("stale", {state}) +
                     "</p></div>";
    }
    return framed(speech, who, status, surgeon_form_html(speech, *found, form));
  }

  /// What was typed is not lost when it may not be sent any more.
  static std::string kept(const std::string& text) {
    return text.empty() ? "" : "<blockquote dir=\"auto\">" + escaped(text) + "</blockquote>";
  }

  Response again(const Request& request, const Launched& who, SurgeonPosted posted,
                 const Error& error) {
    const bool wrong = error.code == ErrorCode::invalid;
    const bool moved = error.code == ErrorCode::stale || error.code == ErrorCode::conflict;
    if (!wrong && !moved) return problem(speech_for(request), who, error);
    SurgeonForm form;
    form.act = posted.given.act;
    form.wrong = wrong && posted.wrong.empty() ? "wrong.text" : posted.wrong;
    form.typed = std::move(posted.given);
    return shown(request, who, wrong ? 422 : 409, std::move(form));
  }

  Response problem(const SurgeonSpeech& speech, const Launched& who, const Error& error) const {
    const bool gone = error.code == ErrorCode::not_found;
    return launch_page(speech.clock.language, error_row(error.code).http_status,
                       gone ? "gone" : "trouble", who.frames);
  }

  SurgeonPages parts_;
};

}  // namespace

void add_surgeon(http::Router& router, SurgeonPages given) {
  const auto pages = std::make_shared<Pages>(std::move(given));
  const auto add = [&](const char* method, const char* pattern,
                       Response (Pages::*answer)(const Request&, const Launched&)) {
    auto handler = pages->guarded_by_launch(answer);
    router.add(
        {method,
         pattern,
         [pages, handler = std::move(handler)](const Request& request) { return handler(request); },
         {},
         longest_form});
  };
  router.add({"GET", "/smart.css", [](const Request&) { return surgeon_style(); }});
  add("GET", "/smart/view/{view}", &Pages::show);
  add("GET", "/smart/view/{view}/{referral}/{act}", &Pages::form);
  add("POST", "/smart/view/{view}/{referral}/{act}", &Pages::act);
}

}  // namespace meridian::web
