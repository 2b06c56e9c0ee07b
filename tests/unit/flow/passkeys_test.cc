// SPDX-License-Identifier: Apache-2.0
// Passkeys against an authenticator of ours: one that behaves, and what hostile ones try.
#include "flow/passkeys.h"

#include <functional>

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include "base/hash.h"
#include "fhir/client/smart_key.h"
#include "port/jwk_set.h"
#include "unit/fhir_client/certificates.h"
#include "unit/flow/people_site.h"

namespace meridian::flow {
namespace {

using fhir::base64url;
using std::chrono::minutes;

constexpr const char* ana = "ana@willow.example";

std::string text_of(const Sha256& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

/// A security key. What it puts into its answers can be spoiled.
class Authenticator {
 public:
  Authenticator() : key_(test::make_ec_key("P-256")) {}

  std::string origin = "https://m.example:8480";
  std::string site = "m.example";
  std::string type;  ///< in place of the right one
  std::string format = "none";
  std::string more;  ///< further members of clientDataJSON
  unsigned flags = 0x05;
  std::uint32_t count = 1;
  std::string id = "credential-1";
  std::string behind;  ///< after the key, or after the count

  std::string client(const std::string& right_type, const std::string& challenge) const {
    return R"({"type":")" + (type.empty() ? right_type : type) + R"(","challenge":")" + challenge +
           R"(","origin":")" + origin + "\"" + more + "}";
  }
  PasskeyMade make(const std::string& challenge) const {
    const auto data = head(flags | 0x40) + std::string(16, '\0') + std::string(1, '\0') +
                      std::string(1, static_cast<char>(id.size())) + id + cose() + behind;
    const auto object = "\xa3" + word("fmt") + word(format) + word("attStmt") + "\xa0" +
                        word("authData") + "\x58" + std::string(1, static_cast<char>(data.size())) +
                        data;
    return {base64url(client("webauthn.create", challenge)), base64url(object)};
  }
  PasskeyShown show(const std::string& challenge, const std::string& user) const {
    const auto said = client("webauthn.get", challenge);
    const auto data = head(flags) + behind;
    return {base64url(id), base64url(user), base64url(said), base64url(data),
            base64url(signature(data + text_of(sha256(said))))};
  }

 private:
  static std::string word(const std::string& text) {
    return static_cast<char>(0x60 + text.size()) + text;
  }
  std::string head(unsigned with) const {
    std::string bytes = text_of(sha256(site)) + static_cast<char>(with);
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(count >> shift);
    return bytes;
  }
  std::string cose() const {
    std::size_t size = 0;
    EVP_PKEY_get_octet_string_param(key_.get(), "pub", nullptr, 0, &size);
    std::string point(size, '\0');
    EVP_PKEY_get_octet_string_param(key_.get(), "pub",
                                    reinterpret_cast<unsigned char*>(point.data()), size, &size);
    using namespace std::string_literals;
    return "\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20"s + point.substr(1, 32) + "\x22\x58\x20"s +
           point.substr(33);
  }
  std::string signature(const std::string& text) const {
    auto* context = EVP_MD_CTX_new();
    EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key_.get());
    std::size_t size = 256;
    std::string out(size, '\0');
    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(out.data()), &size,
                   reinterpret_cast<const unsigned char*>(text.data()), text.size());
    EVP_MD_CTX_free(context);
    out.resize(size);
    return out;
  }

  test::Key key_;
};

class PasskeysTest : public testing::Test, protected PeopleSite {
 protected:
  PasskeysTest() {
    bench.core->page_link = [](std::string_view path) {
      return "https://m.example:8480" + std::string(path);
    };
    enrol(ana);
    caller = *people.visitor(sign_in(ana));
  }

  std::string made(const Authenticator& from) {
    const auto offer = passkeys.offer(caller);
    const auto done = passkeys.add(caller, from.make(offer->challenge), "my key");
    return done ? "made" : std::string(error_row(done.error().code).name);
  }
  std::string shown(const PasskeyShown& given) {
    const auto secret = passkeys.sign_in(given);
    if (!secret) return std::string(error_row(secret.error().code).name);
    return people.visitor(*secret)->person == caller.person ? "in" : "somebody else";
  }
  std::string shown(const Authenticator& from) {
    return shown(from.show(passkeys.challenge(), caller.person));
  }
  /// A wrong try costs nothing here, so that a list of them can be tried.
  void forget() { intervene({"unlock-person", ana, "", "", true}); }

  RuntimePasskeys passkeys{*bench.core};
  Caller caller;
  Authenticator key;
};

