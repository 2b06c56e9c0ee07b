// SPDX-License-Identifier: Apache-2.0
#include "port/notice.h"

#include <algorithm>

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace meridian {
namespace {

constexpr std::string_view format = "meridian.notice/1";
constexpr std::size_t longest_local = 64;     // RFC 5321 section 4.5.3.1.1
constexpr std::size_t longest_address = 254;  // RFC 5321 section 4.5.3.1.3, without the brackets

std::string_view word_of(MailNotice::Kind kind) {
  return kind == MailNotice::Kind::waiting ? "waiting" : "invitation";
}

std::string_view text_of(const rapidjson::Document& json, const char* key) {
  const auto found = json.FindMember(key);
  if (found == json.MemberEnd() || !found->value.IsString()) return {};
  return {found->value.GetString(), found->value.GetStringLength()};
}

bool is_dotted(std::string_view text, std::string_view signs) {
  const auto is_atom = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           signs.find(c) != signs.npos;
  };
  return !text.empty() && text.front() != '.' && text.back() != '.' &&
         text.find("..") == text.npos && std::all_of(text.begin(), text.end(), is_atom);
}

}  // namespace

std::string notice_json(const MailNotice& notice) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> json(buffer);
  const auto member = [&](const char* key, std::string_view value) {
    json.Key(key);
    json.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
  };
  json.StartObject();
  member("format", format);
  member("kind", word_of(notice.kind));
  member("to", notice.to);
  member("link", notice.link);
  json.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

Result<MailNotice> read_notice(std::string_view text) {
  const Error malformed{ErrorCode::malformed, "notice", "a notice cannot be read"};
  rapidjson::Document json;
  json.Parse(text.data(), text.size());
  if (json.HasParseError() || !json.IsObject() || text_of(json, "format") != format) {
    return malformed;
  }
  MailNotice notice;
  notice.to = text_of(json, "to");
  notice.link = text_of(json, "link");
  for (const auto kind : {MailNotice::Kind::waiting, MailNotice::Kind::invitation}) {
    if (text_of(json, "kind") != word_of(kind)) continue;
    notice.kind = kind;
    return notice;
  }
  return malformed;
}

bool is_mail_address(std::string_view text) {
  const auto at = text.find('@');
  return text.size() <= longest_address && at != text.npos && at <= longest_local &&
         is_dotted(text.substr(0, at), "!#$%&'*+-/=?^_`{|}~") &&
         is_dotted(text.substr(at + 1), "-");
}

}  // namespace meridian
