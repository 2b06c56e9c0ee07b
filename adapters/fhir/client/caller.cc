// SPDX-License-Identifier: Apache-2.0
#include "fhir/client/caller.h"

#include "base/ids.h"
#include "base/log.h"

namespace meridian::fhir::wire {
namespace {

Error misconfigured(Literal what) {
  return Error{ErrorCode::misconfigured, "fhir client", what};
}

bool has_header(const HttpRequest& request, std::string_view name) {
  for (const auto& header : request.headers) {
    if (header.first == name) return true;
  }
  return false;
}

bool is_safe_method(const std::string& method) {
  return method == "GET" || method == "HEAD";
}

using ServerTrace = Id<struct ServerTraceTag>;

/// Numbers of a request as servers make them: hexadecimal, with dashes. Anything else stays out of
/// the log, since nobody knows what it says.
bool is_trace(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdefABCDEF-";
  return text.size() >= 16 && text.size() <= 64 &&
         text.find_first_not_of(digits) == std::string_view::npos;
}

/// By what the server's operator finds the request in their own log.
ServerTrace trace_in(const HttpAnswer& answer, const ServerHabits& habits) {
  std::string traces;
  for (const auto& name : habits.trace_headers) {
    const auto value = answer.header(name);
    if (is_trace(value)) traces += (traces.empty() ? "" : " ") + std::string(value);
  }
  return ServerTrace(traces);
}

/// Closed to this client whatever the status is; nothing when it may be asked again.
std::optional<Error> closed(const CodedResponse& answer, const ServerHabits& habits) {
  const auto says = [&](Meaning meaning) { return any_means(answer.outcome, meaning, habits); };
  const auto forbidden = [&](Literal what) {
    return Error{ErrorCode::forbidden, "fhir server", what, answer.response.status};
  };
  if (says(Meaning::withheld)) return forbidden("the record is closed; a person must open it");
  if (says(Meaning::forbidden)) return forbidden("the server does not allow it");
  if (says(Meaning::merged)) {
    return Error{ErrorCode::conflict, "fhir server", "the record was merged into another",
                 answer.response.status};
  }
  if (says(Meaning::tomorrow)) return forbidden("the share of this day is used up");
  return std::nullopt;
}

}  // namespace

Caller::Caller(const ClientSettings& settings, ClientSurroundings surroundings, Url base)
    : base_(std::move(base)),
      limits_(settings.limits),
      habits_(settings.habits),
      surroundings_(std::move(surroundings)) {}

Result<std::unique_ptr<Caller>> Caller::create(const ClientSettings& settings,
                                               ClientSurroundings surroundings) {
  auto base = parse_url(settings.base_url);
  if (!base) return misconfigured("its address is not an http(s) URL without user information");
  if (!base->query.empty() || settings.base_url.find('#') != std::string::npos) {
    return misconfigured("its address must have no query and no fragment");
  }
  if (!within_base(*base, *base)) return misconfigured("its address must have a plain path");
  if (!may_connect(*base, settings.allow_plain_http)) {
    return misconfigured("its address must be https");
  }
  while (base->path.size() > 1 && base->path.ends_with('/')) base->path.pop_back();
  auto transport = Transport::create(
      {settings.ca_file, settings.client_certificate_file, settings.client_key_file},
      settings.limits, settings.egress);
  if (!transport) return transport.error();
  std::unique_ptr<Caller> caller(new Caller(settings, std::move(surroundings), *base));
  caller->transport_ = std::move(*transport);
  auto& with = caller->surroundings_;
  if (!with.waiter) {
    with.waiter = [&watch = caller->transport_->watch()](std::chrono::milliseconds time) {
      return watch.wait(time);
    };
  }
  if (!with.budget && settings.habits.calls_per_minute > 0) {
    with.budget = std::make_shared<CallBudget>(settings.habits.calls_per_minute);
  }
  caller->transport_->keep_pace({with.budget, with.clock, with.waiter});
  if (!with.tokens) with.tokens = std::make_shared<TokenCache>();
  if (const auto* bearer = std::get_if<BearerAuth>(&settings.auth)) {
    caller->bearer_ = bearer->token;
  } else if (const auto* backend = std::get_if<SmartBackendAuth>(&settings.auth)) {
    auto smart = SmartAuth::create(
        *backend, *base,
        {*caller->transport_, settings.limits, with.clock, with.waiter, with.tokens,
         settings.allow_plain_http, settings.habits.token_gap, settings.egress});
    if (!smart) return smart.error();
    caller->smart_ = std::move(*smart);
  }
  return caller;
}

/// Where credentials may go: below the base, and below the server's own interface if it has one.
bool Caller::is_served(const Url& url) const {
  if (within_base(base_, url)) return true;
  if (habits_.also_below.empty()) return false;
  Url other = base_;
  other.path = habits_.also_below;
  return within_base(other, url);
}

Result<Url> Caller::url_of(std::string_view reference, std::string_view query) const {
  const auto url = resolve_link(base_, base_, reference.empty() ? base_.text() : reference);
  if (!url) return Error{ErrorCode::invalid, "fhir client", "not a reference"};
  Url out = *url;
  if (!query.empty()) out.query = query;
  if (!is_served(out)) {
    return Error{ErrorCode::untrusted, "fhir client", "the URL is outside the server's base"};
  }
  return out;
}

Result<HttpAnswer> Caller::send(HttpRequest request, bool repeatable, SteadyTime deadline,
                                bool& tokenless) {
  // Checked here whatever callers did before: no token leaves for another place.
  if (!is_served(request.url)) {
    return Error{ErrorCode::untrusted, "fhir client", "the URL is outside the server's base"};
  }
  if (smart_ == nullptr) {
    if (!bearer_.reveal().empty()) {
      request.headers.emplace_back("Authorization", "Bearer " + bearer_.reveal());
    }
    return transport_->send(request, repeatable, deadline);
  }
  for (int attempt = 0;; ++attempt) {
    const auto token = smart_->token(deadline);
    tokenless = !token;
    if (!token) return token.error();
    HttpRequest authorised = request;
    authorised.headers.emplace_back("Authorization", "Bearer " + token->value.reveal());
    auto answer = transport_->send(authorised, repeatable, deadline);
    if (!answer || answer->status != 401 || attempt > 0) return answer;
    smart_->discard(*token);
  }
}

Result<CodedResponse> Caller::call(HttpRequest request, const CallRules& rules,
                                   SteadyTime deadline) {
  const bool repeatable = rules.repeat == Repeat::harmless || is_safe_method(request.method);
  if (!has_header(request, "Accept")) {
    request.headers.emplace_back("Accept", "application/fhir+json, application/json;q=0.9");
  }
  // RFC 9111 5.2.1.4: not from a cache. HAPI would answer a search that it saw in the last minute
  // from memory, and an emergency would be noticed a minute late.
  if (is_safe_method(request.method) && !has_header(request, "Cache-Control")) {
    request.headers.emplace_back("Cache-Control", "no-cache");
  }
  if (!request.body.empty() && !has_header(request, "Content-Type")) {
    request.headers.emplace_back("Content-Type", "application/fhir+json; charset=utf-8");
  }
  Result<CodedResponse> result = Error{ErrorCode::internal, "fhir client", "no attempt was made"};
  int attempts = 0;
  ServerTrace trace;
  const auto attempt = [&]() -> Attempt {
    ++attempts;
    bool tokenless = false;
    auto answer = send(request, repeatable, deadline, tokenless);
    if (answer) {
      trace = trace_in(*answer, habits_);
      result = make_response(std::move(*answer), rules.precondition, surroundings_.clock());
      if (const auto error = closed(*result, habits_)) result->response.failure = error;
      return {result->response.failure, result->response.retry_after};
    }
    result = answer.error();
    if (tokenless) return {};  // the token was asked for with retries of its own
    return {answer.error(), std::nullopt};
  };
  const auto again = [&] { return repeatable || (rules.recognised && rules.recognised()); };
  with_retries(limits_, deadline, surroundings_.waiter, again, attempt);
  const auto failure = result ? result->response.failure : std::optional<Error>(result.error());
  if (failure && trace.empty()) {
    log(LogLevel::warning, "fhir.request_failed", {{"attempts", attempts}, {"error", *failure}});
  } else if (failure) {
    log(LogLevel::warning, "fhir.request_failed",
        {{"attempts", attempts}, {"error", *failure}, {"trace", trace}});
  }
  return result;
}

}  // namespace meridian::fhir::wire
