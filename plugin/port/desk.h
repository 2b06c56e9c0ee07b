// SPDX-License-Identifier: Apache-2.0
// The one door for people, programs and hosts: submit, query, acknowledge. Authorisation is here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "port/envelope.h"

namespace meridian {

enum class Role { none, viewer, staff, contact, source, admin };

/// Who asks. Made by whoever authenticated the caller: the HTTP door, the C ABI, the command line.
struct Caller {
  std::string name;  ///< configured name, never patient data
  Role role = Role::none;
};

/// One referral as a list shows it: no patient data, so that a viewer may see it.
struct ReferralLine {
  std::string id;
  std::string source;
  std::string order;      ///< "ServiceRequest/5"
  std::string direction;  ///< to_acupuncture or to_surgeon
  std::string state;
  std::string owner;     ///< whose turn it is
  std::string worklist;  ///< empty when nothing is to be done by a person
  std::string destination;
  std::string why;  ///< disposition and the rule ids behind it
  Instant created_at;
  Instant updated_at;
  int queued = 0;  ///< deliveries not settled yet
  int delivered = 0;
  int dead = 0;
};

struct HealthReport {
  bool live = true;
  bool ready = false;
  std::int64_t referrals = 0;
  std::int64_t queued = 0;
  std::int64_t ambiguous = 0;
  std::int64_t dead = 0;
  std::int64_t quarantined = 0;
  std::int64_t work_due = 0;
  std::int64_t open_alerts = 0;
  std::int64_t messages = 0;
};

/// What a named contact sees before acknowledging.
struct AlertView {
  std::string id;
  std::string referral;
  std::string order;  ///< so that the contact finds the patient in the EHR
  std::string rule;
  std::string text;  ///< the rule's own words: what is on record and what must be done
  std::string contact;
  Instant raised_at;
  bool acknowledged = false;
  std::string acknowledged_by;
};

/// What the runtime does for the desk. Implemented by flow/. Thread-safe, blocking.
class Operations {
 public:
  virtual ~Operations() = default;
  virtual Result<std::string> submit(Envelope envelope) = 0;
  virtual Result<std::vector<ReferralLine>> referrals(int limit) = 0;
  virtual HealthReport health() = 0;
  virtual Result<AlertView> alert(std::string_view alert_id) = 0;
  virtual Result<void> acknowledge(std::string_view alert_id, std::string_view by) = 0;
};

/// Checks who asks, then lets Operations do it. Errors besides theirs: forbidden, not_found.
class Desk {
 public:
  /// `secret` signs the one-time links of alerts. The desk borrows `operations`.
  Desk(Operations& operations, std::string secret);

  /// source, staff and admin. The value is the answer for the sender.
  Result<std::string> submit(const Caller& caller, Envelope envelope);
  /// Everybody but none.
  Result<std::vector<ReferralLine>> referrals(const Caller& caller, int limit);
  /// Anyone: it holds counts only.
  HealthReport health();

  /// The token that an alert's link carries: alert id and signature.
  std::string alert_token(std::string_view alert_id) const;
  /// Whoever holds the link. not_found for a token that we did not sign.
  Result<AlertView> alert(std::string_view token);
  /// invalid when `by` is empty; repeating it is harmless and keeps the first name.
  Result<void> acknowledge(std::string_view token, std::string_view by);

 private:
  Result<std::string> alert_of(std::string_view token) const;

  Operations& operations_;
  std::string secret_;
};

}  // namespace meridian
