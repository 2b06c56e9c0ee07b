// SPDX-License-Identifier: Apache-2.0
#include "cds_hooks/service.h"

#include <algorithm>
#include <memory>
#include <semaphore>

#include "base/log.h"
#include "cds_hooks/call.h"
#include "cds_hooks/cards.h"

namespace meridian::cds_hooks {
namespace {

using http::Request;
using http::Response;

constexpr std::uint64_t largest_call = 8 << 20;
constexpr std::uint64_t largest_feedback = 256 << 10;
constexpr std::size_t most_said = 100;  ///< cards of one feedback
constexpr std::chrono::hours feedback_repeats{24};
constexpr std::string_view bearer = "Bearer ";

Response json(int status, std::string body) {
  auto response = http::make_response(status, "application/json", std::move(body));
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

/// For the person who set the client up; nothing of what was sent is in it.
Response refuse(int status, std::string_view words) {
  auto response =
      http::make_response(status, "text/plain; charset=utf-8", std::string(words) + "\n");
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

/// One of the calls that may wait at a time, or none.
class Turn {
 public:
  explicit Turn(std::counting_semaphore<>& turns) : turns_(turns), had_(turns.try_acquire()) {}
  ~Turn() {
    if (had_) turns_.release();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  bool had() const { return had_; }

 private:
  std::counting_semaphore<>& turns_;
  bool had_;
};

class Services {
 public:
  explicit Services(ServiceParts parts) : parts_(std::move(parts)), turns_(parts_.waiting) {}

  /// The token is checked before one byte of the body is read.
  std::optional<Response> admit(Request& request, bool feedback) {
    const auto* client = client_of(request);
    const auto service = request.parameter("service");
    if (client == nullptr || !moment_of(service)) return refuse(404, "no such service");
    const auto url = parts_.base() + "/" + client->source + "/cds-services/" + std::string(service);
    std::vector<std::string> called = {url};
    if (feedback) called.push_back(url + "/feedback");
    auto header = request.header("Authorization");
    const bool shown = header.starts_with(bearer);
    const auto token = check_token(shown ? header.substr(bearer.size()) : "", client->trust,
                                   client->keys, called, parts_.clock());
    if (!token) return refuse_token(request, *client, token.error());
    const auto span =
        std::chrono::duration_cast<std::chrono::milliseconds>(token->until - parts_.clock());
    const auto first = parts_.desk.first(caller(*client), "cds|" + token->id, new_ulid(), span);
    if (!first) return with_origin(request, *client, refuse(503, "try again in a moment"));
    if (!*first) {
      return refuse_token(request, *client,
                          {ErrorCode::unauthorized, "cds token", "jti was used before"});
    }
    return std::nullopt;
  }

  Response discovery(const Request& request) {
    const auto* client = client_of(request);
    if (client == nullptr) return refuse(404, "no such hospital");
    return with_origin(request, *client, json(200, services_json(client->queries, parts_.site)));
  }

  Response preflight(const Request& request) {
    const auto* client = client_of(request);
    if (client == nullptr) return refuse(404, "no such hospital");
    Response response;
    response.status = 204;
    if (is_origin(request, *client)) {
      response.headers = {{"Access-Control-Allow-Methods", "GET, POST, OPTIONS"},
                          {"Access-Control-Allow-Headers", "Authorization, Content-Type"},
                          {"Access-Control-Max-Age", "600"}};
    }
    return with_origin(request, *client, std::move(response));
  }

  Response call(const Request& request) {
    const auto* client = client_of(request);
    return with_origin(request, *client, answer(request, *client));
  }

  Response feedback(const Request& request) {
    const auto* client = client_of(request);
    return with_origin(request, *client, take(request, *client));
  }

 private:
  static Caller caller(const Client& client) {
    return {client.source, Role::source, client.source};
  }

  const Client* client_of(const Request& request) const {
    for (const auto& client : parts_.clients) {
      if (client.source == request.parameter("source")) return &client;
    }
    return nullptr;
  }

  static bool is_origin(const Request& request, const Client& client) {
    const auto origin = request.header("Origin");
    return !origin.empty() &&
           std::find(client.origins.begin(), client.origins.end(), origin) != client.origins.end();
  }

  /// Source: https://fetch.spec.whatwg.org/#http-cors-protocol
  static Response with_origin(const Request& request, const Client& client, Response response) {
    response.headers.push_back({"Vary", "Origin"});
    if (is_origin(request, client)) {
      response.headers.push_back(
          {"Access-Control-Allow-Origin", std::string(request.header("Origin"))});
    }
    return response;
  }

  static Response refuse_token(const Request& request, const Client& client, const Error& why) {
    log(LogLevel::warning, "cds.token_refused",
        {{"source", SourceId(client.source)}, {"why", why}});
    auto response = refuse(401, "not authorised");
    response.headers.push_back({"WWW-Authenticate", "Bearer realm=\"cds-hooks\""});
    return with_origin(request, client, std::move(response));
  }

  Response answer(const Request& request, const Client& client) {
    const auto until = std::chrono::steady_clock::now() + client.within;
    const auto said = read_call(request.body);
    if (!said) return refuse(400, said.error().what.view());
    if (said->hook != request.parameter("service")) {
      return refuse(400, "hook is not that of the service");
    }
    // The ids of another server mean other people, and its token is not for ours.
    if (!said->fhir_server.empty() && !same_server(said->fhir_server, client.fhir_base)) {
      return refuse(412, "fhirServer is not the one that is configured for this hospital");
    }
    const Turn turn(turns_);
    Question question;
    question.moment = *moment_of(said->hook);
    question.id = new_question_id();
    question.source = SourceId(client.source);
    question.patient = said->patient;
    question.media_type = "application/fhir+json";
    question.orders = said->orders;
    question.order_refs = said->dispatched;
    question.read = said->prefetch;
    if (client.token_used) question.token = said->token;
    question.until = until;
    question.gathers = turn.had();
    auto advice = parts_.desk.ask(caller(client), question);
    if (!advice && is_of_client(advice.error())) {
      return refuse(400, "context.draftOrders cannot be read");
    }
    if (!advice) {
      log(LogLevel::error, "cds.unanswered",
          {{"source", question.source}, {"why", advice.error()}});
      return refuse(503, "try again in a moment");
    }
    for (const auto& one : *advice) parts_.on_card(one);
    return json(200, cards_json(std::move(*advice), question.id, parts_.site, parts_.reasons));
  }

  static bool is_of_client(const Error& error) {
    return error.code == ErrorCode::malformed || error.code == ErrorCode::unsupported ||
           error.code == ErrorCode::too_large;
  }

  Response take(const Request& request, const Client& client) {
    const auto said = read_feedback(request.body);
    if (!said) return refuse(400, said.error().what.view());
    if (said->size() > most_said) return refuse(413, "so much feedback at once is not taken");
    for (const auto& one : *said) {
      const auto card = card_named(one.card);
      if (!card) continue;  // none of ours
      const auto name = "cds-feedback|" + one.card + (one.accepted ? "|accepted" : "|overridden");
      const auto first = parts_.desk.first(caller(client), name, new_ulid(), feedback_repeats);
      if (!first) return refuse(503, "try again in a moment");
      if (!*first) continue;  // "may arrive twice"
      const auto noted = parts_.desk.note_feedback(
          caller(client), {one.card, one.accepted, known_reason(one.reason)});
      if (!noted) return refuse(503, "try again in a moment");
      parts_.on_feedback(card->topic, one.accepted);
    }
    return json(200, "{}");
  }

  /// What is no code of ours may be anything, also words about a patient.
  std::string known_reason(const std::string& reason) const {
    if (reason.empty()) return {};
    const bool known = std::any_of(parts_.reasons.begin(), parts_.reasons.end(),
                                   [&](const Coding& each) { return each.code == reason; });
    return known ? reason : "other";
  }

  ServiceParts parts_;
  std::counting_semaphore<> turns_;
};

}  // namespace

void add_services(http::Router& router, ServiceParts parts) {
  if (parts.clients.empty()) return;
  const auto services = std::make_shared<Services>(std::move(parts));
  const auto gate = [services](bool feedback) {
    return [services, feedback](Request& request) { return services->admit(request, feedback); };
  };
  const auto add = [&](const char* method, const char* pattern,
                       Response (Services::*answer)(const Request&), http::Gate admitted,
                       std::uint64_t most) {
    router.add(
        {method, pattern,
         [services, answer](const Request& request) { return ((*services).*answer)(request); },
         std::move(admitted), most});
  };
  const auto* one = "/cds/{source}/cds-services/{service}";
  const auto* said = "/cds/{source}/cds-services/{service}/feedback";
  add("GET", "/cds/{source}/cds-services", &Services::discovery, {}, 0);
  add("POST", one, &Services::call, gate(false), largest_call);
  add("POST", said, &Services::feedback, gate(true), largest_feedback);
  for (const auto* pattern : {"/cds/{source}/cds-services", one, said}) {
    add("OPTIONS", pattern, &Services::preflight, {}, 0);
  }
}

}  // namespace meridian::cds_hooks
