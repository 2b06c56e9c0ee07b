// SPDX-License-Identifier: Apache-2.0
// A notice by mail that something waits. It says nothing of any patient.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace meridian {

/// What a delivery to the mail server is made of.
struct MailNotice {
  /// `waiting`: something new waits behind the link. `invitation`: the link is where one enrols.
  enum class Kind { waiting, invitation };
  Kind kind = Kind::waiting;
  std::string to;    ///< one address, "ana@quietriver.example"
  std::string link;  ///< of a page of ours; a GET of it changes nothing
};

inline constexpr const char* notice_media_type = "application/vnd.meridian.notice+json";

/// {"format":"meridian.notice/1","kind","to","link"}
std::string notice_json(const MailNotice& notice);
/// Errors: malformed.
Result<MailNotice> read_notice(std::string_view json);

/// True for an address that can stand in a command and a header as it is: ASCII without white
/// space, signs or quotes that have a meaning there. Source: RFC 5321 section 4.1.2, its Dot-string
/// forms alone.
bool is_mail_address(std::string_view text);

}  // namespace meridian
