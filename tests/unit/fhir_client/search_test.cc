// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "unit/fhir_client/client_fixture.h"

namespace meridian::fhir {
namespace {

using test::ClientFixture;
using test::Fault;
using test::json;
using test::Reply;
using test::Seen;
using test::TestServer;

/// A searchset page with those entries and that next link, each empty for none.
std::string page(const std::string& next, const std::string& entries = "",
                 const std::string& more = "") {
  return R"({"resourceType":"Bundle","type":"searchset")" + more +
         (next.empty() ? "" : R"(,"link":[{"relation":"next","url":")" + next + R"("}])") +
         R"(,"entry":[)" + entries + "]}";
}

std::string condition(int id) {
  return R"({"resource":{"resourceType":"Condition","id":")" + std::to_string(id) +
         R"("},"search":{"mode":"match"}})";
}

std::string outcome(const std::string& severity, const std::string& code,
                    const std::string& detail = "") {
  return R"({"resourceType":"OperationOutcome","issue":[{"severity":")" + severity +
         R"(","code":")" + code + R"(","details":{"coding":[{"code":")" + detail + R"("}]}}]})";
}

std::string outcome_entry(const std::string& json_text) {
  return R"({"search":{"mode":"outcome"},"resource":)" + json_text + "}";
}

struct Run {
  SearchPages pages;
  std::vector<Seen> seen;
};

/// One search for the conditions of a patient with answers by `handler`.
Run search(
    TestServer::Handler handler,
    const std::function<void(ClientFixture&)>& adjust = [](ClientFixture&) {}) {
  TestServer server(std::move(handler));
  ClientFixture fixture(server.url("/r4"));
  fixture.settings.habits.outcome_codes = {
      {"4101", Meaning::nothing},  {"4113", Meaning::expired},  {"4119", Meaning::incomplete},
      {"4130", Meaning::withheld}, {"4131", Meaning::withheld}, {"4134", Meaning::withheld}};
  adjust(fixture);
  Run run;
  run.pages = fixture.client()->search("Condition", {{"patient", "Patient/17"}, {"_count", "50"}});
  run.seen = server.seen();
  return run;
}

TEST(Search, FollowsNextToTheLastPage) {
  const auto run = search([](const Seen& seen) {
    if (seen.target == "/r4/Condition?patient=Patient%2F17&_count=50") {
      return json(200, page("http://" + seen.headers.at("host") + "/r4?_getpages=a", condition(1)));
    }
    if (seen.target == "/r4?_getpages=a") return json(200, page("/r4?_getpages=b", condition(2)));
    if (seen.target == "/r4?_getpages=b") return json(200, page("Condition?p=c", condition(3)));
    EXPECT_EQ(seen.target, "/r4/Condition?p=c");
    return json(200, page(""));
  });
  EXPECT_EQ(run.pages.completeness, Completeness::complete);
  EXPECT_EQ(run.pages.bodies.size(), 4u);
  EXPECT_EQ(run.pages.why, "");
  EXPECT_FALSE(run.pages.failure);
}

TEST(Search, KeepsTheOrderAndRepetitionOfParameters) {
  TestServer server([](const Seen&) { return json(200, page("")); });
  const auto client = ClientFixture(server.url("/r4")).client();
  client->search("Encounter", {{"date", "ge2026-01-01"},
                               {"patient", "1"},
                               {"date", "lt2027"},
                               {"identifier", "urn:oid:1.2|A&B=ü"}});
  EXPECT_EQ(server.seen()[0].target,
            "/r4/Encounter?date=ge2026-01-01&patient=1&date=lt2027"
            "&identifier=urn%3Aoid%3A1.2%7CA%26B%3D%C3%BC");
}

TEST(Search, ByPostPutsNothingInTheUrl) {
  const auto run = search([](const Seen&) { return json(200, page("")); },
                          [](ClientFixture& fixture) { fixture.settings.search_by_post = true; });
  ASSERT_EQ(run.seen.size(), 1u);
  EXPECT_EQ(run.seen[0].method, "POST");
  EXPECT_EQ(run.seen[0].target, "/r4/Condition/_search");
  EXPECT_EQ(run.seen[0].body, "patient=Patient%2F17&_count=50");
  EXPECT_EQ(run.seen[0].headers.at("content-type"), "application/x-www-form-urlencoded");
}

