// SPDX-License-Identifier: Apache-2.0
#include "web/posts.h"

#include <algorithm>
#include <memory>

#include <rapidjson/document.h>

#include "base/hash.h"
#include "base/same_secret.h"
#include "http/uri.h"
#include "web/answer.h"

namespace meridian::web {
namespace {

using http::Request;
using http::Response;

constexpr std::uint64_t largest_message = 16 << 20;
constexpr std::size_t longest_id = 200;
constexpr std::size_t digits_of_a_megabyte = 6;

/// "application/fhir+json" of "application/fhir+json; charset=UTF-8", in lower case.
std::string media_type_of(const Request& request) {
  const auto header = request.header("Content-Type");
  auto name = std::string(header.substr(0, header.find(';')));
  name.erase(name.find_last_not_of(" \t") + 1);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name;
}

/// JSON is UTF-8 (RFC 8259 section 8.1); other media types name their own character set.
bool has_other_charset(const Request& request) {
  std::string header(request.header("Content-Type"));
  std::transform(header.begin(), header.end(), header.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto at = header.find("charset=");
  if (at == std::string::npos) return false;
  auto name = header.substr(at + 8, header.find(';', at) - at - 8);
  std::erase(name, '"');
  name.erase(name.find_last_not_of(" \t") + 1);
  return name != "utf-8" && name != "utf8" && name != "us-ascii";
}

bool is_fhir_json(std::string_view media_type) {
  return media_type == "application/fhir+json" || media_type == "application/json" ||
         media_type == "application/json+fhir";
}

/// The body was not read and is kept: its answer says so with an issue of severity fatal.
bool is_quarantined(const std::string& answer) {
  rapidjson::Document json;
  json.Parse(answer.data(), answer.size());
  if (json.HasParseError() || !json.IsObject() || !json.HasMember("issue")) return false;
  if (!json["issue"].IsArray()) return false;
  for (const auto& issue : json["issue"].GetArray()) {
    if (issue.IsObject() && issue.HasMember("severity") && issue["severity"] == "fatal") {
      return true;
    }
  }
  return false;
}

class Posts {
 public:
  Posts(Desk& desk, Door& door, const PostedReader& reader, std::vector<Signing> signing)
      : desk_(desk), door_(door), reader_(reader), signing_(std::move(signing)) {}

  /// Lets in who shows a token, and who shows a signature: that is checked with the body.
  http::Gate gate(http::Gate tokens) const {
    return [this, tokens = std::move(tokens)](Request& request) -> std::optional<Response> {
      if (signing(request) == nullptr) return tokens(request);
      // Nobody is known yet who could be given more.
      const auto length = request.header("Content-Length");
      if (!length.empty() && length.size() <= digits_of_a_megabyte) return std::nullopt;
      return outcome(ErrorCode::too_large, "a signed notification has less than a megabyte");
    };
  }

  Response message(const Request& request) {
    if (auto refused = unreadable(request)) return *refused;
    if (request.body.empty()) return outcome(ErrorCode::invalid, "the message is empty");
    const auto media_type = media_type_of(request);
    std::string id(own_id(request));
    if (id.empty() && is_fhir_json(media_type)) {
      if (const auto posted = reader_.look(request.body)) id = posted->identifier;
    }
    return submit(request, media_type, std::move(id));
  }

  Response fhir(const Request& request) {
    const auto* signer = signing(request);
    if (signer != nullptr && !is_signed(request, *signer)) {
      return outcome(ErrorCode::unauthorized, "the signature is not that of this body");
    }
    const bool bare = request.body.empty();  // a rest-hook without payload
    if (bare || (signer != nullptr && signer->wakes)) return look_now(request);
    if (auto refused = no_fhir(request)) return *refused;
    const auto posted = reader_.look(request.body);
    if (!posted) return submit(request, media_type_of(request), std::string(own_id(request)));
    if (posted->notice) return notice(request, *posted->notice);
    auto id = std::string(own_id(request));
    return submit(request, media_type_of(request), id.empty() ? posted->identifier : id);
  }

  Response resource(const Request& request) {
    if (request.body.empty()) return look_now(request);
    if (auto refused = no_fhir(request)) return *refused;
    const auto posted = reader_.look(request.body);
    const auto id = request.parameter("id");
    if (posted && posted->type != request.parameter("type")) {
      return outcome(ErrorCode::malformed, "resourceType of the body is not the type of the URL");
    }
    if (posted && !id.empty() && posted->id != id) {
      return outcome(ErrorCode::malformed, "id of the resource is not the id of the URL");
    }
    return submit(request, media_type_of(request), std::string(own_id(request)));
  }

 private:
  /// Who signs at this address; nullptr for a request without its header, or with a token.
  const Signing* signing(const Request& request) const {
    if (!request.header("Authorization").empty()) return nullptr;
    for (const auto& one : signing_) {
      const bool here = one.caller.source == request.parameter("source");
      if (here && !request.header(one.header).empty()) return &one;
    }
    return nullptr;
  }

  static bool is_signed(const Request& request, const Signing& signer) {
    const auto right = signer.prefix + hex(hmac_sha256(signer.secret.reveal(), request.body));
    return same_secret(right, request.header(signer.header));
  }

  Caller caller_of(const Request& request) const {
    const auto* signer = signing(request);
    return signer != nullptr ? signer->caller : door_.caller(request);
  }

  static std::string_view own_id(const Request& request) {
    const auto id = request.header("X-Request-Id");
    return id.empty() ? request.header("Idempotency-Key") : id;
  }

  static std::optional<Response> unreadable(const Request& request) {
    const auto coding = request.header("Content-Encoding");
    if (!coding.empty() && !http::same_token(coding, "identity")) {
      return outcome(ErrorCode::unsupported, "send the body without Content-Encoding");
    }
    const auto id = own_id(request);
    for (const auto given : {id, request.header("X-Correlation-Id")}) {
      if (given.empty() || http::is_visible(given, longest_id)) continue;
      return outcome(ErrorCode::invalid,
                     "X-Request-Id, Idempotency-Key and X-Correlation-Id must be 1 to 200 visible "
                     "ASCII characters");
    }
    if (media_type_of(request).empty()) {
      return outcome(ErrorCode::unsupported,
                     "say what it is, as Content-Type: application/fhir+json");
    }
    return std::nullopt;
  }

  static std::optional<Response> no_fhir(const Request& request) {
    if (auto refused = unreadable(request)) return refused;
    if (!is_fhir_json(media_type_of(request))) {
      return outcome(ErrorCode::unsupported,
                     "here FHIR is taken as JSON: Content-Type: application/fhir+json");
    }
    if (has_other_charset(request)) {
      return outcome(ErrorCode::unsupported, "FHIR in JSON is UTF-8; leave the charset out");
    }
    return std::nullopt;
  }

  /// What was told is durable before it is answered. Resources of whoever signed or showed a token
  /// are taken as messages.
  Response notice(const Request& request, const Notice& said) {
    const auto heard = desk_.hear(caller_of(request), request.parameter("source"), said);
    if (!heard) return failure(heard.error());
    if (!said.carries_resources) return taken("heard");
    return submit(request, media_type_of(request), std::string(own_id(request)));
  }

  Response look_now(const Request& request) {
    const auto told = desk_.look_now(caller_of(request), request.parameter("source"));
    if (!told) return failure(told.error());
    return taken("the source is looked at now");
  }

  Response submit(const Request& request, std::string media_type, std::string id) {
    if (id.empty()) id = "sha256:" + hex(sha256(request.body));
    Envelope envelope{SourceId(std::string(request.parameter("source"))), std::move(id),
                      std::move(media_type), request.body, system_now()};
    envelope.correlation_id = request.header("X-Correlation-Id");
    const auto answer = desk_.submit(caller_of(request), std::move(envelope));
    if (!answer) return failure(answer.error());
    return outcome_text(is_quarantined(*answer) ? 422 : 200, *answer);
  }

  static Response taken(std::string_view words) { return note(200, words); }

  static Response failure(const Error& error) {
    switch (error.code) {
      case ErrorCode::forbidden:
        return outcome(error.code,
                       "this client speaks for another source; see source in its [[client]]");
      case ErrorCode::conflict:
        return outcome(
            error.code,
            "a message with this id and another body was taken before; give each message "
            "an id of its own");
      case ErrorCode::unsupported:
        return outcome(error.code, "no reader takes this Content-Type");
      default:
        return outcome(error);
    }
  }

  Desk& desk_;
  Door& door_;
  const PostedReader& reader_;
  std::vector<Signing> signing_;
};

}  // namespace

void add_posts(http::Router& router, Desk& desk, Door& door, const PostedReader& reader,
               std::vector<Signing> signing) {
  const auto posts = std::make_shared<Posts>(desk, door, reader, std::move(signing));
  const auto gate = door.only({Role::source, Role::admin});
  const auto add = [&](const char* method, const char* pattern,
                       Response (Posts::*answer)(const Request&), const http::Gate& admit) {
    router.add({method, pattern,
                [posts, answer](const Request& request) { return ((*posts).*answer)(request); },
                admit, largest_message});
  };
  add("POST", "/in/{source}", &Posts::message, gate);
  add("POST", "/fhir/{source}", &Posts::fhir,
      [posts, admit = posts->gate(gate)](Request& request) { return admit(request); });
  for (const char* method : {"POST", "PUT"}) {
    add(method, "/fhir/{source}/{type}", &Posts::resource, gate);
    add(method, "/fhir/{source}/{type}/{id}", &Posts::resource, gate);
  }
}

}  // namespace meridian::web
