// SPDX-License-Identifier: Apache-2.0
// The callers a site lets in, and what each of them shows to be recognised.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "port/caller.h"

namespace meridian {

/// What a client certificate says of its owner, once its chain was checked.
struct ShownCertificate {
  std::string subject;     ///< RFC 2253: "CN=engine,O=Tamarack Ridge"; "": no certificate
  std::string key_sha256;  ///< of its public key (SubjectPublicKeyInfo), lower-case hexadecimal
};

/// Keeps no token, only its hash under a key that lives as long as this. Filled first, then only
/// read: by any thread.
class Callers {
 public:
  Callers();

  void add_token(Caller caller, std::string_view token);
  /// Lets in whoever shows a certificate with this subject, this key, or both where both are given.
  void add_certificate(Caller caller, ShownCertificate expected);

  /// Lets in whoever shows a token of which `holder_of` below names this caller.
  void add_holder(Caller caller);
  /// Names the caller whose short-lived token it is; called by any thread, after all else failed.
  void read_issued(std::function<std::optional<std::string>(std::string_view token)> holder_of);

  /// Takes as long for a wrong token as for a right one.
  std::optional<Caller> by_token(std::string_view token) const;
  std::optional<Caller> by_certificate(const ShownCertificate& shown) const;
  /// A caller that was recognised before, by its name.
  std::optional<Caller> named(std::string_view name) const;

 private:
  struct Token {
    Caller caller;
    Sha256 hash;
  };
  struct Certificate {
    Caller caller;
    ShownCertificate expected;
  };

  std::string key_;
  std::vector<Token> tokens_;
  std::vector<Certificate> certificates_;
  std::vector<Caller> holders_;
  std::function<std::optional<std::string>(std::string_view)> holder_of_;
};

}  // namespace meridian
