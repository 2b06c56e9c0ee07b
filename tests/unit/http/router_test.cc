// SPDX-License-Identifier: Apache-2.0
#include "http/router.h"

#include <gtest/gtest.h>

namespace meridian::http {
namespace {

using Segments = std::vector<std::string>;

Handler says(std::string text) {
  return [text](const Request&) { return make_response(200, "text/plain", text); };
}

Router sample() {
  Router router;
  router.add({"GET", "/", says("home")});
  router.add({"GET", "/alerts/{token}", says("show")});
  router.add({"POST", "/alerts/{token}", says("acknowledge")});
  router.add({"GET", "/fhir/metadata", says("metadata")});
  router.add({"GET", "/fhir/{path...}", says("fhir")});
  return router;
}

std::string found(const Router& router, std::string_view method, const Segments& segments) {
  const auto match = router.find(method, segments);
  return match.route == nullptr ? "none" : match.route->handler({}).body;
}

TEST(Router, PrefersTheEarlierRoute) {
  const Router router = sample();
  EXPECT_EQ(found(router, "GET", {}), "home");
  EXPECT_EQ(found(router, "GET", {"fhir", "metadata"}), "metadata");
  EXPECT_EQ(found(router, "GET", {"fhir", "Task", "1"}), "fhir");
  EXPECT_EQ(found(router, "GET", {"fhir"}), "fhir");
  EXPECT_EQ(found(router, "GET", {"nothing"}), "none");
}

TEST(Router, GivesWhatTheNamesStandFor) {
  const Router router = sample();
  EXPECT_EQ(find_parameter(router.find("POST", {"alerts", "t1"}).parameters, "token"), "t1");
  EXPECT_EQ(find_parameter(router.find("GET", {"fhir", "Task", "1"}).parameters, "path"), "Task/1");
  EXPECT_EQ(router.find("GET", {"alerts", ""}).route, nullptr);
}

TEST(Router, AnswersHeadByTheGetRouteAndListsWhatIsAllowed) {
  const Router router = sample();
  EXPECT_EQ(found(router, "HEAD", {"alerts", "t"}), "show");
  const auto match = router.find("DELETE", {"alerts", "t"});
  EXPECT_EQ(match.route, nullptr);
  EXPECT_EQ(match.allow, "GET, HEAD, POST");
  EXPECT_EQ(router.find("DELETE", {"nothing"}).allow, "");
}

TEST(Router, ComparesMethodsExactly) {
  EXPECT_EQ(found(sample(), "get", {"fhir", "metadata"}), "none");
}

}  // namespace
}  // namespace meridian::http
