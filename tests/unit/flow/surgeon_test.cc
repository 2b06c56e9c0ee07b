// SPDX-License-Identifier: Apache-2.0
// What a surgeon sees and does inside the EHR, once a launch said who it is and which patient.
#include "web/surgeon.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "http/uri.h"
#include "unit/flow/reviewed.h"
#include "web/surgeon_look.h"

namespace meridian::flow {
namespace {

constexpr const char* haemophilia = "D66";

const Caller varga{"Dr. I. Varga", Role::clinician, "ehr", false, "Practitioner/9"};

std::string needled(const std::string& id, const std::string& day) {
  return R"({"resourceType":"Procedure","id":")" + id +
         R"(","status":"completed","subject":{"reference":"Patient/alder"},
    "code":{"coding":[{"system":"http://snomed.info/sct","code":"44868003"}]},
    "performedDateTime":")" +
         day + R"("})";
}

std::string pain(const std::string& id, const std::string& value, const std::string& day) {
  return R"({"resourceType":"Observation","id":")" + id +
         R"(","status":"final","subject":{"reference":"Patient/alder"},
    "code":{"coding":[{"system":"http://loinc.org","code":"72514-3"}]},
    "effectiveDateTime":")" +
         day + R"(","valueQuantity":{"value":)" + value + "}}";
}

/// The clinic's Task with a note of its people.
std::string task_with_note(const std::string& id, const std::string& business, int version,
                           const std::string& note) {
  auto json = task(id, business == "need-info" ? "on-hold" : "in-progress", version, business);
  return json.substr(0, json.rfind('}')) + R"(,"note":[{"text":")" + note + R"("}]})";
}

class Surgeon : public Reviewed {
 protected:
  Surgeon() {
    who_ = {"v1", "a secret of the browser", varga, "Patient/alder"};
    web::SurgeonPages pages{*bench_.desk,
                            [this](const http::Request&) { return who_; },
                            [](std::string_view) { return std::string("Tamarack Ridge"); },
                            "secret of the site",
                            {},
                            [this] { return bench_.now; },
                            web::Translation(bench_.knowledge.spanish)};
    web::add_surgeon(router_, std::move(pages));
  }

  http::Response ask(const std::string& method, const std::string& target,
                     const std::string& body = {}, const std::string& language = "en") {
    const auto parts = http::parse_target(target);
    const auto match = router_.find(method, parts->segments);
    if (match.route == nullptr) return router_.error(match.allow.empty() ? 404 : 405);
    http::Request request;
    request.method = method;
    request.path = parts->path;
    request.query = parts->query;
    request.parameters = match.parameters;
    request.body = body;
    request.headers = {{"Accept-Language", language}};
    return match.route->handler(request);
  }
  std::string page() { return ask("GET", "/smart/view/v1").body; }
  std::string form_path(const std::string& act) { return "/smart/view/v1/" + id_ + "/" + act; }

  /// The hidden fields of the form, as a browser would send them.
  std::string hidden(const std::string& act) {
    const auto html = ask("GET", form_path(act)).body;
    std::string body;
    for (const std::string name : {"token", "version"}) {
      const auto at = html.find("name=\"" + name + "\" value=\"");
      if (at == std::string::npos) return "none";
      const auto begin = html.find("value=\"", at) + 7;
      body += name + "=" + html.substr(begin, html.find('"', begin) - begin) + "&";
    }
    return body;
  }
  http::Response send(const std::string& act, const std::string& fields) {
    return ask("POST", form_path(act), hidden(act) + fields);
  }

  std::vector<SurgeonReferral> view(const Caller& caller = varga,
                                    const std::string& patient = "Patient/alder") {
    auto seen = bench_.desk->surgeon_view(caller, patient);
    return seen ? *seen : std::vector<SurgeonReferral>();
  }

  http::Router router_;
  std::optional<Launched> who_;
};

