// SPDX-License-Identifier: Apache-2.0
// What an EHR has around its FHIR server: patients who are open, and apps that are opened with
// them.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "fhir_server/service.h"
#include "fhir_server/signing_key.h"

namespace meridian::sandbox {

/// A SMART authorisation server for EHR launches, and the pages from which a clinician launches.
/// Every app is known to it, by any client_id, and whoever is at the page is signed in: this is a
/// sandbox on loopback. What an app can get wrong it refuses.
/// Source: http://hl7.org/fhir/smart-app-launch/app-launch.html (2.2), OpenID Connect Core 1.0.
/// Handlers may be called from several threads.
class Ehr {
 public:
  /// Borrows the server whose patients these are.
  Ehr(const FhirService& service, Clock clock) : service_(service), clock_(std::move(clock)) {}

  /// The routes; they borrow this object. To stand before those of the FHIR server.
  http::Router routes();

 private:
  /// Who has which patient open.
  struct Opened {
    std::string patient;  ///< "pat-1"
    std::string user;     ///< "Practitioner/prac-1"
    std::string name;     ///< of the user
  };
  /// What a code was given for.
  struct Asked {
    Opened opened;
    std::string client;
    std::string redirect;
    std::string challenge;
    std::string scope;
    std::string nonce;
    Instant until;
  };

  http::Response configuration(const http::Request& request) const;
  http::Response keys(const http::Request& request) const;
  http::Response patients(const http::Request& request) const;
  http::Response chart(const http::Request& request);
  http::Response authorize(const http::Request& request);
  http::Response token(const http::Request& request);
  Json granted(const Asked& asked) const;

  const FhirService& service_;
  Clock clock_;
  SigningKey key_;
  std::mutex mutex_;  ///< guards all below
  std::map<std::string, Opened> launches_;
  std::map<std::string, Asked> codes_;
};

}  // namespace meridian::sandbox
