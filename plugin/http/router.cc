// SPDX-License-Identifier: Apache-2.0
#include "http/router.h"

#include <algorithm>

namespace meridian::http {
namespace {

/// Takes the next segment of a pattern; both start with "/" or are empty.
std::string_view next_segment(std::string_view& pattern) {
  pattern.remove_prefix(1);
  const auto end = std::min(pattern.find('/'), pattern.size());
  const std::string_view segment = pattern.substr(0, end);
  pattern.remove_prefix(end);
  return segment;
}

std::string rest_of(const std::vector<std::string>& segments, std::size_t from) {
  std::string out;
  for (std::size_t i = from; i < segments.size(); ++i) {
    if (i > from) out += '/';
    out += segments[i];
  }
  return out;
}

bool matches(std::string_view pattern, const std::vector<std::string>& segments, Fields& out) {
  std::size_t at = 0;
  if (pattern == "/") pattern = {};
  while (!pattern.empty()) {
    const std::string_view expected = next_segment(pattern);
    const bool named = expected.size() > 2 && expected.front() == '{' && expected.back() == '}';
    if (named && expected.ends_with("...}")) {
      out.push_back({std::string(expected.substr(1, expected.size() - 5)), rest_of(segments, at)});
      return true;
    }
    if (at == segments.size()) return false;
    if (named && !segments[at].empty()) {
      out.push_back({std::string(expected.substr(1, expected.size() - 2)), segments[at]});
    } else if (named || segments[at] != expected) {
      return false;
    }
    ++at;
  }
  return at == segments.size();
}

void allow(std::string& list, const std::string& method) {
  if (!list.empty()) list += ", ";
  list += method;
  if (method == "GET") list += ", HEAD";
}

}  // namespace

Router& Router::add(Route route) {
  routes_.push_back(std::move(route));
  return *this;
}

Router& Router::on_error(std::function<Response(int status)> make) {
  make_error_ = std::move(make);
  return *this;
}

Router::Match Router::find(std::string_view method,
                           const std::vector<std::string>& segments) const {
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  Match out;
  for (const auto& route : routes_) {
    Fields parameters;
    if (!matches(route.pattern, segments, parameters)) continue;
    if (route.method == method || route.method == wanted) {
      return {&route, std::move(parameters), {}};
    }
    allow(out.allow, route.method);
  }
  return out;
}

Response Router::error(int status) const {
  if (make_error_) return make_error_(status);
  return make_response(status, "text/plain; charset=utf-8",
                       std::string(reason_phrase(status)) + "\n");
}

}  // namespace meridian::http
