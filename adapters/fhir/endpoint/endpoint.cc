// SPDX-License-Identifier: Apache-2.0
#include "fhir/endpoint/endpoint.h"

#include <algorithm>
#include <charconv>
#include <memory>

#include "fhir/endpoint/answers.h"
#include "fhir/endpoint/search.h"
#include "fhir/endpoint/statement.h"
#include "fhir/endpoint/writes.h"
#include "fhir/write/json_out.h"
#include "http/uri.h"

namespace meridian::fhir {
namespace {

using http::Request;
using http::Response;

constexpr std::uint64_t largest_body = 8 << 20;
constexpr std::uint64_t largest_form = 16 << 10;
constexpr std::string_view bearer = "Bearer ";

/// "application/fhir+json" of "application/fhir+json; charset=UTF-8".
std::string_view media_type_of(const Request& request) {
  auto name = request.header("Content-Type");
  name = name.substr(0, name.find(';'));
  while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
  return name;
}

bool is_fhir_json(std::string_view name) {
  return http::same_token(name, "application/fhir+json") ||
         http::same_token(name, "application/json");
}

/// True when the client takes JSON, or does not say.
bool takes_json(const Request& request) {
  const auto accept = request.header("Accept");
  return accept.empty() || accept.find("json") != std::string_view::npos ||
         accept.find("*/*") != std::string_view::npos ||
         accept.find("application/*") != std::string_view::npos;
}

class Endpoint {
 public:
  explicit Endpoint(EndpointParts parts)
      : parts_(std::move(parts)),
        smart_(parts_.desk, parts_.tokens, std::move(parts_.keys), parts_.clock) {}

  const http::Gate& gate() const { return parts_.gate; }

  Response metadata(const Request&) {
    return answer_json(200, statement_json(parts_.base(), parts_.version));
  }

  Response configuration(const Request&) { return SmartServer::configuration(token_url()); }

  Response token(const Request& request) { return smart_.token(request, token_url()); }

  Response search(const Request& request) {
    if (auto refusal = refuse(request, "search-type", 's')) return answer_refused(*refusal);
    const auto caller = parts_.caller(request);
    const bool strict = request.header("Prefer").find("handling=strict") != std::string_view::npos;
    return Search(parts_.desk, caller, parts_.base(), request.parameter("type"))
        .run(request.query, strict);
  }

  /// The parameters of the address and of the form, as those of a GET.
  /// Source: http://hl7.org/fhir/R4/http.html#search
  Response by_form(const Request& request,
                   const std::function<Response(const Request&)>& search) const {
    if (!http::same_token(media_type_of(request), "application/x-www-form-urlencoded")) {
      return answer_refused(
          {415, "not-supported", "send Content-Type: application/x-www-form-urlencoded"});
    }
    const auto form = http::parse_query(request.body);
    if (!form) return answer_refused({400, "invalid", "the form has a broken escape"});
    Request asked = request;
    asked.method = "GET";
    asked.body.clear();
    asked.query.insert(asked.query.end(), form->begin(), form->end());
    return search(asked);
  }

  Response read(const Request& request) {
    if (auto refusal = refuse(request, "read", 'r')) return answer_refused(*refusal);
    return show(request, 0);
  }

  Response vread(const Request& request) {
    if (auto refusal = refuse(request, "vread", 'r')) return answer_refused(*refusal);
    const auto text = request.parameter("version");
    int version = 0;
    const auto* end = text.data() + text.size();
    const bool number = std::from_chars(text.data(), end, version).ptr == end && version > 0;
    return number ? show(request, version) : answer_refused(not_here());
  }

  /// What may follow, before it is tried: Task/{id}/$actions.
  /// Source: reference referral-standards section 4, rule 9, as e-RS A029.
  Response actions(const Request& request) {
    if (auto refusal = refuse_for("Task", request, "read", 'r')) return answer_refused(*refusal);
    const auto caller = parts_.caller(request);
    const std::string referral(referral_in(request.parameter("id")));
    if (referral.empty() || referral != request.parameter("id")) return answer_refused(not_here());
    const auto shelf = parts_.desk.shelf(caller, referral);
    if (!shelf) return answer_refused(refusal_of(shelf.error()));
    const auto view = View::of(*shelf);
    if (!view) return answer_refused(refusal_of(view.error()));
    if (view->task() == nullptr) return answer_refused(not_here());
    const auto version = std::to_string(view->task()->version());
    for (const auto& [name, value] : request.query) {
      if (name == "version" && value == version) continue;
      return answer_refused(name == "version"
                                ? Refusal{412, "conflict", "the Task is at version " + version}
                                : Refusal{400, "not-supported", "$actions takes version alone"});
    }
    JsonOut out;
    out.object().text("resourceType", "Parameters").list("parameter");
    out.object().text("name", "version").raw("valueInteger", version).end();
    for (const auto& status : shelf->next) {
      out.object().text("name", "status").text("valueCode", status).end();
    }
    const auto noted = parts_.desk.note_reading(caller, {referral});
    if (!noted) return answer_refused(refusal_of(noted.error()));
    return answer_json(200, out.end().end().str());
  }

