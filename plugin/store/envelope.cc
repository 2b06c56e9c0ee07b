// SPDX-License-Identifier: Apache-2.0
#include "store/envelope.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <mutex>

#include <openssl/evp.h>

namespace meridian::store {
namespace {

constexpr char where[] = "store.envelope";
constexpr char format = 1;
constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;
constexpr std::size_t header_size = 1 + 4 + nonce_size;

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytes(std::string& text, std::size_t at) {
  return reinterpret_cast<unsigned char*>(text.data()) + at;
}

int length(std::string_view text) {
  return static_cast<int>(text.size());
}

/// A cipher context that keeps its key schedule between values of the same key.
class Cipher {
 public:
  explicit Cipher(bool seals) : context_(EVP_CIPHER_CTX_new()), seals_(seals) {
    // Fails only when memory is gone or the library is broken; there is no way on from either.
    if (context_ == nullptr || EVP_CipherInit_ex(context_, EVP_aes_256_gcm(), nullptr, nullptr,
                                                 nullptr, seals_ ? 1 : 0) != 1) {
      std::abort();
    }
  }
  Cipher(const Cipher&) = delete;
  Cipher& operator=(const Cipher&) = delete;
  ~Cipher() { EVP_CIPHER_CTX_free(context_); }

  /// `serial` tells keys apart for the life of the process; 0 is never kept.
  EVP_CIPHER_CTX* start(const SecretKey& key, std::uint64_t serial, const unsigned char* nonce) {
    const bool same = serial != 0 && serial == serial_;
    if (EVP_CipherInit_ex(context_, nullptr, nullptr, same ? nullptr : key.data(), nonce, -1) !=
        1) {
      std::abort();
    }
    serial_ = serial;
    return context_;
  }

 private:
  EVP_CIPHER_CTX* context_;
  bool seals_;
  std::uint64_t serial_ = 0;
};

using Nonce = std::array<std::uint8_t, nonce_size>;

/// Appends nonce, ciphertext and tag to `out`; `context` was started with that nonce.
void seal_into(std::string& out, EVP_CIPHER_CTX* context, const Nonce& nonce,
               std::string_view bound, std::string_view plain) {
  const std::size_t at = out.size();
  out.append(reinterpret_cast<const char*>(nonce.data()), nonce.size());
  out.resize(at + nonce_size + plain.size() + tag_size);
  int done = 0;
  const bool ok =
      EVP_EncryptUpdate(context, nullptr, &done, bytes(bound), length(bound)) == 1 &&
      EVP_EncryptUpdate(context, bytes(out, at + nonce_size), &done, bytes(plain), length(plain)) ==
          1 &&
      EVP_EncryptFinal_ex(context, bytes(out, at + nonce_size + plain.size()), &done) == 1 &&
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, int{tag_size},
                          bytes(out, at + nonce_size + plain.size())) == 1;
  if (!ok) std::abort();
}

/// The reverse of seal_into over the whole of `value`; false when the tag does not fit.
bool open_from(std::string_view value, Cipher& cipher, const SecretKey& key, std::uint64_t serial,
               std::string_view bound, std::string& plain) {
  if (value.size() < nonce_size + tag_size) return false;
  auto* context = cipher.start(key, serial, bytes(value));
  std::string tag(value.substr(value.size() - tag_size));
  const auto body = value.substr(nonce_size, value.size() - nonce_size - tag_size);
  plain.resize(body.size());
  int done = 0;
  return EVP_DecryptUpdate(context, nullptr, &done, bytes(bound), length(bound)) == 1 &&
         EVP_DecryptUpdate(context, bytes(plain, 0), &done, bytes(body), length(body)) == 1 &&
         EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, int{tag_size}, tag.data()) == 1 &&
         EVP_DecryptFinal_ex(context, bytes(plain, 0), &done) == 1;
}

void append_number(std::string& out, std::uint64_t value, int width) {
  for (int i = width - 1; i >= 0; --i) out.push_back(static_cast<char>(value >> (8 * i)));
}

/// What a value is bound to. Names have no NUL, numbers have one width and the scope is last, so no
/// two are alike.
std::string binding(const SealedColumn& column, RowKey row, std::uint32_t key) {
  std::string text;
  text.reserve(64);
  text.append(column.table).push_back('\0');
  text.append(column.column).push_back('\0');
  append_number(text, static_cast<std::uint64_t>(row.number), 8);
  append_number(text, key, 4);
  text.append(row.scope);
  return text;
}

