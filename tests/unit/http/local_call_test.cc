// SPDX-License-Identifier: Apache-2.0
#include "http/local_call.h"

#include <gtest/gtest.h>

#include "unit/http/running_server.h"

namespace meridian::http {
namespace {

using test::echo_router;
using test::RunningServer;

std::string url_of(const RunningServer& server) {
  return "http://127.0.0.1:" + std::to_string(server.port());
}

TEST(LocalCall, SendsTheTokenAndTheBodyAndGetsTheWholeAnswer) {
  Router router;
  router.add({"POST", "/operate", [](const Request& request) {
                const std::string token(request.header("authorization"));
                return make_response(200, "text/plain", token + " " + request.body);
              }});
  RunningServer server({}, std::move(router));
  const std::string long_body(10'000, 'x');
  const auto answer = post_local({url_of(server), "/operate", "t0ken", long_body, ""});
  ASSERT_TRUE(answer) << answer.error().what.view();
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "Bearer t0ken " + long_body);
}

TEST(LocalCall, GivesTheStatusOfARefusal) {
  RunningServer server({}, echo_router());
  EXPECT_EQ(post_local({url_of(server), "/nothing", "", "", ""})->status, 404);
}

TEST(LocalCall, SaysThatNobodyListens) {
  std::string url;
  {
    RunningServer server({}, echo_router());
    url = url_of(server);
  }
  EXPECT_EQ(post_local({url, "/echo", "", "", ""}).error().code, ErrorCode::unavailable);
}

TEST(LocalCall, GoesNowhereButToTheLoopback) {
  for (const char* url : {"http://10.0.0.1:80", "http://localhost:80", "127.0.0.1:80", "",
                          "http://127.0.0.1", "ftp://127.0.0.1:80", "http://1270.evil:80"}) {
    EXPECT_EQ(post_local({url, "/echo", "", "", ""}).error().code, ErrorCode::invalid) << url;
  }
}

}  // namespace
}  // namespace meridian::http
