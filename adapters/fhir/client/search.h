// SPDX-License-Identifier: Apache-2.0
// A search over all its pages, and how complete it was.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "fhir/client/caller.h"
#include "fhir/client/page_scan.h"

namespace meridian::fhir::wire {

/// What is searched.
struct SearchAsked {
  std::string_view type;
  const SearchParams& params;
  bool by_post;
  SteadyTime deadline;
};

/// One search; used once, by one thread.
class Search {
 public:
  Search(Caller& caller, const SearchAsked& asked);

  SearchPages run();

 private:
  enum class Step { next, again, done };

  HttpRequest first_request() const;
  Step take_page(const HttpRequest& request);
  Step take_failure(const CodedResponse& answer);
  Step take_bundle(CodedResponse answer, const Url& page);
  Step follow(const PageScan& scan, const Url& page);
  void restart();
  void lower(Completeness to, std::string_view why);
  void end(const Error& error, std::string_view why);
  Meaning said(const OutcomeIssue& entry) const;
  bool asks_anew(const Outcome& outcome) const;
  void judge(const Outcome& outcome);

  Caller& caller_;
  Url url_;  // without query when sent by POST
  std::string query_;
  bool by_post_;
  SteadyTime deadline_;

  SearchPages pages_;
  std::set<std::string> visited_;
  std::set<std::string> matches_;
  std::optional<std::int64_t> total_;
  HttpRequest next_;
  bool restarted_ = false;
};

}  // namespace meridian::fhir::wire