  Response create(const Request& request) {
    auto refusal = refuse(request, "create", 'c');
    if (!refusal) refusal = refuse_body(request, false);
    if (refusal) return answer_refused(*refusal);
    return write(request, {"POST",
                           std::string(request.parameter("type")),
                           {},
                           request.body,
                           {},
                           std::string(request.header("If-None-Exist")),
                           {}});
  }

  Response change(const Request& request) {
    const bool patch = request.method == "PATCH";
    auto refusal = refuse(request, patch ? "patch" : "update", 'u');
    if (!refusal) refusal = refuse_body(request, patch);
    if (refusal) return answer_refused(*refusal);
    return write(request, {request.method,
                           std::string(request.parameter("type")),
                           std::string(request.parameter("id")),
                           request.body,
                           std::string(request.header("If-Match")),
                           {},
                           {}});
  }

  Response transaction(const Request& request) {
    auto refusal = refuse_scope(request, "", 'c');
    if (!refusal) refusal = refuse_scope(request, "Task", 'u');
    if (!refusal) refusal = refuse_body(request, false);
    if (refusal) return answer_refused(*refusal);
    const auto caller = parts_.caller(request);
    const auto base = parts_.base();
    return Writes(parts_.desk, caller, base, parts_.clock).transaction(request);
  }

  /// Any request about subscriptions. The interaction is one that the statement must offer.
  Response subscription(const Request& request, std::string_view interaction, char letter,
                        Response (SubscriptionDoor::*answer)(const Request&)) {
    auto refusal = refuse_for("Subscription", request, interaction, letter);
    if (!refusal && !request.body.empty()) refusal = refuse_body(request, false);
    if (refusal) return answer_refused(*refusal);
    const auto caller = parts_.caller(request);
    const auto base = parts_.base();
    SubscriptionDoor door(parts_.desk, caller, base, parts_.clock, parts_.may_tell);
    return (door.*answer)(request);
  }

 private:
  std::string token_url() const { return parts_.base() + "/token"; }

  Response write(const Request& request, Step step) {
    const auto caller = parts_.caller(request);
    const auto base = parts_.base();
    return Writes(parts_.desk, caller, base, parts_.clock).one(request, std::move(step));
  }

  /// `version` 0 is the latest.
  Response show(const Request& request, int version) {
    const auto caller = parts_.caller(request);
    const auto id = request.parameter("id");
    const std::string referral(referral_in(id));
    if (referral.empty()) return answer_refused(not_here());
    const auto shelf = parts_.desk.shelf(caller, referral);
    if (!shelf) return answer_refused(refusal_of(shelf.error()));
    const auto view = View::of(*shelf);
    if (!view) return answer_refused(refusal_of(view.error()));
    const auto* held = view->find(request.parameter("type"), id);
    if (held == nullptr || version > held->version()) return answer_refused(not_here());
    const auto noted = parts_.desk.note_reading(caller, {referral});
    if (!noted) return answer_refused(refusal_of(noted.error()));
    return answer_held(200, *held, version);
  }

  /// What is not offered, in this form, or to this token.
  std::optional<Refusal> refuse(const Request& request, std::string_view interaction,
                                char letter) const {
    return refuse_for(request.parameter("type"), request, interaction, letter);
  }

  std::optional<Refusal> refuse_for(std::string_view type, const Request& request,
                                    std::string_view interaction, char letter) const {
    if (statement().types.count(type) == 0) {
      return Refusal{404, "not-supported", "this type is not here; see GET metadata"};
    }
    if (!statement().allows(type, interaction)) {
      return Refusal{405, "not-supported", "this cannot be done with this type; see GET metadata"};
    }
    if (!takes_json(request)) return Refusal{406, "not-supported", "this endpoint speaks JSON"};
    return refuse_scope(request, type, letter);
  }

  /// Clients that show a certificate or a token of their own have no scopes: their role is all.
  std::optional<Refusal> refuse_scope(const Request& request, std::string_view type,
                                      char letter) const {
    const auto header = request.header("Authorization");
    if (header.size() <= bearer.size()) return std::nullopt;
    const auto grant = parts_.tokens.read(header.substr(bearer.size()), parts_.clock());
    if (!grant || allows(grant->scope, type, letter)) return std::nullopt;
    return Refusal{403, "forbidden",
                   "the scope of this token does not allow it; ask for system/*.cruds"};
  }

