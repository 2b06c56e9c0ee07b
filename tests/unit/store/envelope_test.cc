// SPDX-License-Identifier: Apache-2.0
#include "store/envelope.h"

#include <cstring>
#include <set>

#include <gtest/gtest.h>
#include <openssl/evp.h>

namespace meridian::store {
namespace {

const SecretKey one = SecretKey::random();
const SecretKey two = SecretKey::random();
const SecretKey root = SecretKey::random();
constexpr SealedColumn body = sealed::message_body;

Envelope envelope_of(const std::map<std::uint32_t, SecretKey>& keys, std::uint32_t current) {
  return Envelope(keys, current, root);
}

const std::uint8_t* bytes(const std::string& text) {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

/// Opens a value by OpenSSL alone, as the format is documented.
std::string open_by_hand(const std::string& value, const SecretKey& key, const std::string& bound) {
  auto* context = EVP_CIPHER_CTX_new();
  const std::size_t size = value.size() - 33;
  std::string plain(size, ' ');
  std::string tag = value.substr(value.size() - 16);
  int done = 0;
  auto* out = reinterpret_cast<std::uint8_t*>(plain.data());
  EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), nullptr, key.data(), bytes(value) + 5);
  EVP_DecryptUpdate(context, nullptr, &done, bytes(bound), static_cast<int>(bound.size()));
  EVP_DecryptUpdate(context, out, &done, bytes(value) + 17, static_cast<int>(size));
  EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, 16, tag.data());
  const bool good = EVP_DecryptFinal_ex(context, out, &done) == 1;
  EVP_CIPHER_CTX_free(context);
  return good ? plain : "does not open";
}

