// SPDX-License-Identifier: Apache-2.0
// What a clinic writes: each request becomes one message of the clinic, the same as a poll of its
// own server would have brought, and is answered when that is durable.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "fhir/endpoint/step.h"
#include "http/request.h"
#include "port/desk.h"

namespace meridian::fhir {

/// One writing request. All is borrowed.
///
/// The message's id is "Task/ID/_history/N": of two who build on one version the store takes the
/// first. A request id (X-Request-Id) is remembered for 30 days: the same with the same request is
/// answered from what the first one wrote, with another request it is a conflict. The referral is
/// found again by the conversation's id (X-Correlation-Id).
/// Source: NHS BaRS, reference referral-standards section 1.5; http://hl7.org/fhir/R4/http.html.
class Writes {
 public:
  static constexpr std::chrono::hours memory{24 * 30};

  Writes(Desk& desk, const Caller& caller, std::string_view base, const Clock& clock)
      : desk_(desk), caller_(caller), base_(base), clock_(clock) {}

  /// A request as it is remembered: its id, empty for none, and all that it asks for.
  struct Asked {
    std::string id;
    std::string content;
    std::string correlation{};  ///< X-Correlation-Id; empty for none
  };
  /// What was written, or why nothing was.
  struct Outcome {
    std::optional<Refusal> refusal;
    std::vector<Held> held;    ///< by step: the resource after it
    std::vector<bool> is_new;  ///< by step
  };

  /// Refuses an id that came before with another content.
  std::optional<Refusal> remember(const Asked& asked);

  /// Steps about one referral, all of them or none.
  Outcome perform(const Asked& asked, const std::vector<Step>& steps);

  /// POST, PUT or PATCH of one resource.
  http::Response one(const http::Request& request, Step step);
  /// A Bundle of type transaction whose entries are about one referral.
  http::Response transaction(const http::Request& request);

 private:
  /// Nothing, when somebody else wrote at the same moment.
  std::optional<Outcome> attempt(const std::string& referral, const std::vector<Step>& steps);
  Outcome repeat(const Shelf& shelf, const std::string& message,
                 const std::vector<Step>& steps) const;
  std::string key_of(const View& view);
  std::string message(const View& view, const Draft& draft, Instant at) const;
  std::function<std::string(std::size_t)> names() const;

  Desk& desk_;
  const Caller& caller_;
  std::string_view base_;
  const Clock& clock_;
  std::string request_id_;
  std::string correlation_id_;
  std::string tried_;  ///< the message id of the last attempt
  int unread_ = 0;
  std::string names_;  ///< what the names of new resources follow from
};

}  // namespace meridian::fhir
