// SPDX-License-Identifier: Apache-2.0
#include "fhir/client/fhir_client.h"

#include <algorithm>
#include <mutex>

#include "fhir/client/caller.h"
#include "fhir/client/probe.h"
#include "fhir/client/search.h"

namespace meridian::fhir {
namespace {

constexpr std::chrono::hours capabilities_age{1};

Result<Response> without_codes(Result<wire::CodedResponse> answer) {
  if (!answer) return answer.error();
  return std::move(answer->response);
}

}  // namespace

struct FhirClient::Parts {
  std::unique_ptr<wire::Caller> caller;
  std::optional<bool> conditional_create;
  bool search_by_post = false;

  std::mutex mutex;
  std::shared_ptr<const Capabilities> capabilities;
  Instant capabilities_at;
};

FhirClient::FhirClient(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
FhirClient::~FhirClient() = default;

Result<std::unique_ptr<FhirClient>> FhirClient::create(const ClientSettings& settings,
                                                       ClientSurroundings surroundings) {
  auto caller = wire::Caller::create(settings, std::move(surroundings));
  if (!caller) return caller.error();
  auto parts = std::make_unique<Parts>();
  parts->caller = std::move(*caller);
  parts->conditional_create = settings.conditional_create;
  parts->search_by_post = settings.search_by_post;
  return std::unique_ptr<FhirClient>(new FhirClient(std::move(parts)));
}

SearchPages FhirClient::search(std::string_view type, const SearchParams& params,
                               std::chrono::steady_clock::time_point until) {
  const auto deadline = std::min(parts_->caller->deadline(), until);
  SearchParams all = params;
  const auto& always = parts_->caller->habits().every_search;
  all.insert(all.end(), always.begin(), always.end());
  return wire::Search(*parts_->caller, {type, all, parts_->search_by_post, deadline}).run();
}

Result<Response> FhirClient::read(std::string_view reference,
                                  std::chrono::steady_clock::time_point until) {
  auto& caller = *parts_->caller;
  const auto url = caller.url_of(reference);
  if (!url) return url.error();
  wire::HttpRequest request;
  request.url = *url;
  return without_codes(caller.call(std::move(request), {}, std::min(caller.deadline(), until)));
}

Result<Response> FhirClient::create(std::string_view type, std::string_view body,
                                    std::string_view if_none_exist) {
  auto& caller = *parts_->caller;
  const auto url = caller.url_of(type);
  if (!url) return url.error();
  wire::HttpRequest request;
  request.method = "POST";
  request.url = *url;
  request.body = body;
  wire::CallRules rules;
  if (!if_none_exist.empty()) {
    request.headers.emplace_back("If-None-Exist", if_none_exist);
    rules.precondition = wire::Precondition::if_none_exist;
    rules.recognised = [this, type] {
      if (parts_->conditional_create) return *parts_->conditional_create;
      const auto known = capabilities();
      return known && (*known)->conditional_create(type);
    };
  }
  return without_codes(caller.call(std::move(request), rules, caller.deadline()));
}

Result<Response> FhirClient::update(std::string_view reference, std::string_view body,
                                    std::string_view if_match) {
  auto& caller = *parts_->caller;
  const auto url = caller.url_of(reference);
  if (!url) return url.error();
  wire::HttpRequest request;
  request.method = "PUT";
  request.url = *url;
  request.body = body;
  wire::CallRules rules;
  // With If-Match a second copy would be refused after the first was done, and hide that it was.
  rules.repeat = if_match.empty() ? Repeat::harmless : Repeat::unsafe;
  if (!if_match.empty()) {
    request.headers.emplace_back("If-Match", if_match);
    rules.precondition = wire::Precondition::if_match;
  }
  return without_codes(caller.call(std::move(request), rules, caller.deadline()));
}

Result<Response> FhirClient::transaction(std::string_view bundle, Repeat repeat) {
  auto& caller = *parts_->caller;
  wire::HttpRequest request;
  request.method = "POST";
  request.url = caller.base();
  request.body = bundle;
  wire::CallRules rules;
  rules.repeat = repeat;
  return without_codes(caller.call(std::move(request), rules, caller.deadline()));
}

Result<Response> FhirClient::request(const RawRequest& raw) {
  auto& caller = *parts_->caller;
  const auto url = caller.url_of(raw.path);
  if (!url) return url.error();
  wire::HttpRequest request;
  request.method = raw.method;
  request.url = *url;
  request.headers = raw.headers;
  request.body = raw.body;
  wire::CallRules rules;
  rules.repeat = raw.repeat;
  return without_codes(caller.call(std::move(request), rules, caller.deadline()));
}

Result<std::shared_ptr<const Capabilities>> FhirClient::capabilities() {
  {
    const std::scoped_lock lock(parts_->mutex);
    const bool fresh = parts_->caller->now() - parts_->capabilities_at < capabilities_age;
    if (parts_->capabilities && fresh) return parts_->capabilities;
  }
  auto answer = read("metadata");
  if (!answer) return answer.error();
  if (answer->failure) return *answer->failure;
  auto read = read_capabilities(answer->body);
  if (!read) return read.error();
  const std::scoped_lock lock(parts_->mutex);
  parts_->capabilities = std::make_shared<const Capabilities>(std::move(*read));
  parts_->capabilities_at = parts_->caller->now();
  return parts_->capabilities;
}

Issues FhirClient::probe(const std::vector<std::pair<std::string, std::string>>& needed) {
  return wire::probe_server(*parts_->caller, needed);
}

void FhirClient::stop() {
  parts_->caller->transport().watch().stop();
}

}  // namespace meridian::fhir
