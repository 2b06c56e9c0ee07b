// SPDX-License-Identifier: Apache-2.0
#include "fhir_server/service.h"

#include <charconv>
#include <thread>

#include "fhir_server/bundles.h"
#include "fhir_server/capability.h"
#include "http/uri.h"

namespace meridian::sandbox {
namespace {

using http::Request;
using http::Response;

Response to_response(int status, const Json& body) {
  if (body.is_null()) return {status, {}, {}};
  return http::make_response(status, "application/fhir+json; charset=utf-8", body.dump());
}

Response to_response(const Refusal& refusal) {
  return to_response(refusal.status(), refusal.outcome());
}

bool is_json_type(std::string_view media_type) {
  const std::string_view plain = media_type.substr(0, media_type.find_first_of("; "));
  return http::same_token(plain, "application/fhir+json") ||
         http::same_token(plain, "application/json");
}

void require_json_accepted(const Request& request) {
  const std::string_view accept = request.header("Accept");
  if (accept.empty() || accept.find("json") != std::string_view::npos) return;
  if (accept.find("*/*") != std::string_view::npos) return;
  throw Refusal(406, "not-supported", "this server speaks application/fhir+json only");
}

Json read_body(const Request& request) {
  if (!is_json_type(request.header("Content-Type"))) {
    throw Refusal(415, "not-supported", "the body must be application/fhir+json");
  }
  std::string problem;
  auto json = Json::parse(request.body, &problem);
  if (!json) throw Refusal(400, "structure", problem);
  return std::move(*json);
}

bool prefers(const Request& request, std::string_view what) {
  for (const auto& field : request.headers) {
    if (!http::same_token(field.name, "Prefer")) continue;
    if (field.value.find(what) != std::string::npos) return true;
  }
  return false;
}

std::string etag(const Version& version) {
  return "W/\"" + std::to_string(version.number) + "\"";
}

std::string parameter(const Request& request, std::string_view name) {
  return std::string(request.parameter(name));
}

std::string_view raw_query(const Request& request) {
  const std::string_view target = request.target;
  const auto question = target.find('?');
  return question == std::string_view::npos ? std::string_view{} : target.substr(question + 1);
}

}  // namespace

FhirService::FhirService(ServerSettings settings, Clock clock)
    : settings_(std::move(settings)), clock_(std::move(clock)) {}

http::Router FhirService::routes(http::Router router) {
  const auto add = [&](const char* method, const char* pattern,
                       Response (FhirService::*work)(const Request&), bool open = false) {
    const auto gate = [this](Request& request) -> std::optional<Response> {
      if (settings_.token.empty()) return std::nullopt;
      if (request.header("Authorization") == "Bearer " + settings_.token) return std::nullopt;
      Response refused = to_response(Refusal(401, "login", "a bearer token is required"));
      refused.headers.push_back({"WWW-Authenticate", "Bearer"});
      return refused;
    };
    router.add({method, pattern,
                [this, work](const Request& request) { return handle(request, work); },
                open ? http::Gate{} : http::Gate{gate}, 64 << 20});
  };
  add("GET", "/fhir/metadata", &FhirService::metadata, true);
  add("GET", "/fhir", &FhirService::base_get);
  add("POST", "/fhir", &FhirService::base_post);
  add("POST", "/fhir/{type}/_search", &FhirService::search_post);
  add("GET", "/fhir/{type}", &FhirService::search_get);
  add("POST", "/fhir/{type}", &FhirService::create_one);
  add("PUT", "/fhir/{type}", &FhirService::update_where);
  add("GET", "/fhir/{type}/{id}", &FhirService::read_one);
  add("PUT", "/fhir/{type}/{id}", &FhirService::update_one);
  add("DELETE", "/fhir/{type}/{id}", &FhirService::remove_one);
  add("GET", "/fhir/{type}/{id}/_history", &FhirService::history_of);
  add("GET", "/fhir/{type}/{id}/_history/{version}", &FhirService::read_version);
  router.on_error([](int status) {
    return to_response(Refusal(status, status == 404 ? "not-found" : "processing",
                               std::string(http::reason_phrase(status))));
  });
  return router;
}

void FhirService::set_base(const std::string& base) {
  const std::lock_guard lock(mutex_);
  settings_.base = base;
}

void FhirService::keep_in(const std::string& journal_file) {
  const std::lock_guard lock(mutex_);
  journal_ = Journal(journal_file, records_);
}

void FhirService::load(const std::string& text) {
  std::string problem;
  const auto json = Json::parse(text, &problem);
  if (!json) throw Refusal(400, "structure", problem);
  const std::string type = (*json)["resourceType"].text();
  ServerSettings free = settings_;
  free.update_creates = true;
  free.no_create.clear();
  change(free, [&](const Work& work) {
    if (type == "Bundle") return process_bundle(work, *json, false);
    return update(work, type, (*json)["id"].text(), *json, "");
  });
}

Records FhirService::records() const {
  const std::lock_guard lock(mutex_);
  return records_;
}

ServerSettings FhirService::settings() const {
  const std::lock_guard lock(mutex_);
  return settings_;
}

template <typename Change>
Reply FhirService::change(const ServerSettings& settings, Change run) {
  const std::lock_guard lock(mutex_);
  const Work work{records_, settings, clock_()};
  const std::uint64_t since = records_.changes();
  try {
    Reply reply = run(work);
    check_written(work, since);
    journal_.append(records_.written(since));
    return reply;
  } catch (...) {
    records_.take_back(since);
    throw;
  }
}

Response FhirService::handle(const Request& request,
                             Response (FhirService::*work)(const Request&)) {
  bool fail = false;
  bool lose = false;
  {
    const std::lock_guard lock(mutex_);
    ++requests_;
    fail = settings_.fail_every > 0 && requests_ % settings_.fail_every == 0;
    lose = settings_.lose_every > 0 && requests_ % settings_.lose_every == 0;
  }
  if (settings_.latency.count() > 0) std::this_thread::sleep_for(settings_.latency);
  if (fail) {
    Response refused = to_response(Refusal(503, "transient", "out of order, on purpose"));
    refused.headers.push_back({"Retry-After", "1"});
    return refused;
  }
  try {
    require_json_accepted(request);
    Response response = (this->*work)(request);
    if (lose) return to_response(Refusal(502, "transient", "done, and the answer lost on purpose"));
    return response;
  } catch (const Refusal& refusal) {
    return to_response(refusal);
  }
}

Response FhirService::metadata(const Request&) {
  const std::lock_guard lock(mutex_);
  return to_response(200, make_capability_statement(settings_, clock_()));
}

Response FhirService::base_get(const Request& request) {
  const std::string token(request.query_value("_getpages"));
  if (token.empty()) throw Refusal(400, "not-supported", "searching all types at once");
  const std::string_view offset = request.query_value("_getpagesoffset");
  std::size_t from = 0;
  std::from_chars(offset.data(), offset.data() + offset.size(), from);
  const std::lock_guard lock(mutex_);
  return to_response(200, pages_.next(records_, token, from, settings_));
}

Response FhirService::base_post(const Request& request) {
  if (!settings_.transactions) {
    throw Refusal(405, "not-supported", "this system takes no Bundles");
  }
  const Json bundle = read_body(request);
  const bool representation = prefers(request, "return=representation");
  const Reply reply = change(
      settings_, [&](const Work& work) { return process_bundle(work, bundle, representation); });
  return to_response(reply.status, reply.body);
}

Response FhirService::search(const Request& request, const http::Fields& query) {
  const std::string type = parameter(request, "type");
  require_type(type);
  Search asked = read_search(type, query, prefers(request, "handling=strict"));
  const std::lock_guard lock(mutex_);
  auto matches = find_matches(records_, asked, settings_.base);
  return to_response(200, pages_.first(records_, std::move(asked), std::move(matches), settings_));
}

Response FhirService::search_get(const Request& request) {
  return search(request, request.query);
}

Response FhirService::search_post(const Request& request) {
  auto query = http::parse_query(request.body);
  if (!query) throw Refusal(400, "value", "the form cannot be read");
  query->insert(query->end(), request.query.begin(), request.query.end());
  return search(request, *query);
}

Response FhirService::written(const Request& request, const Reply& reply) const {
  Reply out = reply;
  if (prefers(request, "return=minimal")) out.body = {};
  if (prefers(request, "return=OperationOutcome")) {
    out.body = make_outcome("information", "informational", "done");
  }
  Response response = shown(request, out);
  if (reply.version && reply.status == 201) {
    response.headers.push_back({"Location", settings_.base + "/" + reply.version->reference() +
                                                "/_history/" +
                                                std::to_string(reply.version->number)});
  }
  return response;
}

Response FhirService::shown(const Request& request, const Reply& reply) const {
  if (!reply.version) return to_response(reply.status, reply.body);
  const bool known =
      request.method == "GET" && request.header("If-None-Match") == etag(*reply.version);
  Response response = known ? Response{304, {}, {}} : to_response(reply.status, reply.body);
  response.headers.push_back({"ETag", etag(*reply.version)});
  response.headers.push_back({"Last-Modified", http::http_date(reply.version->updated)});
  return response;
}

Response FhirService::create_one(const Request& request) {
  const Json resource = read_body(request);
  const std::string type = parameter(request, "type");
  return written(request, change(settings_, [&](const Work& work) {
                   return create(work, type, resource, request.header("If-None-Exist"));
                 }));
}

Response FhirService::update_where(const Request& request) {
  const Json resource = read_body(request);
  const std::string type = parameter(request, "type");
  return written(request, change(settings_, [&](const Work& work) {
                   return conditional_update(work, type, raw_query(request), resource,
                                             request.header("If-Match"));
                 }));
}

Response FhirService::update_one(const Request& request) {
  const Json resource = read_body(request);
  return written(request, change(settings_, [&](const Work& work) {
                   return update(work, parameter(request, "type"), parameter(request, "id"),
                                 resource, request.header("If-Match"));
                 }));
}

Response FhirService::remove_one(const Request& request) {
  return written(request, change(settings_, [&](const Work& work) {
                   return remove(work, parameter(request, "type"), parameter(request, "id"));
                 }));
}

Response FhirService::read_one(const Request& request) {
  const std::lock_guard lock(mutex_);
  require_type(parameter(request, "type"));
  const Work work{records_, settings_, clock_()};
  return shown(request, read(work, parameter(request, "type"), parameter(request, "id")));
}

Response FhirService::history_of(const Request& request) {
  const std::lock_guard lock(mutex_);
  const Work work{records_, settings_, clock_()};
  return shown(request, history(work, parameter(request, "type"), parameter(request, "id")));
}

Response FhirService::read_version(const Request& request) {
  const std::lock_guard lock(mutex_);
  const Work work{records_, settings_, clock_()};
  return shown(request, vread(work, parameter(request, "type"), parameter(request, "id"),
                              request.parameter("version")));
}

}  // namespace meridian::sandbox
