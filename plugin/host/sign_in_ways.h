// SPDX-License-Identifier: Apache-2.0
// The ways by which people sign in other than password and code, as the configuration has them.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "flow/core.h"
#include "flow/linked_people.h"
#include "flow/passkeys.h"
#include "host/config.h"
#include "port/sign_in_provider.h"
#include "store/site_key.h"
#include "web/sign_in.h"

namespace meridian::host {

/// Borrows core. Files that the configuration names were looked at by check_sign_in.
class SignInWays {
 public:
  SignInWays(const flow::Core& core, const Config& config, const store::SecretKey& key);

  web::SignInOffers shown();
  /// `people` and `door` are borrowed by the routes.
  void add_pages(http::Router& router, People& people, const web::PageDoor& door,
                 std::function<std::string()> public_url);

 private:
  std::string secret_;
  std::string provider_name_;
  flow::RuntimeLinkedPeople linked_;
  flow::RuntimePasskeys passkeys_;
  std::unique_ptr<SignInProvider> provider_;  ///< none: nobody signs in elsewhere
};

/// What is wrong with [sign_in] on this machine.
void check_sign_in(const Config& config, Issues& issues);
/// Asks its provider where people sign in, and says what would keep them from it.
void check_provider(const Config& config, Issues& issues);

}  // namespace meridian::host
