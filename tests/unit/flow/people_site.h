// SPDX-License-Identifier: Apache-2.0
// People on the bench: a clinic that may have them, and whoever was added, enrolled and signed in.
#pragma once

#include <string>
#include <vector>

#include "flow/people.h"
#include "unit/flow/bench.h"

namespace meridian::flow {

inline constexpr const char* good_password = "my hospital has a blue door";

/// The bench's clinic "willow" has a licence and an agreement. Passwords are cheap.
class PeopleSite {
 public:
  PeopleSite();

  /// What the Desk answers; "invalid" and the like when it refuses.
  std::string intervene(const Intervention& given);
  std::string add(const std::string& email, const std::string& role = "clinic",
                  const std::string& clinic = "willow", const std::string& name = "Ana Ruiz");
  /// The token at the end of the link in an answer.
  static std::string token_in(const std::string& answer);
  /// Adds and enrols somebody; their recovery codes.
  std::vector<std::string> enrol(const std::string& email, const std::string& role = "clinic",
                                 const std::string& clinic = "willow");
  store::PersonRow person(const std::string& email);
  /// What the person's phone shows now.
  std::string code(const std::string& email);
  /// The session's secret, or "unauthorized".
  std::string sign_in(const std::string& email, const std::string& password,
                      const std::string& code);
  /// With the right password and the code of now; time goes on, so that the next code is another.
  std::string sign_in(const std::string& email);
  /// "SignIn person/01J... failure", the newest last.
  std::vector<std::string> audited(int most = 50);

  Bench bench;
  RuntimePeople people;
};

}  // namespace meridian::flow
