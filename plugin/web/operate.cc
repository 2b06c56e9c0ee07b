// SPDX-License-Identifier: Apache-2.0
#include "web/operate.h"

#include "http/uri.h"

namespace meridian::web {
namespace {

constexpr std::uint64_t longest_request = 16'384;

http::Response text(int status, std::string_view words) {
  return http::make_response(status, "text/plain; charset=utf-8", std::string(words) + "\n");
}

http::Response intervene(Desk& desk, const http::Request& request) {
  const auto fields = http::parse_query(request.body);
  if (!fields) return text(400, "the request is no form");
  const auto field = [&](const char* name) {
    return std::string(http::find_parameter(*fields, name));
  };
  const Intervention given{field("action"), field("target"),         field("clinic"),
                           field("reason"), field("apply") == "yes", field("name"),
                           field("role")};
  const auto answer = desk.intervene({field("by"), Role::operations}, given);
  if (answer) return http::make_response(200, "application/json", *answer);
  const auto& error = answer.error();
  return text(error_row(error.code).http_status, error.what.view());
}

}  // namespace

void add_operating(http::Router& router, Desk& desk, http::Gate gate) {
  router.add({"POST", "/operate",
              [&desk](const http::Request& request) { return intervene(desk, request); },
              std::move(gate), longest_request});
}

}  // namespace meridian::web
