// SPDX-License-Identifier: Apache-2.0
// The site's mail server, for notices of the outbox and for invitations.
#pragma once

#include <memory>
#include <string>

#include "host/config.h"
#include "mail/smtp.h"

namespace meridian::host {

/// Of [mail]; null where the site sends no mail. Reads the password. What is wrong is added to
/// `issues` with its line, and null as well.
std::unique_ptr<mail::SmtpSender> mail_sender(const Config& config, Issues& issues);

/// Sends who was invited the link of `answer`, which is what the desk said of add-person or
/// invite-person once it was done. The answer without the link: it is then in the mail and nowhere
/// else. Errors: invalid, where they have no address that mail can be sent to or [site] public_url
/// is missing; malformed, where nobody was invited; those of the mail server.
Result<std::string> mail_invitation(mail::SmtpSender& sender, const std::string& answer);

}  // namespace meridian::host
