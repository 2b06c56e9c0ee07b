// SPDX-License-Identifier: Apache-2.0
// [base]/Subscription and its operations, each for the clinic that asks and no other.
#pragma once

#include <functional>
#include <string_view>

#include "base/time.h"
#include "fhir/endpoint/notification.h"
#include "fhir/endpoint/subscription_book.h"
#include "http/request.h"
#include "http/response.h"
#include "port/desk.h"

namespace meridian::fhir {

/// True when the clinic may be told at that address.
using MayTell = std::function<bool(std::string_view clinic, std::string_view endpoint)>;

/// One request. All is borrowed. A repeat of a create makes a second subscription: whoever lost the
/// answer finds the first by `url`.
class SubscriptionDoor {
 public:
  SubscriptionDoor(Desk& desk, const Caller& caller, std::string_view base, const Clock& clock,
                   const MayTell& may_tell)
      : desk_(desk),
        caller_(caller),
        base_(base),
        clock_(clock),
        may_tell_(may_tell),
        book_(desk, caller) {}

  http::Response create(const http::Request& request);
  http::Response read(const http::Request& request);
  /// Status requested asks for a new handshake, off ends it. Without channel.header the headers
  /// stay as they are.
  http::Response update(const http::Request& request);
  http::Response remove(const http::Request& request);
  /// By _id, criteria, status and url.
  http::Response search(const http::Request& request);

  /// $status of one, by GET or POST.
  http::Response status(const http::Request& request);
  /// $events: eventsSinceNumber, eventsUntilNumber (both included) and content, in the query or as
  /// Parameters; the newest Subscription::most_kept events are there.
  http::Response events(const http::Request& request);
  /// $resend: posts the events from eventsSinceNumber on once more, under their numbers.
  http::Response resend(const http::Request& request);

 private:
  http::Response answer(int status, const Subscription& one) const;
  TaskOf task_of() const;

  Desk& desk_;
  const Caller& caller_;
  std::string_view base_;
  const Clock& clock_;
  const MayTell& may_tell_;
  SubscriptionBook book_;
};

}  // namespace meridian::fhir
