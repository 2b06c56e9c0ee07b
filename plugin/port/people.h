// SPDX-License-Identifier: Apache-2.0
// People who sign in: how they enrol by a one-time link, sign in, are recognised and sign out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "port/caller.h"

namespace meridian {

/// The role that a word names: clinic, staff, clinician, viewer, operator, administrator, auditor.
std::optional<Role> person_role(std::string_view word);

/// What somebody typed to sign in.
struct SignInGiven {
  std::string email;
  std::string password;
  std::string code;  ///< a one-time code, or one of the recovery codes
};

enum class EnrolmentStep {
  password,  ///< to be set
  code,      ///< the first one-time code, which shows that the secret was taken over
  done,      ///< the person can sign in
  over,      ///< the link was used, replaced, or is too old
};

/// What enrolment shows next.
struct EnrolmentView {
  EnrolmentStep step = EnrolmentStep::over;
  std::string name;
  std::string email;
  /// Why what was sent was not taken: short, long, common, personal, code. Empty: it was, or
  /// nothing was sent.
  std::string refused;
  std::string code_key;                 ///< step code: the secret of the one-time codes, base 32
  std::vector<std::string> recoveries;  ///< step done: shown this once
};

/// Implemented by flow. Thread-safe, blocking. Errors besides those named: store errors.
class People {
 public:
  virtual ~People() = default;

  /// Who holds this session, which goes on by that; nothing when it is over.
  virtual std::optional<Caller> visitor(std::string_view session) = 0;
  /// A new session: its secret, 64 characters. unauthorized, with one and the same answer after the
  /// same work, for whatever was wrong.
  virtual Result<std::string> sign_in(const SignInGiven& given) = 0;
  virtual Result<void> sign_out(std::string_view session) = 0;

  /// Who holds the link. Changes nothing. not_found: we did not sign it.
  virtual Result<EnrolmentView> enrolment(std::string_view link) = 0;
  /// Proposes a password; the answer asks for a code. Nothing counts before confirm.
  virtual Result<EnrolmentView> propose(std::string_view link, std::string_view password) = 0;
  /// Ends the enrolment and the link, and every session that was open.
  virtual Result<EnrolmentView> confirm(std::string_view link, std::string_view code) = 0;
};

}  // namespace meridian
