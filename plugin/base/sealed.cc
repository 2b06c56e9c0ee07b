// SPDX-License-Identifier: Apache-2.0
#include "base/sealed.h"

#include <array>
#include <cstdlib>
#include <memory>

#include <openssl/evp.h>

#include "base/hash.h"

namespace meridian {
namespace {

constexpr std::size_t nonce_size = 12;
constexpr int tag_size = 16;

struct Free {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, Free>;

Context started(std::string_view secret, const std::uint8_t* nonce, bool seals) {
  const auto key = hmac_sha256(secret, "sealed");
  Context context(EVP_CIPHER_CTX_new());
  // Fails only when memory is gone or the library is broken; there is no way on from either.
  if (!context || EVP_CipherInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.data(), nonce,
                                    seals ? 1 : 0) != 1) {
    std::abort();
  }
  return context;
}

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}
int length(std::string_view text) {
  return static_cast<int>(text.size());
}

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::optional<std::string> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = digit(text[i]);
    const int low = digit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
  }
  return out;
}

std::string to_hex(const std::string& text) {
  return hex({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

}  // namespace

std::string sealed(std::string_view secret, std::string_view bound, std::string_view plain) {
  std::array<std::uint8_t, nonce_size> nonce{};
  random_bytes(nonce);
  const auto context = started(secret, nonce.data(), true);
  std::string out(plain.size(), '\0');
  std::string tag(tag_size, '\0');
  int done = 0;
  const bool ok =
      EVP_CipherUpdate(context.get(), nullptr, &done, bytes(bound), length(bound)) == 1 &&
      EVP_CipherUpdate(context.get(), bytes(out), &done, bytes(plain), length(plain)) == 1 &&
      EVP_CipherFinal_ex(context.get(), bytes(tag), &done) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, tag_size, bytes(tag)) == 1;
  if (!ok) std::abort();
  return hex(nonce) + to_hex(out) + to_hex(tag);
}

std::optional<std::string> unsealed(std::string_view secret, std::string_view bound,
                                    std::string_view text) {
  constexpr std::size_t longest = 16 << 10;  // hexadecimal digits: no cookie is longer
  if (text.size() > longest) return std::nullopt;
  const auto raw = from_hex(text);
  if (!raw || raw->size() < nonce_size + tag_size) return std::nullopt;
  const auto body = std::string_view(*raw).substr(nonce_size, raw->size() - nonce_size - tag_size);
  auto tag = raw->substr(raw->size() - tag_size);
  const auto context = started(secret, bytes(*raw), false);
  std::string out(body.size(), '\0');
  int done = 0;
  const bool ok =
      EVP_CipherUpdate(context.get(), nullptr, &done, bytes(bound), length(bound)) == 1 &&
      EVP_CipherUpdate(context.get(), bytes(out), &done, bytes(body), length(body)) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, tag_size, bytes(tag)) == 1 &&
      EVP_CipherFinal_ex(context.get(), bytes(tag), &done) == 1;
  if (!ok) return std::nullopt;
  return out;
}

}  // namespace meridian
