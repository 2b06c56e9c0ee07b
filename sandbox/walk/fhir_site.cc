// SPDX-License-Identifier: Apache-2.0
#include "walk/fhir_site.h"

#include <memory>
#include <stdexcept>

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/HTTPSClientSession.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>

namespace meridian::sandbox {
namespace {

namespace net = Poco::Net;

std::unique_ptr<net::HTTPClientSession> open_session(const Poco::URI& uri,
                                                     const std::string& ca_file) {
  if (uri.getScheme() != "https") {
    return std::make_unique<net::HTTPClientSession>(uri.getHost(), uri.getPort());
  }
  net::Context::Params params;
  params.caLocation = ca_file;
  params.loadDefaultCAs = ca_file.empty();
  params.verificationMode = net::Context::VERIFY_STRICT;
  return std::make_unique<net::HTTPSClientSession>(
      uri.getHost(), uri.getPort(), new net::Context(net::Context::TLS_CLIENT_USE, params));
}

}  // namespace

Answer fetch(const Question& question) {
  try {
    const Poco::URI uri(question.url);
    const auto session = open_session(uri, question.ca_file);
    session->setTimeout(Poco::Timespan(60, 0));
    const std::string path = uri.getPathAndQuery();
    net::HTTPRequest request(question.method, path.empty() ? "/" : path,
                             net::HTTPMessage::HTTP_1_1);
    const bool json = question.media_type.find("json") != std::string::npos;
    if (json) request.set("Accept", question.media_type);
    request.set("Cache-Control", "no-cache");  // HAPI answers a repeated search from memory
    if (!question.token.empty()) request.set("Authorization", "Bearer " + question.token);
    if (!question.cookie.empty()) request.set("Cookie", question.cookie);
    if (!question.body.empty()) request.setContentType(question.media_type);
    request.setContentLength64(static_cast<Poco::Int64>(question.body.size()));
    session->sendRequest(request) << question.body;
    net::HTTPResponse response;
    Answer answer;
    Poco::StreamCopier::copyToString(session->receiveResponse(response), answer.body);
    answer.status = response.getStatus();
    const std::string set = response.get("Set-Cookie", "");
    answer.cookie = set.substr(0, set.find(';'));
    return answer;
  } catch (const Poco::Exception& problem) {
    throw std::runtime_error(question.method + " " + question.url + ": " + problem.displayText());
  }
}

Json FhirSite::ask(const std::string& method, const std::string& path,
                   const std::string& body) const {
  const std::string url = path.starts_with("http") ? path : base_ + path;
  const Answer answer = fetch({method, url, body, "application/fhir+json", ca_file_, token_});
  if (answer.status / 100 != 2) {
    throw std::runtime_error(method + " " + url + ": " + std::to_string(answer.status) + " " +
                             answer.body.substr(0, 2000));
  }
  return Json::parse(answer.body).value_or(Json());
}

Json FhirSite::read(const std::string& reference) const {
  return ask("GET", "/" + reference);
}

std::vector<Json> FhirSite::search(const std::string& query) const {
  std::vector<Json> out;
  std::string next = "/" + query;
  while (!next.empty()) {
    const Json bundle = ask("GET", next);
    next.clear();
    for (const auto& entry : bundle["entry"].items()) {
      const std::string& mode = entry["search"]["mode"].text();
      if (mode.empty() || mode == "match") out.push_back(entry["resource"]);
    }
    for (const auto& link : bundle["link"].items()) {
      if (link["relation"].text() == "next") next = link["url"].text();
    }
  }
  return out;
}

Json FhirSite::create(const Json& resource) const {
  return ask("POST", "/" + resource["resourceType"].text(), resource.dump());
}

Json FhirSite::update(const Json& resource) const {
  return ask("PUT", "/" + reference_of(resource), resource.dump());
}

void FhirSite::transaction(const std::string& bundle) const {
  ask("POST", "", bundle);
}

std::string reference_of(const Json& resource) {
  return resource["resourceType"].text() + "/" + resource["id"].text();
}

}  // namespace meridian::sandbox