std::string wrap_binding(std::uint32_t id, std::string_view purpose) {
  return binding({"data_keys", purpose}, std::int64_t{id}, id);
}

Cipher& sealing_cipher() {
  thread_local Cipher cipher{true};
  return cipher;
}

Cipher& opening_cipher() {
  thread_local Cipher cipher{false};
  return cipher;
}

}  // namespace

struct Envelope::Key {
  explicit Key(const SecretKey& key) : secret(key), serial(next()) {}

  static std::uint64_t next() {
    static std::atomic<std::uint64_t> last{0};
    return ++last;
  }

  SecretKey secret;
  std::uint64_t serial;
};

/// Random nonces, taken from the system many at a time. Owned by one envelope: a process that forks
/// does not take a used envelope along.
class Envelope::Nonces {
 public:
  Nonce next() {
    const std::lock_guard lock(mutex_);
    if (left_ == 0) {
      random_bytes({stock_.front().data(), sizeof stock_});
      left_ = stock_.size();
    }
    return stock_[--left_];
  }

 private:
  std::mutex mutex_;
  std::array<Nonce, 64> stock_;
  std::size_t left_ = 0;
};

Envelope::Envelope(const std::map<std::uint32_t, SecretKey>& keys, std::uint32_t current,
                   const SecretKey& index_key)
    : current_(current),
      nonces_(std::make_unique<Nonces>()),
      index_(derive_key(index_key, "meridian blind index")),
      digest_(derive_key(index_key, "meridian message digest")) {
  for (const auto& [id, key] : keys) keys_.emplace(id, std::make_unique<Key>(key));
}

Envelope::~Envelope() = default;

std::string Envelope::seal(const SealedColumn& column, RowKey row, std::string_view plain) const {
  if (plain.empty()) return {};
  const auto& key = *keys_.at(current_);
  std::string out;
  out.reserve(header_size + plain.size() + tag_size);
  out.push_back(format);
  append_number(out, current_, 4);
  const auto nonce = nonces_->next();
  auto* context = sealing_cipher().start(key.secret, key.serial, nonce.data());
  seal_into(out, context, nonce, binding(column, row, current_), plain);
  return out;
}

Result<std::string> Envelope::open(const SealedColumn& column, RowKey row,
                                   std::string_view value) const {
  if (value.empty()) return std::string{};
  const Error damaged{ErrorCode::store_damaged, where, "a sealed value does not open", row.number};
  if (value.size() < header_size + tag_size || value[0] != format) return damaged;
  std::uint32_t id = 0;
  for (int i = 1; i <= 4; ++i) id = id << 8 | static_cast<std::uint8_t>(value[i]);
  const auto found = keys_.find(id);
  if (found == keys_.end()) return damaged;
  std::string plain;
  const auto& key = *found->second;
  if (!open_from(value.substr(5), opening_cipher(), key.secret, key.serial,
                 binding(column, row, id), plain)) {
    return damaged;
  }
  return plain;
}

BlindIndex Envelope::blind(std::string_view kind, std::string_view value) const {
  std::string text(kind);
  text.push_back('\0');
  text.append(value);
  const auto whole = index_.of(text);
  BlindIndex index;
  std::copy_n(whole.begin(), index.size(), index.begin());
  return index;
}

Sha256 Envelope::digest(std::string_view data) const {
  return digest_.of(data);
}

std::string wrap_key(const SecretKey& site, std::uint32_t id, std::string_view purpose,
                     const SecretKey& key) {
  Cipher cipher{true};
  Nonce nonce;
  random_bytes(nonce);
  std::string out;
  auto* context = cipher.start(derive_key(site, "meridian key wrap"), 0, nonce.data());
  seal_into(out, context, nonce, wrap_binding(id, purpose), key.view());
  return out;
}

Result<SecretKey> unwrap_key(const SecretKey& site, std::uint32_t id, std::string_view purpose,
                             std::string_view wrapped) {
  Cipher cipher{false};
  std::string plain;
  if (!open_from(wrapped, cipher, derive_key(site, "meridian key wrap"), 0,
                 wrap_binding(id, purpose), plain) ||
      plain.size() != SecretKey::size) {
    return Error{ErrorCode::misconfigured, where, "the site key is not this database's", id};
  }
  SecretKey key;
  std::memcpy(key.data(), plain.data(), SecretKey::size);
  std::fill(plain.begin(), plain.end(), '\0');
  return key;
}

}  // namespace meridian::store
