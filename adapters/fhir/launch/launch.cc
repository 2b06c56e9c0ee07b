// SPDX-License-Identifier: Apache-2.0
#include "fhir/launch/launch.h"

#include <algorithm>
#include <array>
#include <memory>
#include <semaphore>

#include "base/hash.h"
#include "base/log.h"
#include "fhir/launch/cookies.h"
#include "fhir/launch/ehr_sign_in.h"
#include "fhir/launch/exchange.h"
#include "http/uri.h"

namespace meridian::fhir {
namespace {

using http::Request;
using http::Response;

constexpr std::chrono::hours longest_view{1};
constexpr std::size_t longest_parameter = 4096;
constexpr std::chrono::minutes state_life{11};  // longer than its cookie

std::string random_text(std::size_t size) {
  std::string raw(size, '\0');
  random_bytes({reinterpret_cast<std::uint8_t*>(raw.data()), raw.size()});
  return base64url(raw);
}

/// What random_text makes, and nothing that could end a cookie's name.
bool is_handle(std::string_view text) {
  constexpr std::size_t size = 22;  // 16 bytes
  return text.size() == size && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  c == '-' || c == '_';
         });
}

Response lead_to(std::string place, std::vector<http::Field> cookies) {
  auto response = http::make_response(303, "text/plain; charset=utf-8", "");
  response.headers.push_back({"Location", std::move(place)});
  response.headers.push_back({"Cache-Control", "no-store"});
  // Neither launch nor code is told to whoever comes next.
  response.headers.push_back({"Referrer-Policy", "no-referrer"});
  for (auto& cookie : cookies) response.headers.push_back(std::move(cookie));
  return response;
}

std::string with_query(std::string place, const std::vector<http::Field>& query) {
  char next = place.find('?') == std::string::npos ? '?' : '&';
  for (const auto& [name, value] : query) {
    place += next + name + "=" + http::percent_encode(value);
    next = '&';
  }
  return place;
}

/// What a person is told of an error of the exchange.
std::pair<int, const char*> told(const Error& error) {
  switch (error.code) {
    case ErrorCode::forbidden:
      return {403, "refused.role"};
    case ErrorCode::not_found:
      return {403, "refused.patient"};
    case ErrorCode::unauthorized:
      return {403, "refused.sign-in"};
    default:
      return {502, "refused.ehr"};
  }
}

class Launch {
 public:
  explicit Launch(LaunchParts parts)
      : parts_(std::move(parts)), places_(parts_.clock), turns_(parts_.waiting) {}

  Response begin(const Request& request) {
    const auto iss = request.query_value("iss");
    const auto launch = request.query_value("launch");
    const auto* hospital = hospital_with(iss);
    const bool whole = !launch.empty() && launch.size() <= longest_parameter;
    if (hospital == nullptr || !whole) return refuse(request, nullptr, 400, "refused.hospital");
    const auto jar = cookies();
    if (!jar.keeps(request)) {
      const std::vector<http::Field> same = {{"iss", std::string(iss)},
                                             {"launch", std::string(launch)}};
      auto again = with_query("/smart/launch", same);
      if (request.query_value("tried").empty()) {
        return lead_to(again + "&tried=1", {jar.keep_nothing()});
      }
      return parts_.page(request, 200, "frame.tab", hospital->frames, again);
    }
    const Turn turn(turns_);
    if (!turn.had) return refuse(request, hospital, 503, "refused.ehr");
    const auto places = places_.places_of(*hospital);
    if (!places) {
      log(LogLevel::warning, "smart.ehr_unread",
          {{"source", SourceId(hospital->source)}, {"why", places.error()}});
      return refuse(request, hospital, 502, "refused.ehr");
    }
    return ask(*hospital, *places, {std::string(iss), std::string(launch)}, jar);
  }

  Response end(const Request& request) {
    const std::string handle(request.query_value("state"));
    const auto jar = cookies();
    const auto pending =
        is_handle(handle) ? jar.pending(request, handle, parts_.clock()) : std::nullopt;
    const auto* hospital = pending ? hospital_of(pending->source) : nullptr;
    if (hospital == nullptr) return refuse(request, nullptr, 403, "refused.sign-in");
    auto answer = finish(request, *hospital, *pending, handle, jar);
    answer.headers.push_back(jar.forget(handle));
    return answer;
  }

  std::optional<Launched> launched(const Request& request) const {
    auto who = cookies().launched(request, parts_.clock());
    const auto* hospital = who ? hospital_of(who->caller.source) : nullptr;
    if (hospital == nullptr) return std::nullopt;  // it was taken out of the configuration
    who->frames = hospital->frames;
    return who;
  }

