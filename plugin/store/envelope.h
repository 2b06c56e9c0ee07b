// SPDX-License-Identifier: Apache-2.0
// The envelope: the only way patient data goes into a column, and the only way it comes out.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "base/result.h"
#include "store/hmac.h"
#include "store/site_key.h"

namespace meridian::store {

/// A column whose values are sealed.
struct SealedColumn {
  std::string_view table;
  std::string_view column;
};

/// Which row of its table a value belongs to: its number, and what that number counts within.
struct RowKey {
  RowKey(std::int64_t row_number, std::string_view within = {})  // NOLINT: implicit
      : number(row_number), scope(within) {}

  std::int64_t number;
  std::string_view scope;
};

/// Every column that is sealed; there is no other.
namespace sealed {
inline constexpr SealedColumn message_body{"messages", "body"};
inline constexpr SealedColumn message_answer{"messages", "answer"};
inline constexpr SealedColumn message_issues{"messages", "issues"};
inline constexpr SealedColumn referral_hidden{"referrals", "hidden"};
inline constexpr SealedColumn event_detail{"events", "detail"};
inline constexpr SealedColumn work_detail{"works", "detail"};
inline constexpr SealedColumn facts_history{"facts", "history"};
inline constexpr SealedColumn facts_body{"facts", "body"};
inline constexpr SealedColumn delivery_body{"delivery_bodies", "body"};
inline constexpr SealedColumn delivery_receipt{"deliveries", "receipt"};
inline constexpr SealedColumn cursor_value{"cursors", "value"};
inline constexpr SealedColumn person_hidden{"people", "hidden"};
}  // namespace sealed

/// 128 bits of an HMAC: equal values have equal indexes, and nothing else can be seen.
using BlindIndex = std::array<std::uint8_t, 16>;

/// AES-256-GCM (NIST SP 800-38D) under numbered data keys. A sealed value is
///
///     1 byte format (1) | 4 bytes key id, big endian | 12 bytes nonce | ciphertext | 16 bytes tag
///
/// and is bound to table, row, column and key id, so that it opens nowhere else. Nonces are
/// random: one key may seal 2^32 values before two equal nonces become likelier than 2^-32, about a
/// thousand million messages; a new data key starts the count again. Thread-safe; a key schedule is
/// kept per thread.
class Envelope {
 public:
  /// New values are sealed with `current`, one of `keys`.
  Envelope(const std::map<std::uint32_t, SecretKey>& keys, std::uint32_t current,
           const SecretKey& index_key);
  ~Envelope();

  /// An empty value stays empty.
  std::string seal(const SealedColumn& column, RowKey row, std::string_view plain) const;

  /// Errors: store_damaged when the value was changed, moved, or sealed with a key we do not have.
  Result<std::string> open(const SealedColumn& column, RowKey row, std::string_view value) const;

  /// Equality search for `value` among those of the same `kind`.
  BlindIndex blind(std::string_view kind, std::string_view value) const;

  /// Recognises a repeat of the same bytes; tells nothing about them without the key.
  Sha256 digest(std::string_view bytes) const;

 private:
  struct Key;
  class Nonces;
  std::map<std::uint32_t, std::unique_ptr<Key>> keys_;
  std::uint32_t current_;
  std::unique_ptr<Nonces> nonces_;
  Hmac index_;
  Hmac digest_;
};

/// A data key under the site key, for the table data_keys; bound to its id and purpose.
std::string wrap_key(const SecretKey& site, std::uint32_t id, std::string_view purpose,
                     const SecretKey& key);

/// Errors: misconfigured when the site key is not the one that wrapped it.
Result<SecretKey> unwrap_key(const SecretKey& site, std::uint32_t id, std::string_view purpose,
                             std::string_view wrapped);

}  // namespace meridian::store
