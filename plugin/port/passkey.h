// SPDX-License-Identifier: Apache-2.0
// What a browser shows of a passkey, checked: WebAuthn level 2. Pure; any thread.
// Source: https://www.w3.org/TR/webauthn-2/ sections 7.1 and 7.2
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace meridian {

/// Whose passkeys they are.
struct PasskeySite {
  std::string id;      ///< rpId, a host: "meridian.example"
  std::string origin;  ///< "https://meridian.example:8480"
};

/// A passkey as it is kept.
struct Passkey {
  std::string id;       ///< credential id, raw bytes
  std::string key;      ///< COSE_Key, raw bytes
  std::uint32_t count;  ///< signatures so far, as the authenticator says; 0: it does not count
};

/// What a browser sends when a passkey is made; base64url, as it comes in a form.
struct PasskeyMade {
  std::string client;       ///< clientDataJSON
  std::string attestation;  ///< attestationObject
};

/// What it sends when one is shown; likewise.
struct PasskeyShown {
  std::string id;             ///< credential id
  std::string user;           ///< userHandle: the id of a person of ours
  std::string client;         ///< clientDataJSON
  std::string authenticator;  ///< authenticatorData
  std::string signature;
};

/// The challenge in a clientDataJSON, decoded; "" when there is none. Nothing of it is to be
/// believed: whoever made the challenge must know it again.
std::string challenge_in(std::string_view client);

/// A new passkey: ES256 or RS256, attestation none, the user was verified. Errors: unauthorized,
/// whose text is for our log alone.
Result<Passkey> check_made(const PasskeyMade& made, std::string_view challenge,
                           const PasskeySite& site);

/// The signature count afterwards. The user was verified by the authenticator, so that it is two
/// factors: what they have, and what they are or know. A count that does not grow is a copy of the
/// passkey, and refused. Errors: as above.
Result<std::uint32_t> check_shown(const PasskeyShown& shown, const Passkey& passkey,
                                  std::string_view challenge, const PasskeySite& site);

}  // namespace meridian
