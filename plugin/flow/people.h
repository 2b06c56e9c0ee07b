// SPDX-License-Identifier: Apache-2.0
// Signing in: password and one-time code, sessions, and locks that outlive a restart.
#pragma once

#include "flow/core.h"
#include "port/people.h"

namespace meridian::flow {

/// A session that nobody uses ends, and every session ends. Source: NIST SP 800-63B section 4.2.3.
inline constexpr std::chrono::minutes idle_life{30};
inline constexpr std::chrono::hours session_life{12};

/// After so many wrong sign-ins in a row a person is locked for a minute, then for twice as long
/// each time, an hour at most; after a hundred until somebody unlocks them (NIST SP 800-63B section
/// 5.2.2).
inline constexpr int wrong_before_lock = 5;
inline constexpr int wrong_before_end = 100;
inline constexpr std::chrono::minutes longest_lock{60};

/// Thread-safe. Borrows the core.
class RuntimePeople : public People {
 public:
  explicit RuntimePeople(const Core& core);

  std::optional<Caller> visitor(std::string_view session) override;
  Result<std::string> sign_in(const SignInGiven& given) override;
  Result<void> sign_out(std::string_view session) override;
  Result<EnrolmentView> enrolment(std::string_view link) override;
  Result<EnrolmentView> propose(std::string_view link, std::string_view password) override;
  Result<EnrolmentView> confirm(std::string_view link, std::string_view code) override;

 private:
  const Core& core_;
  std::string nobodys_hash_;  ///< looked at when there is no person
};

/// An e-mail address as people are found by it: lower case, without white space around it.
std::string found_by(std::string_view email);

}  // namespace meridian::flow
