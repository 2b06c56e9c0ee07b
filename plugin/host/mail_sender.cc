// SPDX-License-Identifier: Apache-2.0
#include "host/mail_sender.h"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "host/clients.h"
#include "port/notice.h"

namespace meridian::host {
namespace {

using Security = mail::SmtpSettings::Security;

std::string text_in(const rapidjson::Value& object, const char* name) {
  const auto found = object.FindMember(name);
  if (found == object.MemberEnd() || !found->value.IsString()) return {};
  return {found->value.GetString(), found->value.GetStringLength()};
}

std::string written(const rapidjson::Value& json) {
  rapidjson::StringBuffer text;
  rapidjson::Writer<rapidjson::StringBuffer> writer(text);
  json.Accept(writer);
  return {text.GetString(), text.GetSize()};
}

}  // namespace

std::unique_ptr<mail::SmtpSender> mail_sender(const Config& config, Issues& issues) {
  const auto& given = config.mail;
  if (given.host.empty()) return nullptr;
  const auto fault = [&](std::string text) {
    issues.push_back({Severity::error, "invalid", config.file + ":" + std::to_string(given.line),
                      std::move(text)});
    return nullptr;
  };
  mail::SmtpSettings settings;
  settings.host = given.host;
  settings.port = static_cast<std::uint16_t>(given.port);
  settings.security = given.security == "tls"    ? Security::tls
                      : given.security == "none" ? Security::none
                                                 : Security::starttls;
  settings.ca_file = config.path_of(given.ca_file);
  settings.user = given.user;
  settings.author = {given.from, (config.is_test() ? "TEST SYSTEM " : "") + config.site_name};
  if (!given.password_file.empty()) {
    auto password = read_secret(config.path_of(given.password_file));
    if (!password) {
      return fault("[mail] password_file \"" + given.password_file +
                   "\": " + std::string(password.error().what.view()));
    }
    settings.password = std::move(*password);
  }
  auto sender = mail::SmtpSender::create(std::move(settings));
  if (!sender) return fault(std::string(sender.error().what.view()));
  return std::move(*sender);
}

Result<std::string> mail_invitation(mail::SmtpSender& sender, const std::string& answer) {
  rapidjson::Document json;
  json.Parse(answer.data(), answer.size());
  if (json.HasParseError() || !json.IsObject()) {
    return Error{ErrorCode::malformed, "mail", "nobody was invited"};
  }
  const auto to = text_in(json, "email");
  const auto link = text_in(json, "link");
  if (to.empty() || link.empty()) {
    return Error{ErrorCode::malformed, "mail", "nobody was invited"};
  }
  const auto notice = notice_json({MailNotice::Kind::invitation, to, link});
  // By the link, so that the same invitation is the same message.
  const auto sent = sender.send({link, notice_media_type, notice, {}}, false);
  if (!sent) return sent.error();
  json.RemoveMember("link");
  json.AddMember("mailed", true, json.GetAllocator());
  return written(json);
}

}  // namespace meridian::host