TEST_F(PasskeysTest, OneIsMadeAndSignsIn) {
  ASSERT_EQ(made(key), "made");
  const auto list = *passkeys.list(caller);
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list[0].name, "my key");
  key.count = 2;
  EXPECT_EQ(shown(key), "in");
  EXPECT_EQ(audited().back(), "SignIn person/" + caller.person + " success");
  const auto offer = passkeys.offer(caller);
  EXPECT_EQ(offer->site, "m.example");
  EXPECT_EQ(offer->known, std::vector<std::string>{base64url("credential-1")});
}

TEST_F(PasskeysTest, WhatIsMadeWrongIsNotTaken) {
  const std::pair<const char*, std::function<void(Authenticator&)>> cases[] = {
      {"another origin", [](Authenticator& a) { a.origin = "https://evil.example"; }},
      {"another port", [](Authenticator& a) { a.origin = "https://m.example"; }},
      {"plain", [](Authenticator& a) { a.origin = "http://m.example:8480"; }},
      {"another site", [](Authenticator& a) { a.site = "evil.example"; }},
      {"shown and not made", [](Authenticator& a) { a.type = "webauthn.get"; }},
      {"in a frame", [](Authenticator& a) { a.more = R"(,"crossOrigin":true)"; }},
      {"origin twice", [](Authenticator& a) { a.more = R"(,"origin":"https://m.example:8480")"; }},
      {"nobody there", [](Authenticator& a) { a.flags = 0x04; }},
      {"nobody verified", [](Authenticator& a) { a.flags = 0x01; }},
      {"another attestation", [](Authenticator& a) { a.format = "packed"; }},
      {"something behind", [](Authenticator& a) { a.behind = "x"; }},
      {"extensions that are none", [](Authenticator& a) { a.flags = 0x85; }},
  };
  for (const auto& [what, spoil] : cases) {
    Authenticator spoiled;
    spoil(spoiled);
    EXPECT_EQ(made(spoiled), "unauthorized") << what;
  }
  Authenticator extended;
  extended.flags = 0x85;
  extended.behind = "\xa1\x61x\xf5";
  EXPECT_EQ(made(extended), "made") << "extensions that are some";
  EXPECT_EQ(passkeys.list(caller)->size(), 1u);
}

TEST_F(PasskeysTest, WhatIsShownWrongSignsNobodyIn) {
  ASSERT_EQ(made(key), "made");
  const std::pair<const char*, std::function<void(Authenticator&)>> cases[] = {
      {"another origin", [](Authenticator& a) { a.origin = "https://evil.example"; }},
      {"another site", [](Authenticator& a) { a.site = "evil.example"; }},
      {"made and not shown", [](Authenticator& a) { a.type = "webauthn.create"; }},
      {"in a frame", [](Authenticator& a) { a.more = R"(,"crossOrigin":true)"; }},
      {"nobody there", [](Authenticator& a) { a.flags = 0x04; }},
      {"nobody verified", [](Authenticator& a) { a.flags = 0x01; }},
      {"something behind", [](Authenticator& a) { a.behind = "x"; }},
      {"another credential", [](Authenticator& a) { a.id = "credential-2"; }},
      {"a count that stands", [](Authenticator& a) { a.count = 1; }},
      {"a count that goes back", [](Authenticator& a) { a.count = 0; }},
  };
  for (const auto& [what, spoil] : cases) {
    auto spoiled = key;
    spoiled.count = 5;
    spoil(spoiled);
    EXPECT_EQ(shown(spoiled), "unauthorized") << what;
    forget();
  }
  Authenticator other;
  other.count = 5;
  EXPECT_EQ(shown(other), "unauthorized") << "another key of the same id";
  key.count = 2;
  EXPECT_EQ(shown(key), "in");
}

TEST_F(PasskeysTest, NoBitMayBeFlipped) {
  ASSERT_EQ(made(key), "made");
  key.count = 2;
  const auto flip = [](const std::string& text, std::size_t bit) {
    auto bytes = *from_base64url(text);
    bytes[bit / 8 % bytes.size()] ^= static_cast<char>(1 << bit % 8);
    return base64url(bytes);
  };
  for (std::size_t bit = 0; bit < 8 * 37; bit += 7) {
    auto given = key.show(passkeys.challenge(), caller.person);
    given.authenticator = flip(given.authenticator, bit);
    EXPECT_EQ(shown(given), "unauthorized") << bit;
    given = key.show(passkeys.challenge(), caller.person);
    given.signature = flip(given.signature, bit);
    EXPECT_EQ(shown(given), "unauthorized") << bit;
    given = key.show(passkeys.challenge(), caller.person);
    given.client = flip(given.client, bit * 3);
    EXPECT_EQ(shown(given), "unauthorized") << bit;
    forget();
  }
  EXPECT_EQ(shown(key), "in");
}

TEST_F(PasskeysTest, AChallengeIsOursForOneThingForAWhileAndOnce) {
  const auto made_here = key.make(passkeys.offer(caller)->challenge);
  ASSERT_TRUE(passkeys.add(caller, made_here, ""));
  EXPECT_EQ(passkeys.add(caller, made_here, "").error().code, ErrorCode::unauthorized) << "again";
  key.count = 2;
  const auto given = key.show(passkeys.challenge(), caller.person);
  EXPECT_EQ(shown(given), "in");
  key.count = 3;
  EXPECT_EQ(shown(given), "unauthorized") << "again";
  forget();
  EXPECT_EQ(shown(key.show(base64url("a.b.c"), caller.person)), "unauthorized");
  EXPECT_EQ(shown(key.show("", caller.person)), "unauthorized");
  EXPECT_EQ(shown(key.show(passkeys.offer(caller)->challenge, caller.person)), "unauthorized")
      << "one to make a passkey";
  forget();
  const auto late = key.show(passkeys.challenge(), caller.person);
  bench.pass(minutes(6));
  EXPECT_EQ(shown(late), "unauthorized");
}

TEST_F(PasskeysTest, AnotherPersonsChallengeMakesNone) {
  enrol("ben@willow.example");
  const auto ben = *people.visitor(sign_in("ben@willow.example"));
  const auto given = key.make(passkeys.offer(ben)->challenge);
  EXPECT_EQ(passkeys.add(caller, given, "").error().code, ErrorCode::unauthorized);
  ASSERT_EQ(made(key), "made");
  EXPECT_EQ(passkeys.add(ben, key.make(passkeys.offer(ben)->challenge), "").error().code,
            ErrorCode::conflict);
  EXPECT_EQ(passkeys.remove(ben, base64url(key.id)).error().code, ErrorCode::not_found);
  key.count = 2;
  EXPECT_EQ(shown(key.show(passkeys.challenge(), ben.person)), "unauthorized");
}

TEST_F(PasskeysTest, WrongOnesLockAsWrongPasswordsDo) {
  ASSERT_EQ(made(key), "made");
  auto wrong = key;
  wrong.flags = 0x01;
  for (int i = 0; i < wrong_before_lock; ++i) EXPECT_EQ(shown(wrong), "unauthorized");
  key.count = 2;
  EXPECT_EQ(shown(key), "unauthorized") << "locked";
  bench.pass(minutes(2));
  EXPECT_EQ(shown(key), "in");
}

TEST_F(PasskeysTest, WhoIsLockedStaysOutAndNewEnrolmentEndsThem) {
  ASSERT_EQ(made(key), "made");
  key.count = 2;
  intervene({"lock-person", ana, "", "", true});
  EXPECT_EQ(shown(key), "unauthorized");
  intervene({"unlock-person", ana, "", "", true});
  EXPECT_EQ(shown(key), "in");
  const auto token = token_in(intervene({"invite-person", ana, "", "", true}));
  ASSERT_TRUE(people.propose(token, good_password));
  EXPECT_EQ(passkeys.list(caller)->size(), 1u) << "until it is confirmed they go on";
}

TEST_F(PasskeysTest, AnAuthenticatorThatDoesNotCountIsTaken) {
  key.count = 0;
  ASSERT_EQ(made(key), "made");
  EXPECT_EQ(shown(key), "in");
  EXPECT_EQ(shown(key), "in");
  key.count = 1;
  EXPECT_EQ(shown(key), "in");
  key.count = 0;
  EXPECT_EQ(shown(key), "unauthorized");
}

TEST_F(PasskeysTest, TenAreTheMostAndRemovedOnesSignNobodyIn) {
  for (std::size_t i = 0; i < most_passkeys; ++i) {
    Authenticator one;
    one.id = "credential-" + std::to_string(10 + i);
    EXPECT_EQ(made(one), "made");
  }
  EXPECT_EQ(made(key), "too_large");
  ASSERT_TRUE(passkeys.remove(caller, base64url("credential-10")));
  EXPECT_EQ(made(key), "made");
  ASSERT_TRUE(passkeys.remove(caller, base64url(key.id)));
  key.count = 2;
  EXPECT_EQ(shown(key), "unauthorized");
}

}  // namespace
}  // namespace meridian::flow
