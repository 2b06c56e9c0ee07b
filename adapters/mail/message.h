// SPDX-License-Identifier: Apache-2.0
// A notice as an Internet message.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "port/notice.h"

namespace meridian::mail {

/// Who writes.
struct Author {
  std::string address;    ///< one that is_mail_address takes
  std::string site_name;  ///< UTF-8, as configured
};

/// RFC 5322, with CRLF, in English and Spanish. `key` becomes the Message-ID, the same in every
/// try. Whatever the names and the link are, they make no header and no line of one. Pure.
/// Errors: invalid, when an address is none or the link is no http(s) address.
Result<std::string> message_of(const MailNotice& notice, std::string_view key, const Author& author,
                               Instant at);

}  // namespace meridian::mail
