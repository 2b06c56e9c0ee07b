// SPDX-License-Identifier: Apache-2.0
#include "host/mail_sender.h"

#include "host/clients.h"
#include "host/egress_rules.h"
#include "port/notice.h"

namespace meridian::host {
namespace {

using Security = mail::SmtpSettings::Security;

/// Where the text of that member stands in JSON of ours; size npos: nowhere. A quote within a text
/// is escaped, so that this can stand in none.
struct Member {
  std::size_t begin = std::string::npos;
  std::size_t size = std::string::npos;
};
Member member_of(const std::string& json, const std::string& name) {
  const auto label = "\"" + name + "\":\"";
  const auto at = json.find(label);
  if (at == std::string::npos) return {};
  const auto begin = at + label.size();
  return {begin, json.find('"', begin) - begin};
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
  settings.egress = egress_of(config);
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
  const auto to = member_of(answer, "email");
  const auto link = member_of(answer, "link");
  if (to.begin == std::string::npos || link.begin == std::string::npos) {
    return Error{ErrorCode::malformed, "mail", "nobody was invited"};
  }
  const auto address = answer.substr(link.begin, link.size);
  const auto notice =
      notice_json({MailNotice::Kind::invitation, answer.substr(to.begin, to.size), address});
  // By the link, so that the same invitation is the same message.
  const auto sent = sender.send({address, notice_media_type, notice, {}}, false);
  if (!sent) return sent.error();
  const auto label = answer.rfind("\"link\"", link.begin);
  return answer.substr(0, label) + "\"mailed\":true" + answer.substr(link.begin + link.size + 1);
}

}  // namespace meridian::host
