// SPDX-License-Identifier: Apache-2.0
#include "port/passkey.h"

#include <memory>
#include <optional>

#include <openssl/evp.h>

#include "base/hash.h"
#include "base/same_secret.h"
#include "port/cbor.h"
#include "port/jwk_set.h"
#include "port/jwt.h"
#include "port/public_key.h"

namespace meridian {
namespace {

using OwnContext = std::unique_ptr<EVP_MD_CTX, OpenSslFree<EVP_MD_CTX, EVP_MD_CTX_free>>;

constexpr std::size_t p256_half = 32;
constexpr std::size_t longest_id = 1023;  // WebAuthn section 4, credential id

Error refused(Literal what) {
  return {ErrorCode::unauthorized, "passkey", what};
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string text_of(const Sha256& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

/// Labels and values of COSE_Key. Source: RFC 9053 sections 2.1 and 7.1.1, RFC 8230 section 4,
/// RFC 8812 section 2
namespace cose {
constexpr std::int64_t kind = 1;
constexpr std::int64_t algorithm = 3;
constexpr std::int64_t curve = -1;
constexpr std::int64_t x = -2;
constexpr std::int64_t y = -3;
constexpr std::int64_t n = -1;
constexpr std::int64_t e = -2;
constexpr std::int64_t ec2 = 2;
constexpr std::int64_t rsa = 3;
constexpr std::int64_t es256 = -7;
constexpr std::int64_t rs256 = -257;
constexpr std::int64_t p256 = 1;
}  // namespace cose

std::int64_t number_at(const Cbor& key, std::int64_t label) {
  const auto* value = key.find(label);
  return value != nullptr && value->kind == Cbor::Kind::integer ? value->number : 0;
}

std::string bytes_at(const Cbor& key, std::int64_t label) {
  const auto* value = key.find(label);
  return value != nullptr && value->kind == Cbor::Kind::bytes ? value->content : std::string();
}

PublicKey ec_key(const Cbor& key) {
  if (number_at(key, cose::curve) != cose::p256) return nullptr;
  return ec_public_key("P-256", p256_half, bytes_at(key, cose::x), bytes_at(key, cose::y));
}

PublicKey rsa_key(const Cbor& key) {
  return rsa_public_key(bytes_at(key, cose::n), bytes_at(key, cose::e));
}

/// Null for a key that is none of ours to use.
PublicKey key_of(std::string_view cose_key) {
  const auto key = take_cbor(cose_key);
  if (!key || key->kind != Cbor::Kind::map || !cose_key.empty()) return nullptr;
  const auto kind = number_at(*key, cose::kind);
  const auto algorithm = number_at(*key, cose::algorithm);
  if (kind == cose::ec2 && algorithm == cose::es256) return ec_key(*key);
  if (kind == cose::rsa && algorithm == cose::rs256) return rsa_key(*key);
  return nullptr;
}

/// The browser's side: what it was for, for whom, and where.
Result<void> check_client(std::string_view client, std::string_view type,
                          std::string_view challenge, const PasskeySite& site) {
  const auto said = JwtPart::read(client);
  if (!said) return refused("clientDataJSON is no JSON object");
  if (said->text("type") != type) return refused("clientDataJSON is for something else");
  if (challenge.empty() || !same_secret(challenge_in(client), challenge)) {
    return refused("the challenge is another");
  }
  if (said->text("origin") != site.origin) return refused("the origin is another");
  if (said->is_true("crossOrigin")) return refused("it was shown inside of another site's page");
  return {};
}

/// The authenticator's side. Source: WebAuthn section 6.1
struct Authenticated {
  std::uint32_t count = 0;
  std::string_view rest;  ///< behind the count
  unsigned flags = 0;
};

constexpr unsigned user_present = 0x01;
constexpr unsigned user_verified = 0x04;
constexpr unsigned has_key = 0x40;
constexpr unsigned has_extensions = 0x80;

Result<Authenticated> check_authenticator(std::string_view bytes, const PasskeySite& site) {
  constexpr std::size_t head = 32 + 1 + 4;
  if (bytes.size() < head) return refused("authenticatorData is too short");
  if (bytes.substr(0, 32) != text_of(sha256(site.id))) return refused("it is for another site");
  Authenticated found;
  found.flags = static_cast<std::uint8_t>(bytes[32]);
  for (std::size_t i = 33; i < head; ++i) {
    found.count = found.count << 8 | static_cast<std::uint8_t>(bytes[i]);
  }
  found.rest = bytes.substr(head);
  if ((found.flags & user_present) == 0) return refused("nobody was there");
  if ((found.flags & user_verified) == 0) return refused("nobody was verified");
  return found;
}

/// Nothing may follow but the extensions that the flags promise.
bool ends_well(std::string_view rest, unsigned flags) {
  if ((flags & has_extensions) != 0) {
    const auto extensions = take_cbor(rest);
    if (!extensions || extensions->kind != Cbor::Kind::map) return false;
  }
  return rest.empty();
}

/// Id and key out of the attested credential data. Source: WebAuthn section 6.5.1
Result<Passkey> passkey_in(const Authenticated& said) {
  constexpr std::size_t aaguid = 16;
  auto rest = said.rest;
  if ((said.flags & has_key) == 0 || rest.size() < aaguid + 2) return refused("there is no key");
  rest.remove_prefix(aaguid);
  const auto size = static_cast<std::size_t>(static_cast<std::uint8_t>(rest[0])) << 8 |
                    static_cast<std::uint8_t>(rest[1]);
  rest.remove_prefix(2);
  if (size == 0 || size > longest_id || size > rest.size()) return refused("the id is none");
  Passkey passkey{std::string(rest.substr(0, size)), "", said.count};
  rest.remove_prefix(size);
  const auto key = rest;
  if (!take_cbor(rest)) return refused("the key is no COSE key");
  passkey.key = key.substr(0, key.size() - rest.size());
  if (!ends_well(rest, said.flags)) return refused("something follows the key");
  if (!key_of(passkey.key)) return refused("the key is not for ES256 or RS256");
  return passkey;
}

bool is_signed(EVP_PKEY* key, std::string_view text, std::string_view signature) {
  const OwnContext context(EVP_MD_CTX_new());
  return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(text),
                          text.size()) == 1;
}

}  // namespace

std::string challenge_in(std::string_view client) {
  const auto said = JwtPart::read(client);
  if (!said) return {};
  const auto challenge = from_base64url(said->text("challenge"));
  return challenge ? *challenge : std::string();
}

Result<Passkey> check_made(const PasskeyMade& given, std::string_view challenge,
                           const PasskeySite& site) {
  if (auto good = check_client(given.client, "webauthn.create", challenge, site); !good) {
    return good.error();
  }
  const auto bytes = from_base64url(given.attestation);
  if (!bytes) return refused("attestationObject is no base64url");
  std::string_view rest = *bytes;
  const auto object = take_cbor(rest);
  if (!object || object->kind != Cbor::Kind::map || !rest.empty()) {
    return refused("attestationObject cannot be read");
  }
  const auto* format = object->find("fmt");
  const auto* statement = object->find("attStmt");
  const auto* data = object->find("authData");
  if (format == nullptr || statement == nullptr || data == nullptr ||
      data->kind != Cbor::Kind::bytes) {
    return refused("attestationObject has not what it needs");
  }
  if (format->content != "none" || statement->kind != Cbor::Kind::map || !statement->keys.empty()) {
    return refused("an attestation was not asked for");
  }
  const auto said = check_authenticator(data->content, site);
  if (!said) return said.error();
  return passkey_in(*said);
}

Result<std::uint32_t> check_shown(const PasskeyShown& shown, const Passkey& passkey,
                                  std::string_view challenge, const PasskeySite& site) {
  if (auto good = check_client(shown.client, "webauthn.get", challenge, site); !good) {
    return good.error();
  }
  const auto client = from_base64url(shown.client);
  const auto data = from_base64url(shown.authenticator);
  const auto signature = from_base64url(shown.signature);
  if (!client || !data || !signature) return refused("something is no base64url");
  const auto said = check_authenticator(*data, site);
  if (!said) return said.error();
  if ((said->flags & has_key) != 0 || !ends_well(said->rest, said->flags)) {
    return refused("something follows the count");
  }
  const auto key = key_of(passkey.key);
  if (!key || !is_signed(key.get(), *data + text_of(sha256(*client)), *signature)) {
    return refused("the signature is wrong");
  }
  const bool counts = said->count != 0 || passkey.count != 0;
  if (counts && said->count <= passkey.count) return refused("the count does not grow");
  return said->count;
}

}  // namespace meridian
