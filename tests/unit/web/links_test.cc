// SPDX-License-Identifier: Apache-2.0
// The pages behind one-time links, in Spanish.
#include <gtest/gtest.h>

#include "http/uri.h"
#include "web/pages.h"

namespace meridian::web {
namespace {

/// One of each page, all open.
class Linked : public Operations {
 public:
  Result<std::string> submit(Envelope) override { return std::string(); }
  Result<std::vector<ReferralLine>> referrals(int) override { return std::vector<ReferralLine>(); }
  HealthReport health() override { return {}; }
  Result<std::string> intervene(const Intervention&, std::string_view) override {
    return std::string();
  }
  Result<AlertView> alert(std::string_view id) override {
    AlertView view;
    view.id = id;
    view.rule = "RF01";
    view.text = "No saddle sense";
    view.order = "ServiceRequest/5";
    view.contact = "Ward 3";
    view.raised_at = *parse_instant("2026-11-24T02:30:00Z");
    return view;
  }
  Result<void> acknowledge(std::string_view, std::string_view) override { return {}; }
  Result<FormView> form(const FormTicket&) override {
    return FormView{
        state,
        "ServiceRequest/5",
        {{"rf01.saddle", "Numb where you sit?"}, {"site.own", "A site's own question?"}},
        false};
  }
  Result<FormView> answer(const FormTicket&, const FormAnswers&) override {
    return FormView{FormState::sent, {}, {}, true};
  }
  Result<SignOffView> sign_off(const FormTicket&) override {
    HoldLine held{"AC04", "absolute/none", "No saddle sense", "A guideline", {}, true, ""};
    HoldLine other{"RF01",          "emergency", "No saddle sense",    "A guideline",
                   {"Condition/1"}, false,       "Numb where you sit?"};
    return SignOffView{state, "ServiceRequest/5", {held, other}};
  }
  Result<SignOffView> give_sign_off(const FormTicket&, const SignOffGiven&) override {
    return SignOffView{FormState::sent, {}, {}};
  }
  Result<PatientLinkView> patient_link(const FormTicket&) override {
    return PatientLinkView{state, "ServiceRequest/5", "Lakeside", "Patient/17", "Ruth", {}};
  }
  Result<PatientLinkView> give_patient_link(const FormTicket&, const PatientLinkGiven&) override {
    return PatientLinkView{FormState::open, "ServiceRequest/5", "Lakeside", {}, {}, "merged"};
  }
  Result<PreparedReturnView> prepared_return(const FormTicket&) override {
    return PreparedReturnView{
        state, "ServiceRequest/5", "urgent", "No saddle sense", "since 2026", {}, {}, {}};
  }
  Result<PreparedReturnView> give_prepared_return(const FormTicket&,
                                                  const PreparedReturnGiven&) override {
    return PreparedReturnView{FormState::sent};
  }
  FormState state = FormState::open;
};

class Links : public testing::Test {
 protected:
  Links() {
    WallClock wall;
    wall.local = [](Instant at) { return at - std::chrono::hours(5); };
    wall.zone = "Lake time";
    router_ = routes(desk_, door_, {},
                     {wall, Translation({{"Numb where you sit?", "¿Adormecido donde se sienta?"},
                                         {"No saddle sense", "Sin sensibilidad"},
                                         {"absolute", "absoluta"},
                                         {"none", "ninguna"}})});
  }
  http::Response ask(const std::string& path, const std::string& language,
                     const std::string& body = {}) {
    http::Request request;
    request.method = body.empty() ? "GET" : "POST";
    request.path = path;
    request.body = body;
    request.headers = {{"Accept-Language", language}};
    const auto match = router_.find(request.method, http::parse_target(path)->segments);
    request.parameters = match.parameters;
    return match.route->handler(request);
  }
  std::string spanish(const std::string& path, const std::string& body = {}) {
    const auto page = ask(path, "es-US,es;q=0.9,en;q=0.5", body);
    EXPECT_NE(page.body.find("<html lang=\"es\">"), std::string::npos) << page.body;
    return page.body;
  }
  std::vector<std::string> links() {
    const FormTicket ticket{"01ABC", Role::staff, system_now()};
    return {"/forms/" + desk_.form_token(ticket), "/sign-offs/" + desk_.sign_off_token(ticket),
            "/patients/" + desk_.patient_link_token(ticket),
            "/returns/" + desk_.prepared_return_token(ticket),
            "/alerts/" + desk_.alert_token("01ALERT")};
  }

