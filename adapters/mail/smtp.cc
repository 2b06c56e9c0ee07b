// SPDX-License-Identifier: Apache-2.0
#include "mail/smtp.h"

#include <sstream>

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SMTPClientSession.h>
#include <Poco/Net/SSLException.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/SocketAddress.h>

#include "base/loopback.h"

namespace meridian::mail {
namespace {

namespace net = Poco::Net;
using Security = SmtpSettings::Security;

net::Context::Ptr tls_context(const std::string& ca_file) {
  net::Context::Params params;
  params.caLocation = ca_file;
  params.loadDefaultCAs = ca_file.empty();
  params.verificationMode = net::Context::VERIFY_STRICT;
  net::Context::Ptr context = new net::Context(net::Context::TLS_CLIENT_USE, params);
  context->requireMinimumProtocol(net::Context::PROTO_TLSV1_2);
  context->enableExtendedCertificateVerification(true);
  return context;
}

/// Poco's session, whose own startTLS checks the certificate against the number of the host that a
/// connected socket has, and not against its name.
class Session : public net::SMTPClientSession {
 public:
  using SMTPClientSession::SMTPClientSession;

  /// What the server said in the clear is forgotten with the old socket (RFC 3207 section 4.2).
  void secure(const std::string& host, const net::Context::Ptr& context) {
    socket() = net::SecureStreamSocket::attach(socket(), host, context);
  }
};

net::StreamSocket connect(const SmtpSettings& settings, const net::SocketAddress& address) {
  const Poco::Timespan timeout(settings.timeout.count() * 1000);
  if (settings.security != Security::tls) {
    net::StreamSocket socket;
    socket.connect(address, timeout);
    return socket;
  }
  net::SecureStreamSocket socket(tls_context(settings.ca_file));
  socket.setPeerHostName(settings.host);
  socket.connect(address, timeout);
  return socket;
}

/// To the first of the server's addresses that can be reached.
net::StreamSocket connected(const SmtpSettings& settings,
                            const std::vector<std::string>& addresses) {
  for (std::size_t i = 0;; ++i) {
    try {
      return connect(settings, {net::IPAddress(addresses[i]), settings.port});
    } catch (const Poco::Exception&) {
      if (i + 1 == addresses.size()) throw;
    }
  }
}

/// Where in the conversation the server refused.
enum class Step { greeting, sign_in, recipient, message };

Error refusal(int status, Step step) {
  if (status / 100 == 4) {
    return {ErrorCode::unavailable, "mail", "the mail server cannot take it now", status};
  }
  if (step == Step::sign_in || status == 530 || status == 535) {
    return {ErrorCode::unauthorized, "mail", "the mail server does not accept us", status};
  }
  if (step == Step::recipient) {
    return {ErrorCode::not_found, "mail", "the mail server does not know the address", status};
  }
  return {ErrorCode::invalid, "mail", "the mail server refuses the message", status};
}

Result<std::string> say(Session& session, const std::string& command, Step step, int wanted = 2) {
  std::string answer;
  const int status = session.sendCommand(command, answer);
  if (status / 100 != wanted) return refusal(status, step);
  return answer;
}

/// Greets, and greets again once nobody can listen. The value is what the server offers.
Result<std::string> greet(Session& session, const SmtpSettings& settings) {
  const auto domain = settings.author.address.substr(settings.author.address.find('@') + 1);
  session.open();
  auto offers = say(session, "EHLO " + domain, Step::greeting);
  if (!offers || settings.security != Security::starttls) return offers;
  if (auto ready = say(session, "STARTTLS", Step::greeting); !ready) {
    return Error{ErrorCode::untrusted, "mail", "the mail server offers no STARTTLS"};
  }
  session.secure(settings.host, tls_context(settings.ca_file));
  return say(session, "EHLO " + domain, Step::greeting);
}

/// PLAIN where it is offered (RFC 4616), else LOGIN.
void sign_in(Session& session, const SmtpSettings& settings, const std::string& offers) {
  const auto domain = settings.author.address.substr(settings.author.address.find('@') + 1);
  const auto auth = offers.find("AUTH");
  const bool plain = auth != offers.npos && offers.find("PLAIN", auth) != offers.npos;
  session.login(domain, plain ? Session::AUTH_PLAIN : Session::AUTH_LOGIN, settings.user,
                settings.password);
}

/// `agreed` becomes true once the server is known to be the right one.
Result<void> converse(Session& session, const SmtpSettings& settings, const std::string& to,
                      const std::string& message, bool& agreed) {
  session.setTimeout(Poco::Timespan(settings.timeout.count() * 1000));
  const auto offers = greet(session, settings);
  if (!offers) return offers.error();
  agreed = true;
  if (!settings.user.empty()) sign_in(session, settings, *offers);
  for (const auto& [command, step] :
       {std::pair("MAIL FROM:<" + settings.author.address + ">", Step::message),
        std::pair("RCPT TO:<" + to + ">", Step::recipient)}) {
    if (const auto said = say(session, command, step); !said) return said.error();
  }
  if (const auto ready = say(session, "DATA", Step::message, 3); !ready) return ready.error();
  std::istringstream text(message);
  session.sendMessage(text);  // with the dots and the end that RFC 5321 section 4.5.2 wants
  return {};
}

Result<void> attempt(const SmtpSettings& settings, const std::string& to,
                     const std::string& message, bool& agreed) {
  const auto addresses = settings.egress->addresses(settings.host, settings.port);
  if (!addresses) return addresses.error();
  Session session(connected(settings, *addresses));
  const auto done = converse(session, settings, to, message, agreed);
  try {
    session.close();
  } catch (const Poco::Exception&) {
    // The server has the message or has refused it: how it says goodbye changes nothing.
  }
  return done;
}

Result<void> checked(const SmtpSettings& settings) {
  const auto wrong = [](Literal what) { return Error{ErrorCode::misconfigured, "mail", what}; };
  if (settings.host.empty()) return wrong("[mail] needs the host of the mail server");
  if (!is_mail_address(settings.author.address)) return wrong("[mail] from must be one address");
  const bool plain = settings.security == Security::none;
  if (plain && !is_loopback(settings.host)) {
    return wrong("[mail] security = \"none\" is for the loopback only");
  }
  if (plain && !settings.user.empty()) {
    return wrong("[mail] shows its password over TLS only; set security, or remove user");
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<SmtpSender>> SmtpSender::create(SmtpSettings settings, Clock clock) {
  if (auto good = checked(settings); !good) return good.error();
  return std::unique_ptr<SmtpSender>(new SmtpSender(std::move(settings), std::move(clock)));
}

Result<Receipt> SmtpSender::send(const Rendered& letter, bool) {
  const auto notice = read_notice(letter.bytes);
  if (!notice) return notice.error();
  const auto message = message_of(*notice, letter.key, settings_.author, clock_());
  if (!message) return message.error();
  bool agreed = false;
  try {
    if (auto sent = attempt(settings_, notice->to, *message, agreed); !sent) return sent.error();
    return Receipt{"", "acknowledged", ""};
  } catch (const net::SMTPException& refused) {
    // Thrown by opening, signing in and the end of the text alone.
    const int status = refused.code();
    return refusal(status, status / 10 == 53 ? Step::sign_in : Step::message);
  } catch (const net::CertificateValidationException&) {
    return Error{ErrorCode::untrusted, "mail", "the mail server's certificate is not valid"};
  } catch (const net::SSLException&) {
    if (agreed) return Error{ErrorCode::interrupted, "mail", "the mail server broke off"};
    return Error{ErrorCode::untrusted, "mail", "no TLS could be agreed with the mail server"};
  } catch (const net::ConnectionRefusedException&) {
    return Error{ErrorCode::unavailable, "mail", "nobody listens at the mail server's address"};
  } catch (const Poco::TimeoutException&) {
    return Error{ErrorCode::timed_out, "mail", "the mail server did not answer in time"};
  } catch (const Poco::Exception&) {
    return Error{ErrorCode::interrupted, "mail", "the connection to the mail server broke"};
  }
}

}  // namespace meridian::mail