TEST_F(Surgeon, SeesWhereItStandsWhoseTurnItIsAndTheCurve) {
  accept();
  record({back_pain(), pain("before", "7", "2026-11-19"), pain("now", "4", "2026-11-22"),
          needled("v1", "2026-11-21"), needled("v2", "2026-11-22")});
  for (int i = 0; i < 3; ++i) look();
  const auto seen = view();
  ASSERT_EQ(seen.size(), 1u);
  const auto& referral = seen.front();
  EXPECT_EQ(referral.state, bench_.state());
  EXPECT_EQ(referral.owner, "clinic");
  ASSERT_TRUE(referral.until);
  EXPECT_GT(*referral.until, bench_.now);
  ASSERT_EQ(referral.curves.size(), 1u);
  EXPECT_EQ(referral.curves[0].instrument, "NRS");
  ASSERT_EQ(referral.curves[0].scores.size(), 2u);
  EXPECT_EQ(referral.curves[0].scores[1].written, "4");
  EXPECT_EQ(referral.visits.size(), 2u);
  const auto html = page();
  EXPECT_TRUE(has(html, "<svg"));
  EXPECT_TRUE(has(html, "Pain (NRS): from 7 to 4"));
  EXPECT_FALSE(has(html, "style=\""));
  EXPECT_FALSE(has(html, "<script"));
  EXPECT_TRUE(has(ask("GET", "/smart/view/v1", {}, "es").body, "Dolor (NRS): de 7 a 4"));
}

TEST_F(Surgeon, EveryViewIsAuditedWithTheUserOfTheEhr) {
  accept();
  page();
  bool found = false;
  const auto entries = bench_.store->audit(20);
  for (const auto& entry : *entries) {
    found = found || (entry.event == "PatientRead" && entry.actor == "ehr/Practitioner/9" &&
                      entry.object == id_);
  }
  EXPECT_TRUE(found);
}

TEST_F(Surgeon, NobodyElsesReferralIsThere) {
  accept();
  EXPECT_TRUE(view(varga, "Patient/birch").empty());
  auto other = varga;
  other.source = "willow";
  EXPECT_TRUE(view(other).empty());
  SurgeonGiven given;
  given.act = SurgeonAct::cancel;
  given.referral = id_;
  given.version = bench_.only_referral().version;
  given.text = "no longer";
  EXPECT_EQ(bench_.desk->surgeon_act(varga, "Patient/birch", given).error().code,
            ErrorCode::not_found);
  EXPECT_EQ(bench_.desk->surgeon_act(other, "Patient/alder", given).error().code,
            ErrorCode::not_found);
  for (const auto role : {Role::viewer, Role::staff, Role::source, Role::clinic, Role::none}) {
    auto wrong = varga;
    wrong.role = role;
    EXPECT_FALSE(bench_.desk->surgeon_view(wrong, "Patient/alder"));
  }
  auto nameless = varga;
  nameless.person.clear();  // a clinician of another door
  EXPECT_FALSE(bench_.desk->surgeon_view(nameless, "Patient/alder"));
  EXPECT_EQ(bench_.state(), "accepted");
}

TEST_F(Surgeon, WithoutAReferralThePageSaysSoPlainly) {
  const auto response = ask("GET", "/smart/view/v1");
  EXPECT_EQ(response.status, 200);
  EXPECT_TRUE(has(response.body, "No referral of this patient went through Meridian."));
}

TEST_F(Surgeon, AnswersWhatTheClinicAsks) {
  accept();
  ASSERT_TRUE(bench_.submit("willow", "3",
                            bundle({task_with_note(id_, "need-info", 3, "Is she on warfarin?")})));
  bench_.run();
  ASSERT_EQ(bench_.state(), "need_info");
  EXPECT_TRUE(has(page(), "Is she on warfarin?"));
  const auto sent = send("reply", "text=No%2C+stopped+in+May.");
  EXPECT_EQ(sent.status, 303);
  bench_.run();
  EXPECT_EQ(bench_.state(), "in_triage");
  EXPECT_TRUE(has(last_to_clinic(), "No, stopped in May."));
  EXPECT_TRUE(has(page(),
                  "In answer to <q dir=\"auto\">Is she on warfarin?</q></p><p "
                  "class=\"note\" dir=\"auto\">No, stopped in May."))
      << page();
  EXPECT_TRUE(has(page(), "Is she on warfarin?</blockquote><p class=\"soft\">Answered by "))
      << page();
  EXPECT_FALSE(has(page(), "class=\"question\""));
  EXPECT_EQ(ask("GET", form_path("reply")).status, 409);
}

TEST_F(Surgeon, CancelsForGood) {
  accept();
  EXPECT_EQ(send("cancel", "text=surgery+instead").status, 303);
  bench_.run();
  EXPECT_EQ(bench_.state(), "cancel_asked");
  EXPECT_TRUE(has(last_to_clinic(), "surgery instead"));
  ASSERT_TRUE(bench_.submit("ehr", "9", bundle({patient(), back_pain(), order("active", 2)})));
  bench_.run();
  EXPECT_EQ(bench_.state(), "cancel_asked") << "a later version of the order revives nothing";
  EXPECT_EQ(ask("GET", form_path("cancel")).status, 409);
}

