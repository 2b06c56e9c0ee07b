// SPDX-License-Identifier: Apache-2.0
// Asks the web pages as a browser would, without a socket.
#pragma once

#include <string>

#include "http/response.h"
#include "port/desk.h"

namespace meridian::test {

/// `path` begins with "/"; a page that is not there gives 404, a wrong method 405.
http::Response ask(Desk& desk, const std::string& method, const std::string& path,
                   const std::string& body = {}, const std::string& peer = "127.0.0.1",
                   const std::string& language = "en");

}  // namespace meridian::test
