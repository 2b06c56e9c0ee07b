// SPDX-License-Identifier: Apache-2.0
#include "walk/base64.h"

#include <openssl/evp.h>

namespace meridian::sandbox {

std::string base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                  reinterpret_cast<const unsigned char*>(bytes.data()),
                  static_cast<int>(bytes.size()));
  return out;
}

}  // namespace meridian::sandbox
