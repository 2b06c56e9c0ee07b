// SPDX-License-Identifier: Apache-2.0
// Certificates and keys made for one test run; nothing is kept.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <openssl/evp.h>
#include <openssl/x509.h>

namespace meridian::test {

using Key = std::shared_ptr<EVP_PKEY>;
using Certificate = std::shared_ptr<X509>;

struct Identity {
  Key key;
  Certificate certificate;
};

Key make_ec_key(const char* curve = "P-256");
Key make_rsa_key(unsigned bits = 2048);

/// Unencrypted PKCS#8.
std::string private_pem(const Key& key);
std::string pem_of(const Certificate& certificate);

/// A certificate authority of its own.
class Authority {
 public:
  explicit Authority(const std::string& name = "Test Authority");

  /// For subjectAltNames as OpenSSL writes them: "DNS:localhost,IP:127.0.0.1". `days` may be
  /// negative for one that has expired.
  Identity issue(const std::string& names, int days = 1) const;

  std::string pem() const { return pem_of(self_.certificate); }

 private:
  Identity self_;
};

/// A file that goes when the test ends.
class TempFile {
 public:
  explicit TempFile(const std::string& content);
  ~TempFile();
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace meridian::test
