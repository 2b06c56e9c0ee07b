// SPDX-License-Identifier: Apache-2.0
#include "mail/message.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

#include "base/base64.h"
#include "base/direction.h"
#include "base/hash.h"

namespace meridian::mail {
namespace {

constexpr std::size_t word_bytes =
    36;  // of text in an encoded word: a line stays below 76 characters
constexpr std::size_t line_bytes = 57;  // of a body in one line of base64: 76 characters
constexpr std::size_t longest_name = 120;

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

/// `text` in words of "=?UTF-8?B?...?=", none of which ends within a character: RFC 2047 section 5.
std::string header_text(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    auto size = std::min(word_bytes, text.size());
    while (size > 1 && size < text.size() && continues(text[size])) --size;
    out +=
        (out.empty() ? "" : "\r\n ") + ("=?UTF-8?B?" + encode_base64(text.substr(0, size))) + "?=";
    text.remove_prefix(size);
  }
  return out;
}

/// Without control characters and marks that turn text around, and not longer than a name is.
std::string plain_name(std::string_view name) {
  std::string out;
  for (const char c : without_direction_marks(name).substr(0, longest_name)) {
    if (static_cast<unsigned char>(c) >= ' ' && c != 0x7f) out.push_back(c);
  }
  return out;
}

std::string body_of(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += line_bytes) {
    out += encode_base64(text.substr(at, line_bytes)) + "\r\n";
  }
  return out;
}

/// "Fri, 27 Nov 2026 19:47:53 +0000"
std::string date_of(Instant at) {
  using namespace std::chrono;
  constexpr std::array days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = floor<std::chrono::days>(at);
  const year_month_day date(day);
  const hh_mm_ss time(floor<seconds>(at - day));
  std::array<char, 40> text{};
  const int size = std::snprintf(
      text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d +0000",
      days[weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
      months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
      static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
      static_cast<int>(time.seconds().count()));
  return {text.data(), static_cast<std::size_t>(size)};
}

struct Words {
  std::string_view subject;
  std::string_view en;
  std::string_view es;
};

Words words_of(MailNotice::Kind kind) {
  if (kind == MailNotice::Kind::invitation) {
    return {"Your access / Su acceso",
            "You were given access to Meridian. Open this page within 72 hours and choose how you "
            "sign in. The link is for you alone and works once.",
            "Se le ha dado acceso a Meridian. Abra esta página en las próximas 72 horas y elija "
            "cómo iniciará sesión. El enlace es solo para usted y funciona una vez."};
  }
  return {"Something is waiting / Algo le espera",
          "Something new is waiting for you in Meridian. Sign in to see it. For privacy this mail "
          "does not say what it is.",
          "Hay algo nuevo para usted en Meridian. Inicie sesión para verlo. Por privacidad este "
          "correo no dice qué es."};
}

bool is_link(std::string_view link) {
  return (link.starts_with("https://") || link.starts_with("http://")) &&
         std::all_of(link.begin(), link.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

}  // namespace

Result<std::string> message_of(const MailNotice& notice, std::string_view key, const Author& author,
                               Instant at) {
  if (!is_mail_address(notice.to) || !is_mail_address(author.address)) {
    return Error{ErrorCode::invalid, "mail", "this is no address that mail can be sent to"};
  }
  if (!is_link(notice.link)) return Error{ErrorCode::invalid, "mail", "the link is no address"};
  const auto name = plain_name(author.site_name);
  const auto words = words_of(notice.kind);
  const auto prefix = name.empty() ? std::string() : name + ": ";
  const auto domain = author.address.substr(author.address.find('@'));
  const auto text = [&](std::string_view words_in) {
    return std::string(words_in) + "\r\n\r\n" + notice.link + "\r\n";
  };
  std::string out;
  out += "Date: " + date_of(at) + "\r\n";
  out += "From: " + header_text(name.empty() ? "Meridian" : name) + "\r\n <" + author.address +
         ">\r\n";
  out += "To: <" + notice.to + ">\r\n";
  out += "Subject: " + header_text(prefix + std::string(words.subject)) + "\r\n";
  out += "Message-ID: <" + hex(sha256(key)).substr(0, 40) + domain + ">\r\n";
  // Nobody's absence is told to it: RFC 3834 section 5.
  out += "Auto-Submitted: auto-generated\r\n";
  out += "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n";
  out += "Content-Language: en, es\r\nContent-Transfer-Encoding: base64\r\n\r\n";
  return out + body_of(text(words.en) + "\r\n--\r\n\r\n" + text(words.es));
}

}  // namespace meridian::mail
