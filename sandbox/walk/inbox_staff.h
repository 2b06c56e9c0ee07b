// SPDX-License-Identifier: Apache-2.0
// A nurse whose clinic has a browser and nothing else: she enrols, signs in and fills in forms.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "walk/town.h"

namespace meridian::sandbox {

class InboxStaff {
 public:
  /// Her name and address are those of `invited`; her password is her own.
  InboxStaff(Town& town, Invited invited) : town_(town), invited_(std::move(invited)) {}

  /// Opens the link, chooses a password and shows a code of her phone. False when a step is
  /// refused.
  bool enrol();
  /// With one of the recovery codes, as after a phone was lost.
  bool sign_in();
  /// Waits until the list shows a referral.
  bool lists(const std::string& referral, std::chrono::milliseconds within);
  /// The page about it; empty when it is not shown.
  std::string opens(const std::string& referral);
  /// Fills in a form of the page, as the browser would send it. False when it is not taken.
  bool says(const std::string& referral, const std::string& act,
            std::vector<std::pair<std::string, std::string>> fields);

  const std::string& email() const { return invited_.email; }
  const std::string& password() const { return password_; }
  /// Some that she has not used; each is good once.
  std::string recovery_codes(std::size_t most) const;

 private:
  std::string get(const std::string& path) const;
  int post(const std::string& path, const std::vector<std::pair<std::string, std::string>>& fields,
           std::string* body = nullptr);
  void tell(const std::string& what);

  Town& town_;
  Invited invited_;
  std::string password_ = "seven quiet herons at noon";
  std::string cookie_;
  std::vector<std::string> recoveries_;
};

}  // namespace meridian::sandbox
