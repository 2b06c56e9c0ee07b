// SPDX-License-Identifier: Apache-2.0
#include "unit/fhir_client/certificates.h"

#include <cstdlib>
#include <stdexcept>
#include <unistd.h>

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace meridian::test {
namespace {

void check(bool good) {
  if (!good) throw std::runtime_error("certificate for a test could not be made");
}

std::string text_of(BIO* bio) {
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio, &text);
  std::string out(text, static_cast<std::size_t>(size));
  BIO_free(bio);
  return out;
}

void extend(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  check(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

Certificate draft(const Key& key, const std::string& name, int days) {
  Certificate certificate(X509_new(), &X509_free);
  X509* raw = certificate.get();
  static long serial = 1;
  X509_set_version(raw, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(raw), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(raw), -2L * 86'400);
  X509_gmtime_adj(X509_getm_notAfter(raw), days * 86'400L);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(raw), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  check(X509_set_pubkey(raw, key.get()) == 1);
  return certificate;
}

}  // namespace

Key make_ec_key(const char* curve) {
  Key key(EVP_EC_gen(curve), &EVP_PKEY_free);
  check(key != nullptr);
  return key;
}

Key make_rsa_key(unsigned bits) {
  Key key(EVP_RSA_gen(bits), &EVP_PKEY_free);
  check(key != nullptr);
  return key;
}

std::string private_pem(const Key& key) {
  BIO* bio = BIO_new(BIO_s_mem());
  check(PEM_write_bio_PKCS8PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return text_of(bio);
}

std::string pem_of(const Certificate& certificate) {
  BIO* bio = BIO_new(BIO_s_mem());
  check(PEM_write_bio_X509(bio, certificate.get()) == 1);
  return text_of(bio);
}

Authority::Authority(const std::string& name) {
  self_.key = make_ec_key();
  self_.certificate = draft(self_.key, name, 2);
  X509* raw = self_.certificate.get();
  X509_set_issuer_name(raw, X509_get_subject_name(raw));
  extend(raw, raw, NID_basic_constraints, "critical,CA:TRUE");
  extend(raw, raw, NID_key_usage, "critical,keyCertSign");
  check(X509_sign(raw, self_.key.get(), EVP_sha256()) > 0);
}

Identity Authority::issue(const std::string& names, int days) const {
  Identity out;
  out.key = make_ec_key();
  out.certificate = draft(out.key, "Test Server", days);
  X509* raw = out.certificate.get();
  X509_set_issuer_name(raw, X509_get_subject_name(self_.certificate.get()));
  extend(raw, self_.certificate.get(), NID_subject_alt_name, names);
  check(X509_sign(raw, self_.key.get(), EVP_sha256()) > 0);
  return out;
}

TempFile::TempFile(const std::string& content) {
  std::string name = (std::filesystem::temp_directory_path() / "meridian-test-XXXXXX").string();
  const int file = mkstemp(name.data());
  check(file >= 0);
  check(::write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size()));
  ::close(file);
  path_ = name;
}

TempFile::~TempFile() {
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

}  // namespace meridian::test