TEST_F(Surgeon, CancelsWhatWasNeverSent) {
  record({back_pain(), fracture()});
  ASSERT_TRUE(bench_.submit("ehr", "1", bundle({patient(), back_pain(), order()})));
  bench_.run();
  ASSERT_EQ(bench_.state(), "held");
  id_ = bench_.only_referral().id.str();
  EXPECT_EQ(send("cancel", "text=not+needed").status, 303);
  bench_.run();
  EXPECT_EQ(bench_.state(), "cancelled");
  EXPECT_TRUE(bench_.clinic->sent.empty());
}

TEST_F(Surgeon, SeesWhatHoldsItThoughNobodyMaySignThatOff) {
  record({back_pain(), fracture()});
  ASSERT_TRUE(bench_.submit("ehr", "1", bundle({patient(), back_pain(), order()})));
  bench_.run();
  const auto seen = view();
  ASSERT_EQ(seen.size(), 1u);
  const auto& acts = seen[0].acts;
  EXPECT_FALSE(seen[0].holds.empty());
  EXPECT_EQ(std::count(acts.begin(), acts.end(), SurgeonAct::sign_off), 0);
  EXPECT_TRUE(has(page(), "What holds it"));
}

TEST_F(Surgeon, IsLedToTheQuestionsThatHoldItWhileTheyAreOpen) {
  bench_.core->form_link = [](const FormTicket& form) { return "/forms/" + form.referral; };
  screen_ = answers(bench_.now, {"rf05.fever"});
  record({back_pain()});
  ASSERT_TRUE(bench_.submit("ehr", "1", bundle({patient(), back_pain(), order()})));
  bench_.run();
  ASSERT_EQ(bench_.state(), "held");
  const auto link = "href=\"/forms/" + bench_.only_referral().id.str() + "\"";
  EXPECT_TRUE(has(page(), link)) << page();
  EXPECT_TRUE(has(page(), "Answer what is missing"));
  const auto spanish = ask("GET", "/smart/view/v1", {}, "es").body;
  EXPECT_TRUE(has(spanish, "Responder a lo que falta"));
  EXPECT_TRUE(has(spanish, "Para levantarla: debe llegar la respuesta o el registro"));
  EXPECT_FALSE(has(spanish, "must come"));
  EXPECT_TRUE(has(spanish, "¿Fiebre de 38.0 grados C (100.4 F) o más")) << spanish;
  EXPECT_FALSE(has(spanish, "Fever of"));
  screen_ = answers(bench_.now);
  record({back_pain()});
  ASSERT_TRUE(bench_.submit("ehr", "2", bundle({answers(bench_.now)})));
  bench_.run();
  EXPECT_NE(bench_.state(), "held");
  EXPECT_FALSE(has(page(), "/forms/"));
}

TEST_F(Surgeon, OverridesAHoldByName) {
  record({back_pain(), condition("blood", haemophilia)});
  ASSERT_TRUE(bench_.submit("ehr", "1", bundle({patient(), back_pain(), order()})));
  bench_.run();
  id_ = bench_.only_referral().id.str();
  const auto held = view();
  ASSERT_EQ(held.size(), 1u);
  const auto& holds = held[0].holds;
  const auto signable =
      std::find_if(holds.begin(), holds.end(), [](const auto& hold) { return hold.signable; });
  ASSERT_NE(signable, holds.end());
  EXPECT_EQ(send("sign-off", "text=old+finding").status, 422) << "nothing is ticked";
  EXPECT_EQ(send("sign-off", "text=old+finding&rule=" + signable->rule).status, 303);
  bench_.run();
  EXPECT_TRUE(has(page(), "Dr. I. Varga (ehr/Practitioner/9)"));
  EXPECT_TRUE(has(page(), "A hold was overridden."));
}

TEST_F(Surgeon, AcknowledgesAnAlarmWhateverElseChanged) {
  record({back_pain(), cauda_equina()});
  ASSERT_TRUE(bench_.submit("ehr", "1", bundle({patient(), back_pain(), cauda_equina(), order()})));
  bench_.run();
  ASSERT_EQ(bench_.state(), "emergency");
  id_ = bench_.only_referral().id.str();
  const auto seen = view();
  ASSERT_EQ(seen[0].alerts.size(), 1u);
  EXPECT_EQ(std::count(seen[0].acts.begin(), seen[0].acts.end(), SurgeonAct::cancel), 0);
  EXPECT_EQ(send("acknowledge", "alert=another").status, 409);
  ASSERT_EQ(bench_.state(), "emergency");
  EXPECT_EQ(send("acknowledge", "alert=" + seen[0].alerts[0].id).status, 303);
  EXPECT_EQ(bench_.state(), "emergency_known");
  const auto alert = bench_.store->alert(seen[0].alerts[0].id);
  EXPECT_EQ((*alert)->acknowledged_by, "Dr. I. Varga (ehr/Practitioner/9)");
}

