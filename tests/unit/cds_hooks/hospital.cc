// SPDX-License-Identifier: Apache-2.0
#include "unit/cds_hooks/hospital.h"

#include <openssl/evp.h>
#include <rapidjson/document.h>
#include <rapidjson/pointer.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "http/uri.h"

namespace meridian::test {
namespace {

fhir::SmartKey made(const Key& key, const char* algorithm, const char* kid) {
  return *fhir::SmartKey::from_pem(private_pem(key), algorithm, kid);
}

std::string seconds(Instant at) {
  return std::to_string(std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count());
}

}  // namespace

Hospital::Hospital()
    : key(made(make_ec_key("P-384"), "ES384", "e1")),
      rsa_key(make_rsa_key()),
      rsa(made(rsa_key, "RS384", "r1")),
      stranger(made(make_ec_key("P-384"), "ES384", "e1")) {
  client.source = "ehr";
  client.trust = {issuer, "", keys_url};
  const auto set = std::make_shared<const JwkSet>(*JwkSet::parse(fhir::jwks({&key, &rsa})));
  client.keys = [set](std::string_view kid, std::string_view algorithm) {
    return set->has(kid, algorithm) ? set : nullptr;
  };
  client.fhir_base = "https://ehr.example/fhir";
  client.within = std::chrono::minutes(1);
  client.origins = {"https://ehr.example"};
  client.queries = {{"patient", "Patient/{patient}"},
                    {"conditions", "Condition?patient={patient}"}};
  open();
}

void Hospital::open() {
  router_ = http::Router();
  cds_hooks::ServiceParts parts{*bench.desk,
                                {client},
                                [] { return base; },
                                "Tamarack Ridge",
                                bench.knowledge.override_reasons,
                                waiting};
  parts.on_card = [this](const Advice& advice) {
    shown.push_back(std::string(topic_name(advice.topic)) + " " +
                    std::string(level_name(advice.level)));
  };
  parts.on_feedback = [this](Advice::Topic topic, bool accepted) {
    feedback.push_back(std::string(topic_name(topic)) + (accepted ? " accepted" : " overridden"));
  };
  parts.clock = [this] { return bench.now; };
  cds_hooks::add_services(router_, std::move(parts));
}

Claims Hospital::claims(const std::string& endpoint) {
  Claims claims;
  claims.aud = "\"" + base + "/" + endpoint + "\"";
  claims.exp = seconds(bench.now + std::chrono::minutes(5));
  claims.iat = seconds(bench.now);
  claims.jti = "\"jti-" + std::to_string(++tokens_) + "\"";
  return claims;
}

namespace {

std::string json_of(const Claims& claims) {
  std::string json = "{";
  const auto add = [&](const char* name, const std::string& value) {
    if (value.empty()) return;
    json += (json.size() > 1 ? ",\"" : "\"") + std::string(name) + "\":" + value;
  };
  add("iss", claims.iss.empty() ? "" : "\"" + claims.iss + "\"");
  add("aud", claims.aud);
  add("exp", claims.exp);
  add("iat", claims.iat);
  add("jti", claims.jti);
  return json + claims.more + "}";
}

}  // namespace

std::string Hospital::signed_by(const fhir::SmartKey& signer, const Claims& claims) const {
  return *signer.sign(json_of(claims));
}

std::string Hospital::signed_under(const std::string& header, const Claims& claims,
                                   int bits) const {
  const auto text = fhir::base64url(header) + "." + fhir::base64url(json_of(claims));
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  auto* context = EVP_MD_CTX_new();
  std::size_t size = 1024;
  std::string signature(size, '\0');
  EVP_DigestSignInit(context, nullptr, bits == 256 ? EVP_sha256() : EVP_sha384(), nullptr,
                     rsa_key.get());
  EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size, bytes,
                 text.size());
  EVP_MD_CTX_free(context);
  signature.resize(size);
  return text + "." + fhir::base64url(signature);
}

std::string Hospital::token(const std::string& endpoint) {
  return signed_by(key, claims(endpoint));
}

http::Response Hospital::ask(http::Request request, const std::string& body) {
  const auto target = http::parse_target(request.target);
  const auto match = router_.find(request.method, target->segments);
  if (match.route == nullptr) return router_.error(match.allow.empty() ? 404 : 405);
  request.path = target->path;
  request.parameters = match.parameters;
  request.peer = "192.0.2.7";
  if (match.route->gate) {
    if (auto refused = match.route->gate(request)) return *refused;
  }
  request.body = body;
  return match.route->handler(request);
}

http::Response Hospital::get(const std::string& path, http::Fields headers) {
  http::Request request;
  request.method = "GET";
  request.target = "/cds/" + path;
  request.headers = std::move(headers);
  return ask(request, {});
}

http::Response Hospital::options(const std::string& path, http::Fields headers) {
  http::Request request;
  request.method = "OPTIONS";
  request.target = "/cds/" + path;
  request.headers = std::move(headers);
  return ask(request, {});
}

http::Response Hospital::post(const std::string& path, const std::string& body,
                              const std::optional<std::string>& shown_token, http::Fields headers) {
  http::Request request;
  request.method = "POST";
  request.target = "/cds/" + path;
  request.headers = std::move(headers);
  request.headers.push_back({"Authorization", "Bearer " + shown_token.value_or(token(path))});
  return ask(request, body);
}

std::string order_sign(const std::vector<std::string>& drafts, const std::string& more) {
  return R"({"hook":"order-sign","hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",)"
         R"("context":{"userId":"Practitioner/7","patientId":"alder","draftOrders":)" +
         flow::bundle(drafts) + "}" + more + "}";
}

std::string draft_order(const std::string& code) {
  auto text = flow::order();
  const auto replace = [&](const std::string& from, const std::string& to) {
    const auto found = text.find(from);
    if (found != std::string::npos) text.replace(found, from.size(), to);
  };
  replace(R"("status":"active")", R"("status":"draft")");
  replace(R"("id":"order")", R"("id":"draft")");
  if (code.empty()) return text;
  const auto begin = text.find(R"("code":)");
  int depth = 0;
  auto end = text.find('{', begin);
  do {
    depth += text[end] == '{' ? 1 : text[end] == '}' ? -1 : 0;
    ++end;
  } while (depth > 0);
  return text.replace(begin, end - begin, R"("code":)" + code);
}

std::string at(const std::string& json, const std::string& pointer) {
  rapidjson::Document document;
  document.Parse(json.c_str());
  if (document.HasParseError()) return {};
  const auto* value = rapidjson::Pointer(pointer.c_str()).Get(document);
  if (value == nullptr) return {};
  if (value->IsString()) return value->GetString();
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value->Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

std::size_t cards(const http::Response& response) {
  rapidjson::Document document;
  document.Parse(response.body.c_str());
  if (document.HasParseError() || !document.HasMember("cards")) return 999;
  return document["cards"].Size();
}

std::string header_of(const http::Response& response, const std::string& name) {
  return std::string(http::find_header(response.headers, name));
}

}  // namespace meridian::test
