// SPDX-License-Identifier: Apache-2.0
// Asks a sandbox server's routes without a socket.
#pragma once

#include <atomic>
#include <string>

#include "fhir_server/service.h"

namespace meridian::test {

class DirectClient {
 public:
  explicit DirectClient(sandbox::ServerSettings settings = {});

  http::Response send(const std::string& method, const std::string& target,
                      const std::string& body = "", http::Fields headers = {});

  /// The same, with the body read; expects JSON.
  sandbox::Json json(const std::string& method, const std::string& target,
                     const std::string& body = "", http::Fields headers = {});

  int status(const std::string& method, const std::string& target, const std::string& body = "",
             http::Fields headers = {});

  /// The ids of the matches of a search, joined by spaces.
  std::string ids(const std::string& target);

  sandbox::FhirService& service() { return service_; }

  /// Each change is a second later than the one before.
  static constexpr const char* base = "http://clinic.example/fhir";

 private:
  std::atomic<int> ticks_{0};
  sandbox::FhirService service_;
  http::Router router_;
};

}  // namespace meridian::test
