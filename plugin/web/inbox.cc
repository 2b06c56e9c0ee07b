// SPDX-License-Identifier: Apache-2.0
#include "web/inbox.h"

#include <charconv>
#include <memory>

#include "base/ids.h"
#include "http/uri.h"
#include "web/html.h"
#include "web/inbox_forms.h"
#include "web/inbox_list.h"
#include "web/inbox_page.h"
#include "web/people_page.h"

namespace meridian::web {
namespace {

using http::Request;
using http::Response;

constexpr std::uint64_t longest_form = 64 << 10;

class Pages {
 public:
  explicit Pages(InboxPages parts) : parts_(std::move(parts)) {}

  Response list(const Request& request) {
    const auto speech = speech_for(request);
    const auto caller = parts_.door.caller(request);
    const auto lines = parts_.inbox.list(caller);
    if (!lines) return problem(speech, caller, lines.error());
    ListAsked asked{std::string(request.query_value("group")),
                    std::string(request.query_value("find")), 1};
    const auto page = request.query_value("page");
    std::from_chars(page.data(), page.data() + page.size(), asked.page);
    const auto shown = list_html(speech, *lines, asked);
    if (const auto noted = parts_.inbox.note_reading(caller, shown.referrals); !noted) {
      return problem(speech, caller, noted.error());
    }
    return framed(speech, {200, title(speech), caller, clinic(caller),
                           "<h1>" + speech.say("title") + "</h1>", shown.html});
  }

  Response show(const Request& request) {
    const auto speech = speech_for(request);
    const auto caller = parts_.door.caller(request);
    const auto referral = parts_.inbox.open(caller, request.parameter("referral"));
    if (!referral) return problem(speech, caller, referral.error());
    const auto done = request.query_value("done");
    const bool known = inbox_act_named(done).has_value();
    return about(speech, caller, *referral, 200,
                 referral_html(speech, *referral, known ? done : std::string_view()));
  }

  Response form(const Request& request) {
    const auto speech = speech_for(request);
    const auto caller = parts_.door.caller(request);
    const auto act = inbox_act_named(request.parameter("act"));
    if (!act) return problem(speech, caller, not_there());
    const auto referral = parts_.inbox.open(caller, request.parameter("referral"));
    if (!referral) return problem(speech, caller, referral.error());
    if (!may(*referral, *act)) return too_late(speech, caller, *referral, {});
    FormShown shown;
    shown.act = *act;
    shown.form = new_ulid();
    shown.token = parts_.door.form_field(request);
    return about(speech, caller, *referral, 200,
                 form_html(speech, *referral, parts_.inbox.decline_reasons(), shown));
  }

  Response say(const Request& request) {
    const auto speech = speech_for(request);
    const auto caller = parts_.door.caller(request);
    const auto act = inbox_act_named(request.parameter("act"));
    const auto fields = http::parse_query(request.body);
    if (!act || !fields) return problem(speech, caller, not_there());
    const auto id = request.parameter("referral");
    auto posted = read_form(speech, *act, *fields);
    posted.given.by = caller.name;
    Result<void> done = Error{ErrorCode::invalid, "inbox", "a field is wrong"};
    if (posted.wrong.empty()) done = parts_.inbox.act(caller, id, posted.given);
    if (done) {
      auto response = http::make_response(303, "text/plain; charset=utf-8", "");
      response.headers.push_back(
          {"Location", "/inbox/" + std::string(id) + "?done=" + std::string(inbox_act_name(*act))});
      response.headers.push_back({"Cache-Control", "no-store"});
      return response;
    }
    return again(speech, caller, request, posted, *fields, done.error());
  }

  Response print(const Request& request) {
    return file(request,
                parts_.inbox.print(parts_.door.caller(request), request.parameter("referral")));
  }

  Response bundle(const Request& request) {
    return file(request,
                parts_.inbox.bundle(parts_.door.caller(request), request.parameter("referral")));
  }

  const PageDoor& door() const { return parts_.door; }

 private:
  static Error not_there() { return {ErrorCode::not_found, "inbox", "no such page"}; }

  Speech speech_for(const Request& request) const {
    return {language_of(request), parts_.wall, parts_.clock(), &parts_.spanish};
  }

  std::string clinic(const Caller& caller) const { return parts_.clinic_name(caller.source); }

  static std::string title(const Speech& speech) {
    return inbox_words().say(speech.language, "title");
  }

  static bool may(const InboxReferral& referral, InboxAct act) {
    for (const auto one : referral.acts) {
      if (one == act) return true;
    }
    return false;
  }

