// SPDX-License-Identifier: Apache-2.0
// One request to the server of this program on the same machine.
#pragma once

#include <chrono>
#include <string>

#include "base/result.h"

namespace meridian::http {

struct LocalCall {
  std::string url;     ///< "http://127.0.0.1:8480", "https://[::1]:8443"; a loopback address
  std::string target;  ///< "/operate"
  std::string bearer;  ///< token; only whoever may read the server's folder has it
  std::string body;    ///< application/x-www-form-urlencoded
  std::string
      certificate;  ///< https: PEM file of the server's own certificate, the only one trusted
  std::chrono::seconds patience{300};  ///< for each read and write
};

struct LocalAnswer {
  int status = 0;
  std::string body;
};

/// POSTs and waits for the whole answer. Errors: unavailable when nobody listens there, timed_out,
/// interrupted, untrusted (another certificate), invalid (the url is no loopback address).
Result<LocalAnswer> post_local(const LocalCall& call);

}  // namespace meridian::http
