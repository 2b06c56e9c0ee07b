// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/syntax/charset.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include <simdjson.h>
#include <unicode/ucnv.h>
#include <unicode/ucnv_err.h>

namespace meridian::hl7v2 {
namespace {

struct Name {
  std::string_view hl7;   ///< table 0211, in lower case
  std::string_view iana;  ///< what ICU calls it
};

/// 8859/1 is read as windows-1252, which only adds letters where 8859/1 has control characters.
constexpr std::array<Name, 31> names = {{
    {"ascii", "US-ASCII"},
    {"us-ascii", "US-ASCII"},
    {"8859/1", "windows-1252"},
    {"iso-8859-1", "windows-1252"},
    {"8859/2", "ISO-8859-2"},
    {"8859/3", "ISO-8859-3"},
    {"8859/4", "ISO-8859-4"},
    {"8859/5", "ISO-8859-5"},
    {"8859/6", "ISO-8859-6"},
    {"8859/7", "ISO-8859-7"},
    {"8859/8", "ISO-8859-8"},
    {"8859/9", "ISO-8859-9"},
    {"8859/15", "ISO-8859-15"},
    {"unicode", "UTF-8"},
    {"unicode utf-8", "UTF-8"},
    {"utf-8", "UTF-8"},
    {"utf8", "UTF-8"},
    {"unicode utf-16", "UTF-16"},
    {"unicode utf-32", "UTF-32"},
    {"iso ir14", "ISO-2022-JP"},
    {"iso ir87", "ISO-2022-JP"},
    {"iso ir159", "ISO-2022-JP-2"},
    {"iso ir6", "US-ASCII"},
    {"iso ir149", "EUC-KR"},
    {"gb 18030-2000", "GB18030"},
    {"gb18030", "GB18030"},
    {"ks x 1001", "EUC-KR"},
    {"cns 11643-1992", "EUC-TW"},
    {"big-5", "Big5"},
    {"windows-1252", "windows-1252"},
    {"cp1252", "windows-1252"},
}};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool is_ascii(std::string_view bytes) {
  std::uint64_t seen = 0;  // all bytes over each other, eight at a time
  while (bytes.size() >= sizeof seen) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, bytes.data(), sizeof eight);
    seen |= eight;
    bytes.remove_prefix(sizeof eight);
  }
  for (const char c : bytes) seen |= static_cast<unsigned char>(c);
  return (seen & 0x8080808080808080U) == 0;
}

std::string_view iana_name(std::string_view declared) {
  const auto wanted = lower(declared);
  for (const auto& name : names) {
    if (name.hl7 == wanted) return name.iana;
  }
  return {};
}

/// MSH-18: all its repetitions, read without knowing the character set (the delimiters are ASCII).
std::string_view declared_charsets(std::string_view bytes) {
  constexpr int msh18 = 17;  // separators before it
  const auto begin = bytes.find("MSH");
  if (begin == std::string_view::npos || begin + 4 >= bytes.size()) return {};
  const char separator = bytes[begin + 3];
  auto header = bytes.substr(begin, bytes.find_first_of("\r\n", begin) - begin);
  for (int i = 0; i < msh18; ++i) {
    const auto next = header.find(separator);
    if (next == std::string_view::npos) return {};
    header.remove_prefix(next + 1);
  }
  return header.substr(0, header.find(separator));
}

/// The widest of several repetitions: a message that switches sets names all of them.
std::string_view declared_iana(std::string_view declared, std::string& unknown) {
  std::string_view found;
  while (!declared.empty()) {
    const auto end = declared.find('~');
    const auto one = declared.substr(0, end);
    declared = end == std::string_view::npos ? std::string_view() : declared.substr(end + 1);
    if (one.empty() || one == "\"\"") continue;
    const auto iana = iana_name(one);
    if (iana.empty()) unknown = one;
    if (!iana.empty() && (found.empty() || found == "US-ASCII")) found = iana;
  }
  return found;
}

