// SPDX-License-Identifier: Apache-2.0
// GET [base]/Type?...: what is on the caller's shelves.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/endpoint/answers.h"
#include "fhir/endpoint/query.h"
#include "http/request.h"
#include "port/desk.h"

namespace meridian::fhir {

/// One search. Results are in the order of their last change, or in the other; a page link holds
/// the place in that order, so that what changes meanwhile is neither missed nor doubled.
class Search {
 public:
  /// `base` is the URL of the endpoint. All is borrowed.
  Search(Desk& desk, const Caller& caller, std::string_view base, std::string_view type)
      : desk_(desk), caller_(caller), base_(base), type_(type) {}

  /// `strict`: a parameter that is not offered is refused, else it is left out and said.
  http::Response run(const http::Fields& query, bool strict);

 private:
  struct Found {
    Held held;
    std::string referral;
  };

  std::optional<Refusal> read(const http::Fields& query, bool strict);
  std::optional<Refusal> read_control(const http::Field& field);
  Result<std::vector<std::string>> candidates() const;
  Result<bool> holds(const Held& held) const;
  Result<std::vector<Found>> look() const;
  Result<std::string> page(std::vector<Found> found, bool more, bool whole) const;
  Result<std::vector<Held>> included(const std::vector<Found>& matches) const;
  std::string link(const std::string& place) const;

  Desk& desk_;
  const Caller& caller_;
  std::string_view base_;
  std::string_view type_;
  std::vector<Condition> conditions_;
  std::vector<std::string> includes_;
  std::vector<std::string> left_out_;
  std::string used_;  ///< the query as it was understood, "a=b&c=d"
  std::size_t count_ = 20;
  bool newest_first_ = false;
  std::string place_;  ///< behind which the page begins; empty: at the start
};

}  // namespace meridian::fhir
