// SPDX-License-Identifier: Apache-2.0
#include "unit/web/browser.h"

#include "http/uri.h"
#include "web/pages.h"

namespace meridian::test {

http::Response ask(Desk& desk, const std::string& method, const std::string& path,
                   const std::string& body, const std::string& peer, const std::string& language) {
  web::Door door{Callers()};
  const auto router = web::routes(desk, door, {}, {{}, {}, web::told_in_spanish({})});
  const auto target = http::parse_target(path);
  const auto match = router.find(method, target->segments);
  if (match.route == nullptr) return router.error(match.allow.empty() ? 404 : 405);
  http::Request request;
  request.method = method;
  request.path = target->path;
  request.query = target->query;
  request.headers = {{"Accept-Language", language}};
  request.body = body;
  request.peer = peer;
  request.parameters = match.parameters;
  if (match.route->gate) {
    if (auto refused = match.route->gate(request)) return *refused;
  }
  return match.route->handler(request);
}

}  // namespace meridian::test
