// SPDX-License-Identifier: Apache-2.0
// A hospital and three clinics that read at the endpoint, asked through the real router and door,
// without a socket; the time is the test's.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "fhir/endpoint/endpoint.h"
#include "http/router.h"
#include "port/access_tokens.h"
#include "unit/flow/bench.h"
#include "web/door.h"

namespace meridian::test {

struct Call {
  std::string method = "GET";
  std::string path;  ///< below /fhir/r4: "/Task?status=requested"
  std::string body = {};
  http::Fields headers = {};
  std::string certificate = {};  ///< subject of the one that is shown
};

/// "willow" and "birch" get referrals, "cedar" never any.
class EndpointSite {
 public:
  EndpointSite();

  /// Mr. Alder's referral (n is 0) or that of another patient, delivered to the clinic; its id.
  std::string refer(const std::string& clinic, int n = 0);

  /// `client` is a clinic's name; "" shows no token.
  http::Response ask(const std::string& client, const Call& call);
  http::Response get(const std::string& client, const std::string& path) {
    return ask(client, {"GET", path, {}, {}});
  }
  /// The ETag's version is sent as If-Match.
  http::Response put(const std::string& client, const std::string& path, const std::string& body,
                     int version);
  http::Response patch(const std::string& client, const std::string& path, const std::string& body,
                       int version);
  http::Response post(const std::string& client, const std::string& path, const std::string& body,
                      const std::string& request_id = {});
  /// Sets the Task's status as a clinic does: reads, changes, puts.
  http::Response answer(const std::string& client, const std::string& referral,
                        const std::string& status);

  /// Of `scope`, or with everything.
  std::string token(const std::string& client, const std::string& scope = "system/*.cruds");

  flow::Bench bench;
  std::vector<std::string> also;  ///< what the hospital has of the patient besides
  fhir::ClientKeys keys;          ///< of clients that sign in; take effect with open()
  void open();                    ///< makes the routes anew

 private:
  std::unique_ptr<AccessTokens> tokens_;
  std::unique_ptr<web::Door> door_;
  http::Router router_;
};

/// A member of a JSON text by a JSON pointer: "/meta/versionId"; "" when it is not there.
std::string at(const std::string& json, const std::string& pointer);
/// "Type/id" of each entry of a Bundle.
std::vector<std::string> refs(const std::string& bundle);
/// The resource with another status.
std::string with_status(const std::string& resource, const std::string& status);
std::string header_of(const http::Response& response, const std::string& name);

}  // namespace meridian::test
