// SPDX-License-Identifier: Apache-2.0
// Which handler answers a request, and who is let in before its body is read.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "http/request.h"
#include "http/response.h"

namespace meridian::http {

/// Answers a request. Runs on the server's blocking threads, several at a time.
/// An exception that leaves it becomes a 500.
using Handler = std::function<Response(const Request&)>;

/// Looks at the head of a request before its body is read: nothing lets it pass, a response
/// refuses it. May set Request::principal. Runs where handlers run.
using Gate = std::function<std::optional<Response>(Request&)>;

struct Route {
  std::string method;   ///< a GET route answers HEAD as well
  std::string pattern;  ///< "/alerts/{token}", "/fhir/{path...}": the last one takes what is left
  Handler handler;
  Gate gate = {};                              ///< empty: open to everybody
  std::optional<std::uint64_t> max_body = {};  ///< bytes; empty: the server's own limit
};

/// The routes of one server. Filled first, then only read.
class Router {
 public:
  /// What was found for a path and method.
  struct Match {
    const Route* route = nullptr;  ///< none: 404 when `allow` is empty, else 405
    Fields parameters;
    std::string allow;  ///< methods that the path does have
  };

  /// Earlier routes win over later ones.
  Router& add(Route route);

  /// Makes the body of answers that the server itself gives (404, 413 ...).
  /// By default one line of plain text.
  Router& on_error(std::function<Response(int status)> make);

  /// All of them, in the order in which they were added.
  const std::vector<Route>& routes() const { return routes_; }
  Match find(std::string_view method, const std::vector<std::string>& segments) const;
  Response error(int status) const;

 private:
  std::vector<Route> routes_;
  std::function<Response(int)> make_error_;
};

}  // namespace meridian::http
