// SPDX-License-Identifier: Apache-2.0
// The site key: the one secret outside the database that opens everything in it.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace meridian::store {

/// 32 secret bytes, wiped when they go out of scope.
class SecretKey {
 public:
  static constexpr std::size_t size = 32;

  SecretKey() = default;
  explicit SecretKey(std::span<const std::uint8_t, size> bytes);
  SecretKey(const SecretKey&) = default;
  SecretKey& operator=(const SecretKey&) = default;
  ~SecretKey();

  /// 32 new random bytes.
  static SecretKey random();

  const std::uint8_t* data() const { return bytes_.data(); }
  std::uint8_t* data() { return bytes_.data(); }
  std::string_view view() const { return {reinterpret_cast<const char*>(bytes_.data()), size}; }

  friend bool operator==(const SecretKey&, const SecretKey&) = default;

 private:
  std::array<std::uint8_t, size> bytes_{};
};

/// A key for one purpose, by HKDF-SHA-256 (RFC 5869) without salt; `purpose` is the info.
SecretKey derive_key(const SecretKey& from, std::string_view purpose);

/// Where the site key may be; the first that is set is used, in this order.
struct SiteKeySource {
  std::string hex;             ///< 64 hexadecimal digits, from MERIDIAN_SITE_KEY
  std::string credential_dir;  ///< systemd's $CREDENTIALS_DIRECTORY: file meridian-site-key in it
  std::string file;            ///< 32 bytes, readable by its owner alone
  bool create = false;         ///< make `file` (mode 0600) when it does not exist
};

/// `hex` and `credential_dir` from the environment, `file` and `create` as given.
SiteKeySource site_key_source(std::string file, bool create);

/// Puts the file `next` in the place of `file`, with its owner; the old key stays beside it, and
/// the value is its name: "FILE.until-1800000000". Errors: misconfigured with errno.
Result<std::string> replace_site_key(const std::string& file, const std::string& next, Instant now);

/// Errors: misconfigured when there is no key, it has another length, or others may read the file.
Result<SecretKey> load_site_key(const SiteKeySource& source);

}  // namespace meridian::store