  static std::optional<Refusal> refuse_body(const Request& request, bool patch) {
    const auto name = media_type_of(request);
    if (patch && http::same_token(name, "application/json-patch+json")) return std::nullopt;
    if (!patch && is_fhir_json(name)) return std::nullopt;
    return Refusal{415, "not-supported",
                   patch ? "send Content-Type: application/json-patch+json"
                         : "send Content-Type: application/fhir+json"};
  }

  EndpointParts parts_;
  SmartServer smart_;
};

}  // namespace

namespace {

/// A search by POST.
void add_form(http::Router& router, const std::shared_ptr<Endpoint>& endpoint, const char* pattern,
              std::function<Response(const Request&)> search) {
  router.add({"POST", pattern,
              [endpoint, search = std::move(search)](const Request& request) {
                return endpoint->by_form(request, search);
              },
              endpoint->gate(), largest_form});
}

/// Before those of {type}, which would take them.
void add_subscriptions(http::Router& router, const std::shared_ptr<Endpoint>& endpoint) {
  const auto add = [&](const char* method, const char* pattern, const char* interaction,
                       char letter, Response (SubscriptionDoor::*answer)(const Request&)) {
    router.add({method, pattern,
                [endpoint, interaction, letter, answer](const Request& request) {
                  return endpoint->subscription(request, interaction, letter, answer);
                },
                endpoint->gate(), largest_form});
  };
  add("GET", "/fhir/r4/Subscription", "search-type", 's', &SubscriptionDoor::search);
  add_form(router, endpoint, "/fhir/r4/Subscription/_search", [endpoint](const Request& request) {
    return endpoint->subscription(request, "search-type", 's', &SubscriptionDoor::search);
  });
  add("POST", "/fhir/r4/Subscription", "create", 'c', &SubscriptionDoor::create);
  add("GET", "/fhir/r4/Subscription/{id}", "read", 'r', &SubscriptionDoor::read);
  add("PUT", "/fhir/r4/Subscription/{id}", "update", 'u', &SubscriptionDoor::update);
  add("DELETE", "/fhir/r4/Subscription/{id}", "delete", 'd', &SubscriptionDoor::remove);
  for (const char* method : {"GET", "POST"}) {
    add(method, "/fhir/r4/Subscription/{id}/$status", "read", 'r', &SubscriptionDoor::status);
    add(method, "/fhir/r4/Subscription/{id}/$events", "read", 'r', &SubscriptionDoor::events);
  }
  add("POST", "/fhir/r4/Subscription/{id}/$resend", "update", 'u', &SubscriptionDoor::resend);
}

}  // namespace

void add_endpoint(http::Router& router, EndpointParts parts) {
  const auto endpoint = std::make_shared<Endpoint>(std::move(parts));
  add_subscriptions(router, endpoint);
  const auto add = [&](const char* method, const char* pattern,
                       Response (Endpoint::*answer)(const Request&), bool open,
                       std::uint64_t most) {
    router.add(
        {method, pattern,
         [endpoint, answer](const Request& request) { return ((*endpoint).*answer)(request); },
         open ? http::Gate() : endpoint->gate(), most});
  };
  add("GET", "/fhir/r4/metadata", &Endpoint::metadata, true, 0);
  add("GET", "/fhir/r4/.well-known/smart-configuration", &Endpoint::configuration, true, 0);
  add("POST", "/fhir/r4/token", &Endpoint::token, true, largest_form);
  add("GET", "/fhir/r4/{type}", &Endpoint::search, false, 0);
  add_form(router, endpoint, "/fhir/r4/{type}/_search",
           [endpoint](const Request& request) { return endpoint->search(request); });
  add("GET", "/fhir/r4/Task/{id}/$actions", &Endpoint::actions, false, 0);
  add("GET", "/fhir/r4/{type}/{id}", &Endpoint::read, false, 0);
  add("GET", "/fhir/r4/{type}/{id}/_history/{version}", &Endpoint::vread, false, 0);
  add("POST", "/fhir/r4", &Endpoint::transaction, false, largest_body);
  add("POST", "/fhir/r4/{type}", &Endpoint::create, false, largest_body);
  add("PUT", "/fhir/r4/{type}/{id}", &Endpoint::change, false, largest_body);
  add("PATCH", "/fhir/r4/{type}/{id}", &Endpoint::change, false, largest_body);
}

}  // namespace meridian::fhir
