// SPDX-License-Identifier: Apache-2.0
// A hospital whose EHR asks at signing, through the real router, desk and rules, without a socket.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cds_hooks/service.h"
#include "fhir/client/smart_key.h"
#include "unit/fhir_client/certificates.h"
#include "unit/flow/bench.h"

namespace meridian::test {

inline const std::string base = "https://meridian.example/cds";
inline const std::string issuer = "https://ehr.example/issuer";
inline const std::string keys_url = "https://ehr.example/jwks.json";

/// What a client says in a token; what is empty is left out.
struct Claims {
  std::string iss = issuer;
  std::string aud;  ///< JSON; "" of the constructor: the service that is called
  std::string exp;  ///< JSON
  std::string iat;
  std::string jti;
  std::string more = {};  ///< further members, each with a comma before it
};

class Hospital {
 public:
  Hospital();

  /// A token that is right for the endpoint, with a jti of its own.
  Claims claims(const std::string& endpoint = "ehr/cds-services/order-sign");
  std::string signed_by(const fhir::SmartKey& key, const Claims& claims) const;
  /// By the RSA key of the EHR over this header; `bits` of SHA-2.
  std::string signed_under(const std::string& header, const Claims& claims, int bits = 384) const;
  std::string token(const std::string& endpoint = "ehr/cds-services/order-sign");

  http::Response get(const std::string& path, http::Fields headers = {});
  http::Response options(const std::string& path, http::Fields headers);
  /// Without `token` one that is right is sent.
  http::Response post(const std::string& path, const std::string& body,
                      const std::optional<std::string>& token = std::nullopt,
                      http::Fields headers = {});

  void open();  ///< makes the routes anew out of `client`

  flow::Bench bench;
  fhir::SmartKey key;  ///< "e1", of the EHR
  Key rsa_key;
  fhir::SmartKey rsa;       ///< "r1", likewise
  fhir::SmartKey stranger;  ///< also called "e1"
  cds_hooks::Client client;
  int waiting = 12;
  std::vector<std::string> shown;     ///< topic and level of each card
  std::vector<std::string> feedback;  ///< topic and outcome

 private:
  http::Response ask(http::Request request, const std::string& body);

  http::Router router_;
  int tokens_ = 0;
};

/// A call of order-sign with these drafts.
std::string order_sign(const std::vector<std::string>& drafts, const std::string& more = {});
/// The order of flow::order() before anybody signed it.
std::string draft_order(const std::string& code = {});
/// A member of a JSON text by a JSON pointer; "" when it is not there.
std::string at(const std::string& json, const std::string& pointer);
std::size_t cards(const http::Response& response);
std::string header_of(const http::Response& response, const std::string& name);

}  // namespace meridian::test
