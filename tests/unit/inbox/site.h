// SPDX-License-Identifier: Apache-2.0
// The endpoint's site with pages: clinics that read in a browser, asked through the real router,
// without a socket.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "fhir/inbox/inbox.h"
#include "port/people.h"
#include "unit/endpoint/site.h"
#include "web/inbox.h"

namespace meridian::test {

/// Whoever shows "willow-session" is a nurse of willow; "viewer-session" somebody of the hospital.
class Visitors : public People {
 public:
  std::optional<Caller> visitor(std::string_view session) override;
  Result<std::string> sign_in(const SignInGiven&) override { return no(); }
  Result<void> sign_out(std::string_view) override { return no(); }
  Result<EnrolmentView> enrolment(std::string_view) override { return no(); }
  Result<EnrolmentView> propose(std::string_view, std::string_view) override { return no(); }
  Result<EnrolmentView> confirm(std::string_view, std::string_view) override { return no(); }

 private:
  static Error no() { return {ErrorCode::unsupported, "test", "nobody signs in here"}; }
};

class InboxSite {
 public:
  InboxSite();

  http::Response ask(const std::string& clinic, const std::string& method, const std::string& path,
                     const std::string& body = {}, const http::Fields& headers = {});
  http::Response get(const std::string& clinic, const std::string& path) {
    return ask(clinic, "GET", path);
  }
  /// Opens the form of an act as a browser does and sends it with these fields.
  http::Response say(const std::string& clinic, const std::string& referral, const std::string& act,
                     const http::Fields& fields = {});
  /// What a browser would send of the form on that page.
  std::string filled(const std::string& page, const http::Fields& fields) const;
  /// As acts of the inbox see it.
  InboxReferral open(const std::string& clinic, const std::string& referral);

  /// The same routes, to be served.
  const http::Router& routes() const { return router_; }

  EndpointSite endpoint;
  flow::Bench& bench = endpoint.bench;

 private:
  std::unique_ptr<fhir::FhirInbox> inbox_;
  Visitors visitors_;
  web::PageDoor door_;
  http::Router router_;
};

/// True when the text holds the part.
bool says(const std::string& text, const std::string& part);
/// The value of a hidden field.
std::string hidden_value(const std::string& page, const std::string& name);

}  // namespace meridian::test