TEST_F(Surgeon, ReleasesWhatACoursePrepared) {
  accept();
  auto found = fracture();
  found.replace(found.find("2026-11-10"), 10, "2026-11-22");
  record({back_pain(), needled("v1", "2026-11-21"), needled("v2", "2026-11-23"),
          pain("before", "6", "2026-11-20"), pain("after", "7", "2026-11-23"), found});
  for (int i = 0; i < 4; ++i) look();
  ASSERT_TRUE(view()[0].prepared);
  EXPECT_EQ(send("dismiss", "text=").status, 422);
  EXPECT_EQ(send("release", "text=").status, 303);
  bench_.run();
  EXPECT_FALSE(view()[0].prepared);
  const auto letters = news_to_hospital();
  EXPECT_TRUE(std::any_of(letters.begin(), letters.end(), [](const auto& letter) {
    return letter.starts_with("return ") && has(letter, "Dr. I. Varga");
  }));
}

TEST_F(Surgeon, AFormOfAnotherViewOrAnOldOneDoesNothing) {
  accept();
  const auto fields = hidden("cancel");
  EXPECT_EQ(ask("POST", form_path("cancel"), "version=1&text=x").status, 403);
  who_->session = "the secret of another launch";
  EXPECT_EQ(ask("POST", form_path("cancel"), fields + "text=x").status, 403);
  who_->session = "a secret of the browser";
  ASSERT_TRUE(bench_.submit("willow", "3", bundle({task(id_, "in-progress", 3, "need-info")})));
  bench_.run();
  const auto late = ask("POST", form_path("cancel"), fields + "text=too+late");
  EXPECT_EQ(late.status, 409);
  EXPECT_TRUE(has(late.body, "too late")) << "what was typed is kept";
  EXPECT_NE(bench_.state(), "cancel_asked");
  who_.reset();
  EXPECT_EQ(ask("POST", form_path("cancel"), fields + "text=x").status, 401);
  EXPECT_EQ(ask("GET", "/smart/view/v1").status, 401);
}

TEST_F(Surgeon, OnlyTheFramesOfItsHospitalMayShowIt) {
  const auto policy = [&] {
    return std::string(
        http::find_header(ask("GET", "/smart/view/v1").headers, "Content-Security-Policy"));
  };
  EXPECT_TRUE(has(policy(), "frame-ancestors 'none'"));
  who_->frames = "https://ehr.example";
  EXPECT_TRUE(has(policy(), "frame-ancestors https://ehr.example"));
  EXPECT_TRUE(has(policy(), "default-src 'none'"));
}

TEST_F(Surgeon, WhatAClinicWritesIsTextAndNothingElse) {
  accept();
  const std::string evil = "<script>alert(1)</script><img src=x onerror=y>";
  ASSERT_TRUE(bench_.submit("willow", "3", bundle({task_with_note(id_, "need-info", 3, evil)})));
  bench_.run();
  who_->banner = true;
  who_->patient_name = evil;
  who_->caller.name = evil;
  const auto html = page() + ask("GET", form_path("reply")).body;
  EXPECT_FALSE(has(html, "<script"));
  EXPECT_FALSE(has(html, "<img"));
  EXPECT_TRUE(has(html, "&lt;script&gt;"));
}

TEST(SurgeonWords, EveryStateEventAndActHasItsWordsInBothLanguages) {
  const auto& words = web::surgeon_words();
  for (const auto& [key, texts] : words.texts()) {
    EXPECT_FALSE(texts[0].empty()) << key;
    EXPECT_FALSE(texts[1].empty()) << key;
  }
  for (const auto& row : routing::state_rows) {
    EXPECT_TRUE(words.has(std::string("state.") + row.name)) << row.name;
    EXPECT_EQ(words.has(std::string("next.") + row.name), row.worklist[0] != '\0') << row.name;
  }
  for (const auto& row : routing::event_rows) {
    EXPECT_TRUE(words.has(std::string("event.") + row.name)) << row.name;
  }
  for (const auto act : surgeon_acts) {
    const auto name = "act." + std::string(surgeon_act_name(act));
    EXPECT_TRUE(words.has(name) && words.has(name + ".help") && words.has(name + ".button"));
    EXPECT_TRUE(words.has("done." + std::string(surgeon_act_name(act))));
  }
}

}  // namespace
}  // namespace meridian::flow