TEST(Envelope, OpensWhatItSealed) {
  const auto envelope = envelope_of({{2, one}}, 2);
  for (const auto& plain : {std::string("x"), std::string("\0\xff", 2), std::string(70'000, 'p')}) {
    const auto value = envelope.seal(body, 7, plain);
    EXPECT_EQ(value.size(), plain.size() + 33);
    EXPECT_EQ(*envelope.open(body, 7, value), plain);
  }
}

TEST(Envelope, IsWhatItsFormatSays) {
  const auto envelope = envelope_of({{0x01020304, one}}, 0x01020304);
  const auto value = envelope.seal({"works", "detail"}, {0x0a0b, "R1"}, "the text");
  EXPECT_EQ(value.substr(0, 5), std::string("\1\1\2\3\4", 5));
  const std::string bound("works\0detail\0\0\0\0\0\0\0\x0a\x0b\1\2\3\4R1", 27);
  EXPECT_EQ(open_by_hand(value, one, bound), "the text");
}

TEST(Envelope, SealsNoValueTwiceTheSame) {
  const auto envelope = envelope_of({{2, one}}, 2);
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(envelope.seal(body, 7, "same").substr(5, 12));
  EXPECT_EQ(seen.size(), 1000u);
}

TEST(Envelope, LeavesAnEmptyValueEmpty) {
  const auto envelope = envelope_of({{2, one}}, 2);
  EXPECT_EQ(envelope.seal(body, 7, ""), "");
  EXPECT_EQ(*envelope.open(body, 7, ""), "");
}

TEST(Envelope, OpensNowhereElse) {
  const auto envelope = envelope_of({{2, one}}, 2);
  const auto value = envelope.seal(body, {7, "R1"}, "text");
  EXPECT_TRUE(envelope.open(body, {7, "R1"}, value));
  EXPECT_FALSE(envelope.open(body, {8, "R1"}, value));
  EXPECT_FALSE(envelope.open(body, {7, "R2"}, value));
  EXPECT_FALSE(envelope.open(body, 7, value));
  EXPECT_FALSE(envelope.open(sealed::message_answer, {7, "R1"}, value));
  EXPECT_FALSE(envelope.open({"other", body.column}, {7, "R1"}, value));
}

TEST(Envelope, NoticesEveryChangedBit) {
  const auto envelope = envelope_of({{2, one}, {3, one}}, 2);
  const auto value = envelope.seal(body, 7, "text");
  for (std::size_t i = 0; i < value.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      auto changed = value;
      changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
      const auto opened = envelope.open(body, 7, changed);
      ASSERT_FALSE(opened) << "byte " << i;
      EXPECT_EQ(opened.error().code, ErrorCode::store_damaged);
    }
  }
  for (std::size_t size = 1; size < value.size(); ++size) {
    EXPECT_FALSE(envelope.open(body, 7, value.substr(0, size)));
  }
  EXPECT_FALSE(envelope.open(body, 7, value + "x"));
}

TEST(Envelope, OpensOldValuesAfterANewKeyAndSealsWithTheNewOne) {
  const auto before = envelope_of({{2, one}}, 2);
  const auto after = envelope_of({{2, one}, {3, two}}, 3);
  const auto old_value = before.seal(body, 7, "text");
  const auto new_value = after.seal(body, 7, "text");
  EXPECT_EQ(*after.open(body, 7, old_value), "text");
  EXPECT_EQ(*after.open(body, 7, new_value), "text");
  EXPECT_FALSE(before.open(body, 7, new_value));
}

TEST(Envelope, OpensNothingWithAnotherKeyOfTheSameId) {
  const auto value = envelope_of({{2, one}}, 2).seal(body, 7, "text");
  EXPECT_FALSE(envelope_of({{2, two}}, 2).open(body, 7, value));
}

TEST(BlindIndexes, AreEqualForEqualValuesOfOneKindAlone) {
  const auto envelope = envelope_of({{2, one}}, 2);
  const auto rotated = envelope_of({{2, one}, {3, two}}, 3);
  EXPECT_EQ(envelope.blind("order", "5"), rotated.blind("order", "5"));
  EXPECT_NE(envelope.blind("order", "5"), envelope.blind("order", "6"));
  EXPECT_NE(envelope.blind("order", "5"), envelope.blind("task", "5"));
  EXPECT_NE(envelope.blind("a", "bc"), envelope.blind("ab", "c"));
  EXPECT_NE(envelope.blind("order", "5"), Envelope({{2, one}}, 2, two).blind("order", "5"));
}

TEST(Hmac, IsThatOfRfc2104) {
  const Hmac hmac(one);
  for (const std::size_t size : {0, 1, 55, 56, 63, 64, 65, 1000}) {
    const std::string text(size, 'h');
    EXPECT_EQ(hmac.of(text), hmac_sha256(one.view(), text));
  }
}

TEST(DerivedKeys, AreThoseOfRfc5869) {
  const std::string no_salt(32, '\0');
  const auto extracted = hmac_sha256(no_salt, one.view());
  const std::string_view prk(reinterpret_cast<const char*>(extracted.data()), extracted.size());
  const auto expanded = hmac_sha256(prk, std::string("a purpose") + '\1');
  const auto derived = derive_key(one, "a purpose");
  EXPECT_EQ(std::memcmp(derived.data(), expanded.data(), SecretKey::size), 0);
  EXPECT_FALSE(derived == derive_key(one, "another purpose"));
}

TEST(WrappedKeys, OpenWithTheirSiteKeyIdAndPurposeAlone) {
  const auto site = SecretKey::random();
  const auto wrapped = wrap_key(site, 5, "envelope", one);
  EXPECT_EQ(wrapped.find(std::string(one.view())), std::string::npos);
  EXPECT_TRUE(*unwrap_key(site, 5, "envelope", wrapped) == one);
  EXPECT_FALSE(unwrap_key(site, 6, "envelope", wrapped));
  EXPECT_FALSE(unwrap_key(site, 5, "derive", wrapped));
  EXPECT_EQ(unwrap_key(two, 5, "envelope", wrapped).error().code, ErrorCode::misconfigured);
  EXPECT_FALSE(unwrap_key(site, 5, "envelope", wrapped.substr(1)));
  EXPECT_FALSE(unwrap_key(site, 5, "envelope", ""));
}

}  // namespace
}  // namespace meridian::store
