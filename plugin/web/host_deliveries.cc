// SPDX-License-Identifier: Apache-2.0
#include "web/host_deliveries.h"

#include <charconv>
#include <memory>

#include "web/answer.h"

namespace meridian::web {
namespace {

using http::Request;
using http::Response;

constexpr std::uint64_t longest_receipt = 1'000;

/// "12.LEASE"
std::string claim_text(const TakenDelivery& taken) {
  return std::to_string(taken.number) + "." + taken.lease;
}

class Deliveries {
 public:
  Deliveries(HostDeliveries deliveries, Door& door)
      : deliveries_(std::move(deliveries)), door_(door) {}

  Response take(const Request& request) {
    if (!is_own(request)) return not_own();
    const auto taken = deliveries_.take(request.parameter("destination"));
    if (!taken && taken.error().code == ErrorCode::not_found) {
      Response nothing{204, {}, ""};
      nothing.headers.push_back({"Cache-Control", "no-store"});
      return nothing;
    }
    if (!taken) return outcome(taken.error());
    auto response = http::make_response(200, taken->media_type, taken->body);
    response.headers.push_back({"Cache-Control", "no-store"});
    response.headers.push_back({"Meridian-Claim", claim_text(*taken)});
    response.headers.push_back({"Meridian-Referral", taken->referral});
    response.headers.push_back({"Meridian-Key", taken->key});
    response.headers.push_back({"Meridian-Attempts", std::to_string(taken->attempts)});
    response.headers.push_back({"Meridian-Maybe-Arrived", taken->maybe_arrived ? "true" : "false"});
    return response;
  }

  Response settle(const Request& request) {
    if (!is_own(request)) return not_own();
    const auto sent = settled_as(request.parameter("word"), request.body);
    if (!sent) return outcome(sent.error());
    const auto claim = request.parameter("claim");
    const auto dot = claim.find('.');
    std::int64_t number = 0;
    const auto end = claim.data() + (dot == std::string_view::npos ? 0 : dot);
    if (std::from_chars(claim.data(), end, number).ptr != end || dot == std::string_view::npos) {
      return outcome(ErrorCode::malformed, "a claim is what take gave as Meridian-Claim");
    }
    const auto settled =
        deliveries_.settle(request.parameter("destination"), number, claim.substr(dot + 1), *sent);
    return settled ? note(200, "settled") : outcome(settled.error());
  }

 private:
  /// Also where the destination is not known: whoever asks learns nothing of other systems.
  bool is_own(const Request& request) {
    const auto caller = door_.caller(request);
    return caller.source.empty() || caller.source == request.parameter("destination");
  }

  static Response not_own() {
    return outcome(ErrorCode::forbidden,
                   "this client speaks for another system; see source in its [[client]]");
  }

  HostDeliveries deliveries_;
  Door& door_;
};

}  // namespace

Result<Result<Receipt>> settled_as(std::string_view word, std::string receipt) {
  if (word == "delivered") {
    return Result<Receipt>(Receipt{std::move(receipt), "acknowledged", ""});
  }
  if (word == "try-again") {
    return Result<Receipt>(Error{ErrorCode::unavailable, "host", "it did not arrive"});
  }
  if (word == "unknown") {
    return Result<Receipt>(Error{ErrorCode::interrupted, "host", "it may have arrived"});
  }
  if (word == "refused") {
    return Result<Receipt>(Error{ErrorCode::invalid, "host", "the receiver refused it"});
  }
  return Error{ErrorCode::invalid, "host", "say delivered, try-again, unknown or refused"};
}

void add_host_deliveries(http::Router& router, HostDeliveries deliveries, Door& door) {
  const auto shared = std::make_shared<Deliveries>(std::move(deliveries), door);
  router.add({"POST", "/out/{destination}/take",
              [shared](const Request& request) { return shared->take(request); },
              door.only({Role::source, Role::admin}), longest_receipt});
  router.add({"POST", "/out/{destination}/{claim}/{word}",
              [shared](const Request& request) { return shared->settle(request); },
              door.only({Role::source, Role::admin}), longest_receipt});
}

}  // namespace meridian::web