TEST(Search, NeverFollowsNextOutOfTheBase) {
  TestServer elsewhere([](const Seen&) { return json(200, page("")); });
  for (const auto& next :
       {elsewhere.url("/r4/Condition"), std::string("//127.0.0.1:1/r4/Condition"),
        std::string("https://127.0.0.1/r4/Condition"), std::string("/r4evil?page=2"),
        std::string("/r4/../admin"), std::string("/r4/%2e%2e/admin"), std::string("/admin"),
        std::string("http://user@127.0.0.1/r4"), std::string("ftp://127.0.0.1/r4")}) {
    const auto run = search([&](const Seen&) { return json(200, page(next, condition(1))); },
                            [](ClientFixture& fixture) {
                              fixture.settings.auth = BearerAuth{Sensitive<std::string>("secret")};
                            });
    EXPECT_EQ(run.pages.completeness, Completeness::partial) << next;
    EXPECT_EQ(run.pages.why, "foreign-link") << next;
    EXPECT_EQ(run.pages.bodies.size(), 1u) << "what came before is kept";
    EXPECT_EQ(run.pages.failure->code, ErrorCode::untrusted);
    EXPECT_EQ(run.seen.size(), 1u) << next;
  }
  EXPECT_EQ(elsewhere.count(), 0u);
}

TEST(Search, LeavesALoopOfPages) {
  const auto run = search([](const Seen& seen) {
    return json(200, page(seen.target.find("p=a") == std::string::npos ? "/r4?p=a" : "/r4?p=b"));
  });
  EXPECT_EQ(run.pages.why, "paging-loop");
  EXPECT_EQ(run.pages.completeness, Completeness::partial);
  EXPECT_EQ(run.seen.size(), 3u);
}

TEST(Search, StopsAtTheLimitOfPages) {
  int n = 0;
  const auto run =
      search([&](const Seen&) { return json(200, page("/r4?p=" + std::to_string(n++))); },
             [](ClientFixture& fixture) { fixture.settings.limits.pages = 5; });
  EXPECT_EQ(run.pages.bodies.size(), 5u);
  EXPECT_EQ(run.pages.why, "too-many-pages");
  EXPECT_EQ(run.pages.completeness, Completeness::partial);
}

TEST(Search, FewerThanTheTotalIsNotComplete) {
  const auto run = search([](const Seen&) {
    return json(200, page("", condition(1) + "," + condition(2), R"(,"total":3)"));
  });
  EXPECT_EQ(run.pages.completeness, Completeness::partial);
  EXPECT_EQ(run.pages.why, "fewer-than-total");
}

TEST(Search, TheSameRecordOnTwoPagesCountsOnce) {
  const auto run = search([](const Seen& seen) {
    const bool first = seen.target.find("p=2") == std::string::npos;
    return json(200, page(first ? "/r4?p=2" : "", condition(1), R"(,"total":2)"));
  });
  EXPECT_EQ(run.pages.why, "fewer-than-total");
}

TEST(Search, AnEmptyResultIsCompleteAndSaysSo) {
  const auto run = search([](const Seen&) {
    return json(200,
                page("", outcome_entry(outcome("warning", "not-found", "4101")), R"(,"total":0)"));
  });
  EXPECT_EQ(run.pages.completeness, Completeness::complete);
  ASSERT_EQ(run.pages.outcome.size(), 1u);
  EXPECT_EQ(run.pages.outcome[0].code, "not-found");
}

TEST(Search, OutcomesInsideAGoodPageLowerItsCompleteness) {
  for (const auto& [text, completeness] :
       {std::pair{outcome("warning", "processing", "4119"), Completeness::partial},
        {outcome("warning", "incomplete"), Completeness::partial},
        {outcome("error", "exception"), Completeness::partial},
        {outcome("warning", "suppressed"), Completeness::withheld},
        {outcome("fatal", "forbidden", "4130"), Completeness::withheld},
        {outcome("fatal", "forbidden", "4131"), Completeness::withheld},
        {outcome("error", "security", "4134"), Completeness::withheld},
        {outcome("information", "informational", "59100"), Completeness::complete}}) {
    const auto run = search([&, &text = text](const Seen&) {
      return json(200, page("", condition(1) + "," + outcome_entry(text)));
    });
    EXPECT_EQ(run.pages.completeness, completeness) << text;
    EXPECT_EQ(run.pages.outcome.size(), 1u);
    EXPECT_EQ(run.pages.bodies.size(), 1u);
  }
}

