// SPDX-License-Identifier: Apache-2.0
// What a browser keeps of a launch, and what that is good for.
#include "fhir/launch/cookies.h"

#include <gtest/gtest.h>

namespace meridian::fhir {
namespace {

const Launched opened{
    "view-a",     "",   {"Dr. I. Varga", Role::clinician, "ehr", false, "Practitioner/9"},
    "Patient/17", true, "Tunde Abara",
    "1985-05-05"};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// The request of a browser that keeps this cookie.
http::Request with(const http::Field& cookie, const std::string& view = "view-a") {
  http::Request request;
  request.headers = {{"Cookie", cookie.value.substr(0, cookie.value.find(';'))}};
  request.parameters = {{"view", view}};
  return request;
}

TEST(LaunchCookies, InAFrameOfAnotherSiteTheyAreSecureAndPartitioned) {
  const LaunchCookies https("secret", true);
  const auto now = system_now();
  for (const auto& cookie : {https.keep_nothing(), https.keep("h", {"ehr", "v", "n"}, now),
                             https.keep(opened, now + std::chrono::minutes(5))}) {
    for (const auto* part : {"__Secure-", "; HttpOnly", "; SameSite=None", "; Secure",
                             "; Partitioned", "; Path=/smart/"}) {
      EXPECT_TRUE(has(cookie.value, part)) << cookie.value << part;
    }
    EXPECT_FALSE(has(cookie.value, "Abara"));
  }
  EXPECT_TRUE(has(LaunchCookies("secret", false).keep_nothing().value, "SameSite=Lax"));
}

TEST(LaunchCookies, AViewComesBackAsItWas) {
  const LaunchCookies jar("secret", true);
  const auto now = system_now();
  const auto cookie = jar.keep(opened, now + std::chrono::minutes(5));
  const auto back = jar.launched(with(cookie), now);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->view, "view-a");
  EXPECT_EQ(back->patient, "Patient/17");
  EXPECT_EQ(back->caller.person, "Practitioner/9");
  EXPECT_EQ(back->caller.source, "ehr");
  EXPECT_EQ(back->caller.role, Role::clinician);
  EXPECT_TRUE(back->banner);
  EXPECT_FALSE(back->session.empty());
}

TEST(LaunchCookies, NeitherForAnotherViewNorLaterNorOfAnotherSite) {
  const LaunchCookies jar("secret", true);
  const auto now = system_now();
  const auto cookie = jar.keep(opened, now + std::chrono::minutes(5));
  EXPECT_FALSE(jar.launched(with(cookie, "view-b"), now));
  EXPECT_FALSE(jar.launched(with(cookie), now + std::chrono::minutes(5)));
  EXPECT_FALSE(LaunchCookies("another", true).launched(with(cookie), now));
  EXPECT_FALSE(jar.launched(http::Request(), now));
}

TEST(LaunchCookies, AWaitingLaunchIsNoView) {
  const LaunchCookies jar("secret", true);
  const auto now = system_now();
  auto cookie = jar.keep("view-a", {"ehr", "verifier", "nonce"}, now);
  const auto pending = jar.pending(with(cookie), "view-a", now);
  ASSERT_TRUE(pending);
  EXPECT_EQ(pending->verifier, "verifier");
  EXPECT_FALSE(jar.pending(with(cookie), "view-b", now));
  EXPECT_FALSE(jar.pending(with(cookie), "view-a", now + std::chrono::minutes(10)));
  const auto equals = cookie.value.find('=');
  cookie.value = "__Secure-meridian-view" + cookie.value.substr(equals);
  EXPECT_FALSE(jar.launched(with(cookie), now));
}

}  // namespace
}  // namespace meridian::fhir
