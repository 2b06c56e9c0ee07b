// SPDX-License-Identifier: Apache-2.0
// A FHIR server as the people who work with it see it: by its API and nothing else.
#pragma once

#include <string>
#include <vector>

#include "fhir_server/json.h"

namespace meridian::sandbox {

/// What a web server said.
struct Answer {
  int status = 0;
  std::string body;
  std::string cookie = {};  ///< "name=value" that the answer sets; empty: none
};

/// What is sent. `media_type` is that of the body and, when it is JSON, of the answer too.
struct Question {
  std::string method;
  std::string url;  ///< http or https
  std::string body = {};
  std::string media_type = "application/fhir+json";
  std::string ca_file = {};  ///< PEM of who may vouch for an https server; empty: the system's
  std::string token = {};    ///< bearer token; empty: none
  std::string cookie = {};   ///< "name=value"; empty: none
};

/// One HTTP request. Throws std::runtime_error when there is no answer.
Answer fetch(const Question& question);

/// Every call throws std::runtime_error, with what the server said, unless it succeeds.
class FhirSite {
 public:
  explicit FhirSite(std::string base, std::string ca_file = {}, std::string token = {})
      : base_(std::move(base)), ca_file_(std::move(ca_file)), token_(std::move(token)) {}

  const std::string& base() const { return base_; }

  Json read(const std::string& reference) const;
  /// The matches of all pages: search("Task?status=requested").
  std::vector<Json> search(const std::string& query) const;
  /// How many match.
  std::size_t count(const std::string& query) const { return search(query).size(); }
  Json create(const Json& resource) const;
  Json update(const Json& resource) const;
  void transaction(const std::string& bundle) const;

 private:
  Json ask(const std::string& method, const std::string& path, const std::string& body = "") const;

  std::string base_;
  std::string ca_file_;
  std::string token_;
};

/// "Patient/7" of a resource.
std::string reference_of(const Json& resource);

}  // namespace meridian::sandbox
