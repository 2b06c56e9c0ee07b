// SPDX-License-Identifier: Apache-2.0
#include "base/same_secret.h"

#include <openssl/crypto.h>

namespace meridian {

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace meridian