  /// A page about one referral, with the patient as its heading.
  Response about(const Speech& speech, const Caller& caller, const InboxReferral& referral,
                 int status, const std::string& body) const {
    const auto& name = referral.line.patient;
    const auto words = [&](const char* key) { return inbox_words().say(speech.language, key); };
    return framed(speech, {status, name.empty() ? words("unnamed") : name, caller, clinic(caller),
                           "<a class=\"back\" href=\"/inbox\">" + speech.say("back") + "</a><h1>" +
                               referral_heading(speech, referral) + "</h1>",
                           body});
  }

  /// The form with what was typed, on the state as it is now.
  Response again(const Speech& speech, const Caller& caller, const Request& request,
                 const Posted& posted, const http::Fields& fields, const Error& error) {
    const bool wrong = error.code == ErrorCode::invalid;
    const bool moved = error.code == ErrorCode::stale || error.code == ErrorCode::conflict;
    if (!wrong && !moved) return problem(speech, caller, error);
    const auto referral = parts_.inbox.open(caller, request.parameter("referral"));
    if (!referral) return problem(speech, caller, referral.error());
    if (!may(*referral, posted.given.act)) return too_late(speech, caller, *referral, fields);
    FormShown shown;
    shown.act = posted.given.act;
    shown.form = error.code == ErrorCode::invalid ? posted.given.form : new_ulid();
    shown.token = parts_.door.form_field(request);
    shown.entered = fields;
    shown.wrong = posted.wrong;
    const auto state = inbox_words().say(speech.language, "state." + referral->line.state);
    if (moved) {
      shown.problem = speech.say("stale", {state});
    } else {
      shown.problem = speech.say("wrong.other");
    }
    return about(speech, caller, *referral, moved ? 409 : 422,
                 form_html(speech, *referral, parts_.inbox.decline_reasons(), shown));
  }

  /// It may not be said any more; what was typed is shown so that it is not lost.
  Response too_late(const Speech& speech, const Caller& caller, const InboxReferral& referral,
                    const http::Fields& fields) const {
    const auto state = inbox_words().say(speech.language, "state." + referral.line.state);
    return about(speech, caller, referral, 409,
                 "<div class=\"panel care\" role=\"alert\"><p>" + speech.say("not.now", {state}) +
                     "</p>" + written_html(speech, fields) + "</div>" +
                     referral_html(speech, referral, {}));
  }

  Response file(const Request& request, const Result<InboxFile>& file) const {
    if (!file) return problem(speech_for(request), parts_.door.caller(request), file.error());
    auto response = http::make_response(200, file->media_type, file->bytes);
    response.headers.push_back(
        {"Content-Disposition", "attachment; filename=\"" + file->name + "\""});
    response.headers.push_back({"Cache-Control", "no-store"});
    response.headers.push_back({"X-Content-Type-Options", "nosniff"});
    return response;
  }

  /// What is another clinic's is as little there as what never was.
  Response problem(const Speech& speech, const Caller& caller, const Error& error) const {
    const bool gone = error.code == ErrorCode::not_found;
    const auto key = gone ? "gone" : "trouble";
    const auto title = inbox_words().say(speech.language, std::string(key) + ".title");
    return framed(speech, {error_row(error.code).http_status, title, caller, clinic(caller),
                           "<h1>" + escaped(title) + "</h1>",
                           "<p role=\"alert\">" + speech.say(key) +
                               "</p><p><a class=\"back\" href=\"/inbox\">" + speech.say("back") +
                               "</a></p>"});
  }

  InboxPages parts_;
};

}  // namespace

void add_inbox(http::Router& router, InboxPages pages) {
  const auto inbox = std::make_shared<Pages>(std::move(pages));
  const auto gate = inbox->door().gate({Role::clinic});
  const auto add = [&](const char* method, const char* pattern,
                       Response (Pages::*answer)(const Request&)) {
    const http::Handler handler = [inbox, answer](const Request& request) {
      return ((*inbox).*answer)(request);
    };
    const bool posts = method == std::string_view("POST");
    router.add(
        {method, pattern, posts ? inbox->door().checked(handler) : handler, gate, longest_form});
  };
  router.add({"GET", "/inbox.css", [](const Request&) { return inbox_style(); }});
  add("GET", "/inbox", &Pages::list);
  add("GET", "/inbox/{referral}", &Pages::show);
  add("GET", "/inbox/{referral}/packet.pdf", &Pages::print);
  add("GET", "/inbox/{referral}/bundle.json", &Pages::bundle);
  add("GET", "/inbox/{referral}/{act}", &Pages::form);
  add("POST", "/inbox/{referral}/{act}", &Pages::say);
}

void add_no_inbox(http::Router& router) {
  router.add({"GET", "/inbox", [](const Request& request) {
                const PeoplePage page(request);
                return page.show(404, "no-inbox.title",
                                 page.paragraph("no-inbox") + "<p><a href=\"/home\">" +
                                     page.say("home.title") + "</a></p>");
              }});
}

}  // namespace meridian::web
