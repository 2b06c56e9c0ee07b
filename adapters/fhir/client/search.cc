// SPDX-License-Identifier: Apache-2.0
#include "fhir/client/search.h"

#include <algorithm>

namespace meridian::fhir::wire {
namespace {

/// True when the issue says that the page lacks something.
bool is_incomplete(const OutcomeIssue& entry) {
  constexpr std::string_view codes[] = {"incomplete", "too-costly", "timeout",    "throttled",
                                        "transient",  "exception",  "lock-error", "no-store"};
  return entry.issue.severity >= Severity::error ||
         std::find(std::begin(codes), std::end(codes), entry.issue.code) != std::end(codes);
}

std::string_view word_for(const Error& error) {
  switch (error.code) {
    case ErrorCode::timed_out:
      return "timeout";
    case ErrorCode::unavailable:
      return "unavailable";
    case ErrorCode::interrupted:
      return "interrupted";
    case ErrorCode::untrusted:
      return "untrusted";
    case ErrorCode::too_large:
      return "too-large";
    case ErrorCode::throttled:
      return "throttled";
    case ErrorCode::unauthorized:
      return "unauthorized";
    case ErrorCode::forbidden:
      return "forbidden";
    case ErrorCode::not_found:
    case ErrorCode::unsupported:
      return "not-supported";
    case ErrorCode::stopping:
      return "stopping";
    case ErrorCode::misconfigured:
      return "misconfigured";
    default:
      return "refused";
  }
}

std::string query_of(const SearchParams& params) {
  std::string query;
  for (const auto& [name, value] : params) {
    if (!query.empty()) query += '&';
    query += encode_query(name) + "=" + encode_query(value);
  }
  return query;
}

}  // namespace

Search::Search(Caller& caller, const SearchAsked& asked)
    : caller_(caller),
      query_(query_of(asked.params)),
      by_post_(asked.by_post),
      deadline_(asked.deadline) {
  const std::string path = std::string(asked.type) + (by_post_ ? "/_search" : "");
  if (auto url = caller.url_of(path)) url_ = *url;
}

SearchPages Search::run() {
  if (url_.host.empty()) {
    end({ErrorCode::invalid, "fhir search", "not a resource type"}, "refused");
    return std::move(pages_);
  }
  restart();
  Step step = Step::next;
  while (step != Step::done) {
    const HttpRequest request = next_;
    step = take_page(request);
  }
  if (pages_.completeness == Completeness::complete && total_ &&
      *total_ > static_cast<std::int64_t>(matches_.size())) {
    lower(Completeness::partial, "fewer-than-total");
  }
  return std::move(pages_);
}

HttpRequest Search::first_request() const {
  HttpRequest request;
  request.url = url_;
  if (by_post_) {
    request.method = "POST";
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
    request.body = query_;
  } else {
    request.url.query = query_;
  }
  return request;
}

void Search::restart() {
  pages_ = {};
  pages_.completeness = Completeness::complete;  // until something lowers it
  visited_.clear();
  matches_.clear();
  total_.reset();
  next_ = first_request();
}

/// What is known can only get worse: complete, partial, withheld, failed.
void Search::lower(Completeness to, std::string_view why) {
  const auto rank = [](Completeness value) {
    return value == Completeness::complete   ? 0
           : value == Completeness::partial  ? 1
           : value == Completeness::withheld ? 2
                                             : 3;
  };
  if (rank(to) <= rank(pages_.completeness)) return;
  pages_.completeness = to;
  pages_.why = why;
}

void Search::end(const Error& error, std::string_view why) {
  pages_.failure = error;
  lower(pages_.bodies.empty() ? Completeness::failed : Completeness::partial, why);
}

Meaning Search::said(const OutcomeIssue& entry) const {
  if (const auto known = meaning_of(entry, caller_.habits())) return *known;
  if (entry.issue.code == "suppressed") return Meaning::withheld;
  return is_incomplete(entry) ? Meaning::incomplete : Meaning::nothing;
}

/// The server forgot our pages: the whole question is asked once more.
bool Search::asks_anew(const Outcome& outcome) const {
  return !restarted_ && any_means(outcome, Meaning::expired, caller_.habits());
}

void Search::judge(const Outcome& outcome) {
  for (const auto& entry : outcome) {
    pages_.outcome.push_back(entry.issue);
    switch (said(entry)) {
      case Meaning::nothing:
        break;
      case Meaning::withheld:
        lower(Completeness::withheld, "break-the-glass");
        break;
      case Meaning::forbidden:
        lower(Completeness::partial, "forbidden");
        break;
      case Meaning::tomorrow:
        lower(Completeness::partial, "ask-tomorrow");
        break;
      case Meaning::incomplete:
      case Meaning::merged:
      case Meaning::expired:
        lower(Completeness::partial, "server-says-incomplete");
        break;
    }
  }
}

Search::Step Search::take_page(const HttpRequest& request) {
  CallRules rules;
  rules.repeat = Repeat::harmless;  // a POST here only asks
  auto answer = caller_.call(request, rules, deadline_);
  if (!answer) {
    end(answer.error(), word_for(answer.error()));
    return Step::done;
  }
  if (answer->response.failure) return take_failure(*answer);
  return take_bundle(std::move(*answer), request.url);
}

Search::Step Search::take_failure(const CodedResponse& answer) {
  const bool gone = answer.response.status == 410 && !pages_.bodies.empty();
  if ((gone && !restarted_) || asks_anew(answer.outcome)) {
    restarted_ = true;
    restart();
    return Step::again;
  }
  const auto says = [&](Meaning meaning) {
    return std::any_of(answer.outcome.begin(), answer.outcome.end(),
                       [&](const OutcomeIssue& entry) { return said(entry) == meaning; });
  };
  pages_.failure = answer.response.failure;
  const auto issues = issues_of(answer.outcome);
  pages_.outcome.insert(pages_.outcome.end(), issues.begin(), issues.end());
  if (says(Meaning::withheld)) {
    lower(Completeness::withheld, "break-the-glass");
  } else {
    end(*answer.response.failure,
        says(Meaning::tomorrow) ? "ask-tomorrow" : word_for(*answer.response.failure));
  }
  return Step::done;
}

Search::Step Search::take_bundle(CodedResponse answer, const Url& page) {
  const PageScan scan = scan_page(answer.response.body);
  if (asks_anew(scan.outcome)) {
    restarted_ = true;
    restart();
    return Step::again;
  }
  if (!scan.well_formed || scan.resource_type != "Bundle") {
    judge(scan.outcome);
    end({ErrorCode::malformed, "fhir search", "the answer is not a Bundle", answer.response.status},
        "not-a-bundle");
    return Step::done;
  }
  pages_.bodies.push_back(std::move(answer.response.body));
  matches_.insert(scan.matches.begin(), scan.matches.end());
  if (scan.total) total_ = scan.total;
  judge(scan.outcome);
  if (scan.next.empty()) return Step::done;
  return follow(scan, page);
}

Search::Step Search::follow(const PageScan& scan, const Url& page) {
  visited_.insert(page.text());
  const auto next = resolve_link(caller_.base(), page, scan.next);
  if (!next || !within_base(caller_.base(), *next)) {
    end({ErrorCode::untrusted, "fhir search", "the next link leads out of the server's base"},
        "foreign-link");
    return Step::done;
  }
  if (visited_.contains(next->text())) {
    lower(Completeness::partial, "paging-loop");
    return Step::done;
  }
  if (pages_.bodies.size() >= static_cast<std::size_t>(caller_.limits().pages)) {
    lower(Completeness::partial, "too-many-pages");
    return Step::done;
  }
  next_ = {};
  next_.url = *next;
  return Step::next;
}

}  // namespace meridian::fhir::wire

namespace meridian::fhir {

SearchPages read_page(std::string body) {
  const auto scan = wire::scan_page(body);
  SearchPages pages;
  if (!scan.well_formed || scan.resource_type != "Bundle") {
    pages.why = "not-a-bundle";
    return pages;
  }
  const bool whole = scan.next.empty() && scan.outcome.empty() &&
                     scan.total.value_or(0) <= static_cast<std::int64_t>(scan.matches.size());
  pages.completeness = whole ? Completeness::complete : Completeness::partial;
  if (!whole) pages.why = "first-page";
  pages.bodies.push_back(std::move(body));
  return pages;
}

}  // namespace meridian::fhir
