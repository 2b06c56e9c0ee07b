// SPDX-License-Identifier: Apache-2.0
// Somebody who means harm: other clinics' referrals, script in every field, forms out of shape.
#include <gtest/gtest.h>

#include "http/uri.h"
#include "unit/inbox/site.h"

namespace meridian::test {
namespace {

const std::string attack = "\"><script>alert(1)</script><img src=x onerror='alert(2)'>";

/// What a form of that session and path proves itself with.
std::string token_for(const std::string& clinic, const std::string& path) {
  Visitors visitors;
  const web::PageDoor door(visitors, "secret of the test", [] { return "http://127.0.0.1:8480"; });
  http::Request request;
  request.path = path;
  request.headers = {{"Cookie", "meridian=" + clinic + "-session"}};
  return "token=" + hidden_value(door.form_field(request), "token");
}

TEST(InboxHostile, AFormOfAnotherSiteIsRefused) {
  InboxSite site;
  const auto id = site.endpoint.refer("willow");
  const auto path = "/inbox/" + id + "/accept";
  const auto page = site.get("willow", path).body;
  EXPECT_EQ(site.ask("willow", "POST", path, "form=x&version=1").status, 403) << "no token";
  const auto body = site.filled(page, {});
  EXPECT_EQ(site.ask("willow", "POST", "/inbox/" + id + "/missed", body).status, 403)
      << "the token of another form";
  EXPECT_EQ(site.ask("willow", "POST", path, body, {{"Sec-Fetch-Site", "cross-site"}}).status, 403);
  EXPECT_NE(site.bench.state(), "accepted");
  EXPECT_EQ(site.ask("willow", "POST", path, body).status, 303);
}

TEST(InboxHostile, AnotherClinicsReferralIsNotThere) {
  InboxSite site;
  const auto id = site.endpoint.refer("willow");
  for (const auto* tail : {"", "/accept", "/packet.pdf", "/bundle.json"}) {
    const auto answer = site.get("birch", "/inbox/" + id + tail);
    EXPECT_EQ(answer.status, 404) << tail;
    EXPECT_FALSE(says(answer.body, "Alder"));
    EXPECT_FALSE(says(answer.body, id));
  }
  const auto page = site.get("willow", "/inbox/" + id + "/accept").body;
  const auto path = "/inbox/" + id + "/accept";
  EXPECT_EQ(site.ask("birch", "POST", path, site.filled(page, {})).status, 403)
      << "the form is of another session";
  EXPECT_EQ(site.ask("birch", "POST", path, token_for("birch", path) + "&form=x&version=1").status,
            404);
  EXPECT_NE(site.bench.state(), "accepted");
}

/// Every page below a referral, from the routes: one that is added is asked as well.
TEST(InboxHostile, NoRouteShowsOrChangesAnotherClinicsReferral) {
  InboxSite site;
  const auto id = site.endpoint.refer("willow");
  const auto state = site.bench.state();
  int asked = 0;
  for (const auto& route : site.routes().routes()) {
    if (!route.pattern.starts_with("/inbox/{referral}")) continue;
    for (const auto* act : {"accept", "decline", "ask", "propose", "book", "visit", "missed",
                            "report", "give-back", "red-flag"}) {
      auto path = "/inbox/" + id + route.pattern.substr(std::string("/inbox/{referral}").size());
      const auto at = path.find("{act}");
      if (at != std::string::npos) path.replace(at, 5, act);
      ASSERT_EQ(path.find('{'), std::string::npos) << path << ": whose is this id?";
      const auto body = token_for("birch", path) + "&form=x&version=1&text=mine";
      const auto answer = site.ask("birch", route.method, path, route.method == "GET" ? "" : body);
      EXPECT_EQ(answer.status, 404) << route.method << " " << path;
      EXPECT_FALSE(says(answer.body, "Alder") || says(answer.body, id)) << path;
      ++asked;
    }
  }
  EXPECT_GE(asked, 50);
  EXPECT_EQ(site.bench.state(), state);
}

TEST(InboxHostile, WithoutAClinicsRoleNothingIsShown) {
  InboxSite site;
  const auto id = site.endpoint.refer("willow");
  for (const auto* path : {"/inbox", "/inbox/", "/accept", "/packet.pdf", "/bundle.json"}) {
    const auto whole = std::string(path) == "/inbox"    ? std::string(path)
                       : std::string(path) == "/inbox/" ? "/inbox/" + id
                                                        : "/inbox/" + id + path;
    EXPECT_EQ(site.get("", whole).status, 303) << whole << " leads to the sign-in";
    EXPECT_EQ(site.get("viewer", whole).status, 403) << whole;
  }
  EXPECT_EQ(site.ask("", "POST", "/inbox/" + id + "/accept", "form=x&version=1").status, 403);
}

TEST(InboxHostile, IdsThatAreNoneAreNotThere) {
  InboxSite site;
  site.endpoint.refer("willow");
  for (const auto* id :
       {"x", "01JNQX5K7V9W2M4R8T6Y0ZBCDE", "%27%20OR%201=1", "Task", "%3Cscript%3E"}) {
    const auto answer = site.get("willow", std::string("/inbox/") + id);
    EXPECT_EQ(answer.status, 404) << id;
    EXPECT_FALSE(says(answer.body, "<script"));
  }
  const auto known = site.endpoint.refer("willow");
  EXPECT_EQ(site.get("willow", "/inbox/" + known + "/no-such-act").status, 404);
  EXPECT_EQ(site.get("willow", "/inbox/" + known + "-abc").status, 404);
}

TEST(InboxHostile, ScriptInAnyFieldOfAFormIsText) {
  for (const auto* act : {"accept", "decline", "ask", "book", "propose", "red-flag"}) {
    InboxSite site;
    const auto id = site.endpoint.refer("willow");
    http::Fields fields;
    for (const auto* name :
         {"text", "reason", "date1", "time1", "date2", "NRS", "ODI", "adverse"}) {
      fields.push_back({name, attack});
    }
    const auto answer = site.say("willow", id, act, fields);
    EXPECT_FALSE(says(answer.body, "<script")) << act;
    EXPECT_FALSE(says(answer.body, "<img")) << act;
    for (const auto& path : {"/inbox/" + id, std::string("/inbox"),
                             "/inbox/" + id + "?done=" + http::percent_encode(attack)}) {
      const auto page = site.get("willow", path);
      EXPECT_FALSE(says(page.body, "<script")) << path;
      EXPECT_FALSE(says(page.body, "<img")) << path;
    }
  }
}

TEST(InboxHostile, ScriptInTheHiddenFieldsAndInTheAddressIsText) {
  InboxSite site;
  const auto id = site.endpoint.refer("willow");
  const auto bad = http::percent_encode(attack);
  const auto path = "/inbox/" + id + "/ask";
  const auto posted =
      site.ask("willow", "POST", path,
               token_for("willow", path) + "&form=" + bad + "&version=" + bad + "&text=why");
  EXPECT_EQ(posted.status, 409) << "no version was read";
  EXPECT_FALSE(says(posted.body, "<script"));
  EXPECT_FALSE(says(site.get("willow", "/inbox?group=" + bad + "&page=" + bad).body, "<script"));
}

TEST(InboxHostile, FormsOutOfShapeChangeNothing) {
  InboxSite site;
  const auto id = site.endpoint.refer("willow");
  const auto path = "/inbox/" + id + "/accept";
  for (const auto* body : {"", "form=&version=1", "version=1", "form=x", "form=x&version=99",
                           "form=x&version=-1", "%zz", "form=x&version=1&text=%ff%fe"}) {
    const auto with_token = token_for("willow", path) + "&" + body;
    const auto answer = site.ask("willow", "POST", path, with_token);
    EXPECT_TRUE(answer.status == 403 || answer.status == 404 || answer.status == 409 ||
                answer.status == 422)
        << body << " " << answer.status;
  }
  EXPECT_NE(site.bench.state(), "accepted");
}

}  // namespace
}  // namespace meridian::test