 private:
  struct Turn {
    explicit Turn(std::counting_semaphore<>& of) : turns(of), had(of.try_acquire()) {}
    ~Turn() {
      if (had) turns.release();
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    std::counting_semaphore<>& turns;
    bool had;
  };

  LaunchCookies cookies() const {
    return {parts_.secret, parts_.public_url().starts_with("https://")};
  }
  std::string callback() const { return parts_.public_url() + "/smart/callback"; }

  const LaunchHospital* hospital_with(std::string_view iss) const {
    const auto found =
        std::find_if(parts_.hospitals.begin(), parts_.hospitals.end(),
                     [&](const auto& hospital) { return same_base(hospital.iss, iss); });
    return found == parts_.hospitals.end() ? nullptr : &*found;
  }
  const LaunchHospital* hospital_of(std::string_view source) const {
    const auto found =
        std::find_if(parts_.hospitals.begin(), parts_.hospitals.end(),
                     [&](const auto& hospital) { return hospital.source == source; });
    return found == parts_.hospitals.end() ? nullptr : &*found;
  }

  Response refuse(const Request& request, const LaunchHospital* hospital, int status,
                  std::string_view key) const {
    return parts_.page(request, status, key, hospital == nullptr ? "" : hospital->frames, "");
  }

  /// To the EHR's sign-in.
  struct Asked {
    std::string iss;  ///< as the EHR wrote it: it compares letters
    std::string launch;
  };
  Response ask(const LaunchHospital& hospital, const SignInPlaces& places, const Asked& asked,
               const LaunchCookies& jar) const {
    const auto handle = random_text(16);
    const Pending pending{hospital.source, random_text(32), random_text(16)};
    return lead_to(with_query(places.authorization_endpoint,
                              {{"response_type", "code"},
                               {"client_id", hospital.client_id},
                               {"redirect_uri", callback()},
                               {"launch", asked.launch},
                               {"scope", hospital.scopes},
                               {"state", handle},
                               {"nonce", pending.nonce},
                               {"aud", asked.iss},
                               {"code_challenge", code_challenge(pending.verifier)},
                               {"code_challenge_method", "S256"}}),
                   {jar.keep(handle, pending, parts_.clock())});
  }

  Response finish(const Request& request, const LaunchHospital& hospital, const Pending& pending,
                  const std::string& handle, const LaunchCookies& jar) {
    const Caller source{hospital.source, Role::source, hospital.source};
    const auto first = parts_.desk.first(source, "smart|" + handle, new_ulid(), state_life);
    if (!first || !*first) return refuse(request, &hospital, 403, "refused.sign-in");
    if (!request.query_value("error").empty()) {
      return refuse(request, &hospital, 403, "refused.denied");
    }
    const auto code = request.query_value("code");
    if (code.empty() || code.size() > longest_parameter) {
      return refuse(request, &hospital, 403, "refused.sign-in");
    }
    const Turn turn(turns_);
    if (!turn.had) return refuse(request, &hospital, 503, "refused.ehr");
    const auto places = places_.places_of(hospital);
    auto answer =
        places ? exchange_code(hospital, *places,
                               {std::string(code), callback(), pending.verifier, pending.nonce},
                               parts_.clock())
               : Result<LaunchAnswer>(places.error());
    if (!answer) {
      log(LogLevel::warning, "smart.refused",
          {{"source", SourceId(hospital.source)}, {"why", answer.error()}});
      const auto [status, key] = told(answer.error());
      return refuse(request, &hospital, status, key);
    }
    return open(hospital, std::move(*answer), jar);
  }

  Response open(const LaunchHospital& hospital, LaunchAnswer answer,
                const LaunchCookies& jar) const {
    const std::chrono::seconds life =
        answer.life.count() > 0 ? std::min<std::chrono::seconds>(answer.life, longest_view)
                                : std::chrono::seconds(longest_view);
    const Launched launched{random_text(16),
                            {},
                            {answer.name, Role::clinician, hospital.source, false, answer.user},
                            answer.patient,
                            answer.banner,
                            answer.patient_name,
                            answer.born};
    log(LogLevel::info, "smart.opened", {{"source", SourceId(hospital.source)}});
    return lead_to("/smart/view/" + launched.view, {jar.keep(launched, parts_.clock() + life)});
  }

  LaunchParts parts_;
  EhrSignIn places_;
  std::counting_semaphore<> turns_;
};

}  // namespace

LaunchedOf add_launch(http::Router& router, LaunchParts parts) {
  const auto launch = std::make_shared<Launch>(std::move(parts));
  router.add({"GET", "/smart/launch",
              [launch](const Request& request) { return launch->begin(request); }});
  router.add({"GET", "/smart/callback",
              [launch](const Request& request) { return launch->end(request); }});
  return [launch](const Request& request) { return launch->launched(request); };
}

}  // namespace meridian::fhir