  Linked runtime_;
  Desk desk_{runtime_, "secret"};
  Door door_{Callers()};
  http::Router router_;
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_F(Links, SpeakSpanishToABrowserThatAsksForItAndEnglishToOthers) {
  const std::vector<std::string> words = {"Preguntas antes de una derivación",
                                          "Firmar una excepción", "De quién es la historia clínica",
                                          "Derivación de vuelta al cirujano",
                                          "Alerta de emergencia"};
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto page = spanish(links()[i]);
    EXPECT_TRUE(has(page, "<h1>" + words[i] + "</h1>")) << page;
    EXPECT_TRUE(has(page, "Su nombre")) << page;
    const auto english = ask(links()[i], "fr, en;q=0.4").body;
    EXPECT_TRUE(has(english, "<html lang=\"en\">") && has(english, "Your name")) << english;
  }
}

TEST_F(Links, SayWhatRulesSayInSpanishAndMarkWhatHasNone) {
  const auto all = links();
  const auto form = spanish(all[0]);
  EXPECT_TRUE(has(form, "<legend>¿Adormecido donde se sienta?</legend>")) << form;
  EXPECT_TRUE(
      has(form, "<legend><span lang=\"en\" dir=\"auto\">A site&#39;s own question?</span>"));
  const auto sign_off = spanish(all[1]);
  EXPECT_TRUE(has(sign_off, "Sin sensibilidad")) << sign_off;
  EXPECT_TRUE(
      has(sign_off, "Gravedad: agujas absoluta, corriente ninguna. Fuente: <span lang=\"en\""))
      << sign_off;
  EXPECT_TRUE(has(sign_off, "<br>¿Adormecido donde se sienta?</li>")) << sign_off;
  EXPECT_TRUE(has(spanish(all[3]), "Por qué: Sin sensibilidad")) << spanish(all[3]);
  EXPECT_TRUE(has(spanish(all[3]), "<strong>urgente</strong>"));
  const auto alert = spanish(all[4]);
  EXPECT_TRUE(has(alert, "</strong> Sin sensibilidad</p>")) << alert;
  EXPECT_TRUE(has(alert, "23 nov 2026, 21:30</time> (Lake time)")) << alert;
}

TEST_F(Links, AnswerInSpanishToo) {
  const auto all = links();
  EXPECT_TRUE(has(spanish(all[0], "by="), "Aún no se envió"));
  EXPECT_TRUE(has(spanish(all[0], "by=Ruth&rf01.saddle=yes"), "puede indicar una emergencia"));
  EXPECT_TRUE(has(spanish(all[1], "by=Ruth&role=MD&reason=x&rule=AC04"), "firmada por <bdi>Ruth"));
  EXPECT_TRUE(has(spanish(all[2], "by=Ruth&patient=18"), "se fusionó con otra"));
  EXPECT_TRUE(has(spanish(all[3], "by=Ruth&role=MD&decision=release"), "Autorizada por"));
  EXPECT_TRUE(has(spanish(all[4], "by="), "Vuelva atrás"));
  EXPECT_TRUE(has(spanish("/forms/none"), "Este enlace no es válido"));
}

TEST_F(Links, SayInSpanishThatTheyAreClosed) {
  const auto all = links();
  runtime_.state = FormState::settled;
  EXPECT_TRUE(has(spanish(all[0]), "ya no espera respuestas"));
  EXPECT_TRUE(has(spanish(all[1]), "ya no lo espera"));
  runtime_.state = FormState::sent;
  EXPECT_TRUE(has(spanish(all[2]), "Vinculado a <strong>Patient/17</strong>"));
  EXPECT_TRUE(has(spanish(all[3]), "ya se decidió"));
}

}  // namespace
}  // namespace meridian::web
