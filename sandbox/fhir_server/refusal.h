// SPDX-License-Identifier: Apache-2.0
// How the sandbox server says no: a status and an OperationOutcome.
#pragma once

#include <stdexcept>
#include <string>

#include "fhir_server/json.h"

namespace meridian::sandbox {

/// Thrown wherever a request turns out to be impossible and caught in one place, service.cc (and in
/// batch.cc for the single entry): what a transaction changed so far is then simply dropped.
class Refusal : public std::runtime_error {
 public:
  /// `code` is of http://hl7.org/fhir/R4/valueset-issue-type.html.
  Refusal(int status, std::string code, const std::string& text, std::string path = "")
      : std::runtime_error(text), status_(status), code_(std::move(code)), path_(std::move(path)) {}

  int status() const { return status_; }
  Json outcome() const;
  /// The same refusal, told where in the request: "Bundle.entry[3]".
  Refusal at(const std::string& path) const { return {status_, code_, what(), path}; }

 private:
  int status_;
  std::string code_;
  std::string path_;
};

/// An OperationOutcome with one issue. `path` may be empty.
Json make_outcome(std::string_view severity, std::string_view code, std::string_view text,
                  std::string_view path = "");

}  // namespace meridian::sandbox