/// UTF-8 of bytes in that set; false when they are not in it.
bool convert(std::string_view bytes, const std::string& charset, std::string& out) {
  UErrorCode status = U_ZERO_ERROR;
  UConverter* from = ucnv_open(charset.c_str(), &status);
  UConverter* to = ucnv_open("UTF-8", &status);
  bool good = U_SUCCESS(status) != 0;
  if (good) {
    ucnv_setToUCallBack(from, UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
    std::array<UChar, 1024> pivot;
    UChar* pivot_from = pivot.data();
    UChar* pivot_to = pivot.data();
    out.resize(bytes.size() * 3 + 16);
    char* target = out.data();
    const char* source = bytes.data();
    ucnv_convertEx(to, from, &target, out.data() + out.size(), &source, bytes.data() + bytes.size(),
                   pivot.data(), &pivot_from, &pivot_to, pivot.data() + pivot.size(), 1, 1,
                   &status);
    good = U_SUCCESS(status) != 0;
    out.resize(good ? target - out.data() : 0);
  }
  ucnv_close(from);
  ucnv_close(to);
  return good;
}

/// A set whose characters are wider than a byte, by its first bytes; empty for others.
std::string wide_charset(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (bytes.starts_with("\xFF\xFE\0\0"sv) || bytes.starts_with("\0\0\xFE\xFF"sv)) return "UTF-32";
  if (bytes.starts_with("\xFF\xFE"sv) || bytes.starts_with("\xFE\xFF"sv)) return "UTF-16";
  if (bytes.starts_with("M\0\0\0S"sv)) return "UTF-32LE";
  if (bytes.starts_with("\0\0\0M"sv)) return "UTF-32BE";
  if (bytes.starts_with("M\0S"sv)) return "UTF-16LE";
  if (bytes.starts_with("\0M"sv)) return "UTF-16BE";
  return {};
}

class Decoder {
 public:
  Decoder(std::string_view bytes, Decoded& decoded) : bytes_(bytes), decoded_(decoded) {}

  void run(const std::string& site_default) {
    if (const auto wide = wide_charset(bytes_); !wide.empty() && take(wide)) return;
    const auto declared = declared_charsets(bytes_);
    std::string unknown;
    const std::string iana(declared_iana(declared, unknown));
    if (!unknown.empty()) {
      warn("not-supported", "'" + unknown + "' is no character set of table 0211");
    }
    const bool ascii = is_ascii(bytes_);
    if (ascii && iana != "ISO-2022-JP" && iana != "ISO-2022-JP-2") return keep("US-ASCII");
    if (!ascii && simdjson::validate_utf8(bytes_)) {
      if (!iana.empty() && iana != "UTF-8") {
        warn("value", "declares " + std::string(declared) + ", but the message is UTF-8");
      }
      return keep("UTF-8");
    }
    if (!iana.empty() && iana != "UTF-8" && iana != "US-ASCII" && take(iana)) return;
    if (iana.empty()) {
      warn("value", "names no character set and the message is not UTF-8; read as " + site_default);
    } else {
      warn("value", "declares " + std::string(declared) + ", which the message is not; read as " +
                        site_default);
    }
    if (take(site_default) || take("windows-1252")) return;
    keep("US-ASCII");
  }

 private:
  bool take(const std::string& charset) {
    if (!convert(bytes_, charset, decoded_.changed)) return false;
    decoded_.text = decoded_.changed;
    decoded_.charset = charset;
    return true;
  }

  void keep(const char* charset) {
    decoded_.text = bytes_;
    decoded_.charset = charset;
  }

  void warn(const char* code, std::string text) {
    decoded_.issues.push_back({Severity::warning, code, "MSH-18", std::move(text)});
  }

  std::string_view bytes_;
  Decoded& decoded_;
};

}  // namespace

void decode(std::string_view bytes, const std::string& site_default, Decoded& decoded) {
  Decoder(bytes, decoded).run(site_default);
}

}  // namespace meridian::hl7v2
