// SPDX-License-Identifier: Apache-2.0
#include "base/password.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <memory>
#include <optional>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "base/hash.h"

namespace meridian {
namespace {

constexpr std::string_view scheme = "scrypt";
constexpr std::size_t shortest = 12;
constexpr std::size_t longest = 128;
constexpr std::uint64_t most_memory = std::uint64_t{1} << 30;

using Hash = std::array<std::uint8_t, 32>;
using Salt = std::array<std::uint8_t, 16>;

/// Words that the passwords in breaches are made of most, and those that go with this program; by
/// themselves all are too short, so it is what fills them up that is looked at (is_common).
constexpr std::string_view common[] = {
    "password", "passw0rd",      "p@ssword",   "p@ssw0rd",   "letmein",    "welcome",
    "iloveyou", "administrator", "changeme",   "sunshine",   "princess",   "football",
    "baseball", "trustno",       "superman",   "batman",     "starwars",   "whatever",
    "computer", "internet",      "meridian",   "clinic",     "hospital",   "acupuncture",
    "referral", "secret",        "contrasena", "contraseña", "bienvenido", "teamo",
};

/// Rows of keys and of signs; a password that is a part of one, again and again, is none.
constexpr std::string_view rows[] = {
    "01234567890123456789",       "98765432109876543210",         "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "1q2w3e4r5t6y7u8i9o0p",
    "qazwsxedcrfvtgbyhnujm",
};

struct KdfFree {
  void operator()(EVP_KDF* kdf) const { EVP_KDF_free(kdf); }
  void operator()(EVP_KDF_CTX* context) const { EVP_KDF_CTX_free(context); }
};

/// False when the cost is none that can be paid.
bool derive(std::string_view password, const Salt& salt, const ScryptCost& cost, Hash& hash) {
  const std::unique_ptr<EVP_KDF, KdfFree> kdf(EVP_KDF_fetch(nullptr, "SCRYPT", nullptr));
  if (!kdf) std::abort();  // the library is broken: there is no way on
  const std::unique_ptr<EVP_KDF_CTX, KdfFree> context(EVP_KDF_CTX_new(kdf.get()));
  auto n = cost.n;
  auto r = cost.r;
  auto p = cost.p;
  auto most = most_memory;
  const OSSL_PARAM given[] = {
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_PASSWORD, const_cast<char*>(password.data()),
                                        password.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, const_cast<std::uint8_t*>(salt.data()),
                                        salt.size()),
      OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_N, &n),
      OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_R, &r),
      OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_P, &p),
      OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_MAXMEM, &most),
      OSSL_PARAM_construct_end(),
  };
  return EVP_KDF_derive(context.get(), hash.data(), hash.size(), given) == 1;
}

std::string written(const ScryptCost& cost, const Salt& salt, const Hash& hash) {
  std::string text(scheme);
  for (const std::uint64_t number : {cost.n, std::uint64_t{cost.r}, std::uint64_t{cost.p}}) {
    text += "$" + std::to_string(number);
  }
  return text + "$" + hex(salt) + "$" + hex(hash);
}

template <typename Number>
bool read_number(std::string_view text, Number& number) {
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  return read.ec == std::errc() && read.ptr == end && number > 0;
}

template <std::size_t N>
bool read_hex(std::string_view text, std::array<std::uint8_t, N>& bytes) {
  if (text.size() != 2 * N) return false;
  for (std::size_t i = 0; i < N; ++i) {
    const auto* begin = text.data() + 2 * i;
    if (std::from_chars(begin, begin + 2, bytes[i], 16).ptr != begin + 2) return false;
  }
  return true;
}

struct Kept {
  ScryptCost cost;
  Salt salt;
  Hash hash;
};

std::optional<Kept> read_hash(std::string_view text) {
  std::vector<std::string_view> parts;
  while (parts.size() < 6) {
    const auto end = text.find('$');
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  Kept kept;
  const bool good = parts.size() == 6 && parts[0] == scheme && read_number(parts[1], kept.cost.n) &&
                    read_number(parts[2], kept.cost.r) && read_number(parts[3], kept.cost.p) &&
                    read_hex(parts[4], kept.salt) && read_hex(parts[5], kept.hash);
  return good ? std::optional(kept) : std::nullopt;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

/// The shortest beginning of which the text is a repetition.
std::string_view period(std::string_view text) {
  for (std::size_t size = 1; size < text.size(); ++size) {
    if (text.substr(size) == text.substr(0, text.size() - size)) return text.substr(0, size);
  }
  return text;
}

/// A common word, a row of keys or a few characters, whatever is put before and behind to fill up.
bool is_common(const std::string& text) {
  const auto repeated = period(text);
  if (characters(repeated) <= 4) return true;
  for (const auto row : rows) {
    if (row.find(repeated) != std::string_view::npos) return true;
  }
  for (const auto word : common) {
    const auto at = text.find(word);
    if (at == std::string::npos) continue;
    const auto rest = text.substr(0, at) + text.substr(at + word.size());
    const bool filled = rest.find_first_not_of("0123456789!@#$%.*?_-") == std::string::npos;
    if (filled || period(text).size() <= word.size()) return true;
  }
  return false;
}

}  // namespace

std::string hash_password(std::string_view password, const ScryptCost& cost) {
  Salt salt;
  Hash hash;
  random_bytes(salt);
  if (!derive(password, salt, cost, hash)) std::abort();
  return written(cost, salt, hash);
}

std::string hash_of_nothing(const ScryptCost& cost) {
  Salt salt;
  Hash hash;
  random_bytes(salt);
  random_bytes(hash);
  return written(cost, salt, hash);
}

bool is_password(std::string_view password, std::string_view hash) {
  const auto kept = read_hash(hash);
  Hash made;
  return kept && derive(password, kept->salt, kept->cost, made) &&
         CRYPTO_memcmp(made.data(), kept->hash.data(), made.size()) == 0;
}

std::string_view password_fault(std::string_view password,
                                const std::vector<std::string_view>& words) {
  const auto count = characters(password);
  if (count < shortest) return "short";
  if (count > longest) return "long";
  const auto text = lower(password);
  if (is_common(text)) return "common";
  for (const auto word : words) {
    if (characters(word) >= 4 && text.find(lower(word)) != std::string::npos) return "personal";
  }
  return "";
}

}  // namespace meridian