TEST(Search, BreakTheGlassAsAnErrorIsWithheldAndNotRepeated) {
  const auto run =
      search([](const Seen&) { return json(403, outcome("fatal", "forbidden", "4131")); });
  EXPECT_EQ(run.pages.completeness, Completeness::withheld);
  EXPECT_EQ(run.pages.why, "break-the-glass");
  EXPECT_EQ(run.pages.failure->code, ErrorCode::forbidden);
  EXPECT_EQ(run.seen.size(), 1u);
}

TEST(Search, APagingSessionThatExpiredIsAskedForAgainOnce) {
  int searches = 0;
  const auto run = search([&](const Seen& seen) {
    if (seen.target.find("p=old") != std::string::npos) {
      return json(400, outcome("fatal", "value", "4113"));
    }
    if (seen.target.find("p=new") != std::string::npos) return json(200, page("", condition(2)));
    return json(200, page(++searches == 1 ? "/r4?p=old" : "/r4?p=new", condition(1)));
  });
  EXPECT_EQ(searches, 2);
  EXPECT_EQ(run.pages.completeness, Completeness::complete);
  EXPECT_EQ(run.pages.bodies.size(), 2u) << "pages of the first try are not mixed in";
}

TEST(Search, APagingSessionThatExpiresTwiceEndsTheSearch) {
  int searches = 0;
  const auto run = search([&](const Seen& seen) {
    if (seen.target.find("p=") != std::string::npos) return json(410, "");
    ++searches;
    return json(200, page("/r4?p=" + std::to_string(searches), condition(1)));
  });
  EXPECT_EQ(searches, 2);
  EXPECT_EQ(run.pages.completeness, Completeness::partial);
  EXPECT_EQ(run.pages.failure->code, ErrorCode::not_found);
}

TEST(Search, ALaterPageThatFailsKeepsTheEarlierOnes) {
  const auto run = search(
      [](const Seen& seen) {
        Reply reply = json(200, page("/r4?p=2", condition(1)));
        if (seen.target.find("p=2") != std::string::npos) reply.fault = Fault::close_unanswered;
        return reply;
      },
      [](ClientFixture& fixture) { fixture.settings.limits.attempts = 2; });
  EXPECT_EQ(run.pages.completeness, Completeness::partial);
  EXPECT_EQ(run.pages.bodies.size(), 1u);
  EXPECT_EQ(run.pages.why, "interrupted");
}

TEST(Search, WhatIsNoBundleIsAFailure) {
  for (const auto& reply :
       {json(200, "<html>maintenance</html>"), json(200, R"({"resourceType":"Patient"})"),
        json(200, ""), json(200, R"({"resourceType":"Bundle","entry":[)")}) {
    const auto run = search([&](const Seen&) { return reply; });
    EXPECT_EQ(run.pages.completeness, Completeness::failed) << reply.body;
    EXPECT_EQ(run.pages.why, "not-a-bundle");
    EXPECT_EQ(run.pages.failure->code, ErrorCode::malformed);
    EXPECT_TRUE(run.pages.bodies.empty());
  }
}

TEST(Search, FailuresAreNamedInAWord) {
  for (const auto& [status, why] : {std::pair{401, "unauthorized"},
                                    {403, "forbidden"},
                                    {404, "not-supported"},
                                    {400, "refused"}}) {
    const auto run = search([status = status](const Seen&) { return json(status, ""); });
    EXPECT_EQ(run.pages.completeness, Completeness::failed);
    EXPECT_EQ(run.pages.why, why);
    EXPECT_EQ(run.seen.size(), 1u);
    ASSERT_EQ(run.pages.outcome.size(), 1u) << "and what came in place of an outcome is said";
  }
}

TEST(Search, ATypeThatIsNoneIsRefusedBeforeItIsSent) {
  TestServer server([](const Seen&) { return json(200, page("")); });
  const auto client = ClientFixture(server.url("/r4")).client();
  for (const char* type : {"../admin", "https://evil.example/Condition", "//evil.example"}) {
    EXPECT_EQ(client->search(type, {}).completeness, Completeness::failed) << type;
  }
  EXPECT_EQ(server.count(), 0u);
}

}  // namespace
}  // namespace meridian::fhir
