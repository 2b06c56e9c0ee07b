// SPDX-License-Identifier: Apache-2.0
#include "store/site_key.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "base/hash.h"

namespace meridian::store {
namespace {

constexpr char where[] = "store.site_key";

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  bool open() const { return descriptor_ >= 0; }
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

Result<SecretKey> from_hex(std::string_view text) {
  const Error wrong{ErrorCode::misconfigured, where, "MERIDIAN_SITE_KEY is not 64 hex digits"};
  if (text.size() != 2 * SecretKey::size) return wrong;
  SecretKey key;
  for (std::size_t i = 0; i < SecretKey::size; ++i) {
    const int high = hex_digit(text[2 * i]);
    const int low = hex_digit(text[2 * i + 1]);
    if (high < 0 || low < 0) return wrong;
    key.data()[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return key;
}

/// Reads exactly one key; a longer file is refused, because it is something else.
Result<SecretKey> read_key(int descriptor) {
  SecretKey key;
  std::size_t have = 0;
  while (have < SecretKey::size) {
    const auto got = ::read(descriptor, key.data() + have, SecretKey::size - have);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return Error{ErrorCode::misconfigured, where, "the key file has no 32 bytes"};
    have += static_cast<std::size_t>(got);
  }
  char more = 0;
  if (::read(descriptor, &more, 1) != 0) {
    return Error{ErrorCode::misconfigured, where, "the key file has more than 32 bytes"};
  }
  return key;
}

Result<SecretKey> from_file(const std::string& path, bool only_owner) {
  const File file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!file.open()) {
    return Error{ErrorCode::misconfigured, where, "the site key cannot be opened", errno};
  }
  struct stat facts {};
  if (::fstat(file.get(), &facts) != 0) {
    return Error{ErrorCode::misconfigured, where, "the site key cannot be read", errno};
  }
  if (only_owner && (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Error{ErrorCode::misconfigured, where, "others may read the site key: chmod 600 it",
                 facts.st_mode & 0777};
  }
  return read_key(file.get());
}

bool write_whole(int descriptor, const SecretKey& key) {
  const auto put = ::write(descriptor, key.data(), SecretKey::size);
  return put == static_cast<ssize_t>(SecretKey::size) && ::fsync(descriptor) == 0;
}

/// The directory's entry must last too, or the database would outlive its key.
bool sync_folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const File file{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  return file.open() && ::fsync(file.get()) == 0;
}

/// Writes beside the name and links it there, so that no half-written key is ever found.
Result<SecretKey> create_file(const std::string& path) {
  const Error failed{ErrorCode::misconfigured, where, "the site key cannot be created"};
  const std::string draft = path + ".new." + std::to_string(::getpid());
  const SecretKey key = SecretKey::random();
  {
    const File file{::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (!file.open() || !write_whole(file.get(), key)) {
      ::unlink(draft.c_str());
      return failed;
    }
  }
  const bool linked = ::link(draft.c_str(), path.c_str()) == 0;
  const bool taken = !linked && errno == EEXIST;
  ::unlink(draft.c_str());
  if (taken) return from_file(path, true);
  if (!linked || !sync_folder_of(path)) return failed;
  return key;
}

}  // namespace

SecretKey::SecretKey(std::span<const std::uint8_t, size> bytes) {
  std::copy(bytes.begin(), bytes.end(), bytes_.begin());
}

SecretKey::~SecretKey() {
  OPENSSL_cleanse(bytes_.data(), bytes_.size());
}

SecretKey SecretKey::random() {
  SecretKey key;
  random_bytes(key.bytes_);
  return key;
}

SecretKey derive_key(const SecretKey& from, std::string_view purpose) {
  const std::unique_ptr<EVP_KDF, decltype(&EVP_KDF_free)> kdf{
      EVP_KDF_fetch(nullptr, "HKDF", nullptr), &EVP_KDF_free};
  const std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context{
      EVP_KDF_CTX_new(kdf.get()), &EVP_KDF_CTX_free};
  char digest[] = "SHA256";
  SecretKey input = from;
  std::string info(purpose);
  const OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, input.data(), SecretKey::size),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()),
      OSSL_PARAM_construct_end()};
  SecretKey key;
  // Fails only when memory is gone or the library is broken; there is no way on from either.
  if (!context || EVP_KDF_derive(context.get(), key.data(), SecretKey::size, params) != 1) {
    std::abort();
  }
  return key;
}

SiteKeySource site_key_source(std::string file, bool create) {
  SiteKeySource source;
  if (const char* text = std::getenv("MERIDIAN_SITE_KEY")) source.hex = text;
  if (const char* text = std::getenv("CREDENTIALS_DIRECTORY")) source.credential_dir = text;
  source.file = std::move(file);
  source.create = create;
  return source;
}

Result<SecretKey> load_site_key(const SiteKeySource& source) {
  if (!source.hex.empty()) return from_hex(source.hex);
  if (!source.credential_dir.empty()) {
    const std::string path = source.credential_dir + "/meridian-site-key";
    // systemd guards the folder itself; the file's own mode is not the owner's to set.
    if (::access(path.c_str(), F_OK) == 0) return from_file(path, false);
  }
  if (source.file.empty()) {
    return Error{ErrorCode::misconfigured, where, "no site key is configured"};
  }
  if (source.create && ::access(source.file.c_str(), F_OK) != 0) return create_file(source.file);
  return from_file(source.file, true);
}

Result<std::string> replace_site_key(const std::string& file, const std::string& next,
                                     Instant now) {
  const auto failed = [](Literal what) {
    return Error{ErrorCode::misconfigured, where, what, errno};
  };
  struct stat facts {};
  if (::stat(file.c_str(), &facts) != 0) return failed("the site key cannot be looked at");
  if (::chown(next.c_str(), facts.st_uid, facts.st_gid) != 0) {
    return failed("the new site key cannot be given to the owner of the old one");
  }
  const auto aside = file + ".until-" + std::to_string(now.time_since_epoch().count());
  if (::link(file.c_str(), aside.c_str()) != 0) {
    return failed("the old site key cannot be put aside");
  }
  if (::rename(next.c_str(), file.c_str()) != 0 || !sync_folder_of(file)) {
    return failed("the new site key cannot take the old one's place");
  }
  return aside;
}

}  // namespace meridian::store
