// SPDX-License-Identifier: Apache-2.0
// The sender against a mail server: TLS first, what each answer means, and what never leaves.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "mail/smtp.h"
#include "unit/fhir_client/certificates.h"

namespace meridian::mail {
namespace {

using Security = SmtpSettings::Security;

/// tests/smtp_server.py, as long as this lives.
class MailServer {
 public:
  explicit MailServer(std::vector<std::string> options, const std::string& names = "DNS:localhost")
      : identity_(authority_.issue(names)),
        ca(authority_.pem()),
        certificate_(test::pem_of(identity_.certificate)),
        key_(test::private_pem(identity_.key)) {
    std::string pattern = std::filesystem::temp_directory_path() / "meridian-mail-XXXXXX";
    folder = ::mkdtemp(pattern.data());
    std::vector<std::string> words = {
        "python3",           "-B",    MERIDIAN_SMTP_SERVER, folder.string(), "--certificate",
        certificate_.path(), "--key", key_.path()};
    words.insert(words.end(), options.begin(), options.end());
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    EXPECT_EQ(::posix_spawnp(&process_, "python3", nullptr, nullptr, argv.data(), environ), 0);
    while (port() == 0 && ::waitpid(process_, nullptr, WNOHANG) == 0) {
      std::this_thread::yield();
    }
  }
  ~MailServer() {
    ::kill(process_, SIGTERM);
    ::waitpid(process_, nullptr, 0);
    std::filesystem::remove_all(folder);
  }
  MailServer(const MailServer&) = delete;
  MailServer& operator=(const MailServer&) = delete;

  std::uint16_t port() const {
    std::ifstream in(folder / "port");
    int number = 0;
    in >> number;
    return static_cast<std::uint16_t>(number);
  }
  std::string text(const std::string& name) const {
    std::ifstream in(folder / name);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  SmtpSettings settings() const {
    SmtpSettings settings;
    settings.host = "localhost";
    settings.port = port();
    settings.ca_file = ca.path();
    settings.author = {"meridian@ridge.example", "Ridge"};
    settings.timeout = std::chrono::seconds(20);
    return settings;
  }

 private:
  test::Authority authority_;
  test::Identity identity_;

 public:
  test::TempFile ca;
  std::filesystem::path folder;

 private:
  test::TempFile certificate_;
  test::TempFile key_;
  pid_t process_ = 0;
};

Result<Receipt> send(const SmtpSettings& settings) {
  auto sender = SmtpSender::create(settings);
  if (!sender) return sender.error();
  const MailNotice notice{MailNotice::Kind::waiting, "ana@willow.example",
                          "https://m.example/inbox"};
  return (*sender)->send({"person/1@5", notice_media_type, notice_json(notice), {}}, false);
}

std::string outcome(const SmtpSettings& settings) {
  const auto sent = send(settings);
  return sent ? "sent" : std::string(error_row(sent.error().code).name);
}

TEST(Mail, IsSentOverTlsAndTheServerHasIt) {
  const MailServer server({"--password", "meridian:secret pass"});
  auto settings = server.settings();
  settings.user = "meridian";
  settings.password = "secret pass";
  EXPECT_EQ(outcome(settings), "sent");
  const auto mail = server.text("1.eml");
  EXPECT_NE(mail.find("X-Envelope: meridian@ridge.example -> ana@willow.example"), mail.npos);
  EXPECT_NE(mail.find("Auto-Submitted: auto-generated"), mail.npos);
  const auto said = server.text("said");
  EXPECT_EQ(said.find("plain AUTH"), said.npos);
  EXPECT_EQ(said.find("plain MAIL"), said.npos);
  EXPECT_NE(said.find("tls AUTH"), said.npos);
}

std::shared_ptr<const Egress> leading_to(std::vector<std::string> addresses, const char* host,
                                         std::uint16_t port, std::vector<Network> networks) {
  return std::make_shared<const Egress>(EgressRules{{{host, port}}, std::move(networks)},
                                        [addresses](const std::string&) { return addresses; });
}

TEST(Mail, GoesToTheAddressThatWasJudgedAndToNoOther) {
  const MailServer server({}, "DNS:mail.example");
  auto settings = server.settings();
  settings.host = "mail.example";
  settings.egress = leading_to({"127.0.0.1"}, "mail.example", server.port(), {});
  EXPECT_EQ(outcome(settings), "misconfigured") << "a name that leads to this machine";
  EXPECT_EQ(server.text("said"), "");
  settings.egress = leading_to({"127.0.0.9", "127.0.0.1"}, "mail.example", server.port(),
                               {*parse_network("127.0.0.0/8")});
  EXPECT_EQ(outcome(settings), "sent") << "by the certificate of the name";
}

TEST(Mail, TlsFromTheFirstByte) {
  const MailServer server({"--tls"});
  auto settings = server.settings();
  settings.security = Security::tls;
  EXPECT_EQ(outcome(settings), "sent");
}

TEST(Mail, AServerWithAnotherNameOrAuthorityGetsNothing) {
  const MailServer other_name({}, "DNS:mail.example");
  EXPECT_EQ(outcome(other_name.settings()), "untrusted");
  EXPECT_EQ(other_name.text("said").find("MAIL"), std::string::npos);
  const MailServer server({});
  auto settings = server.settings();
  settings.ca_file = other_name.ca.path();
  EXPECT_EQ(outcome(settings), "untrusted");
  const MailServer wrapped({"--tls"}, "DNS:mail.example");
  settings = wrapped.settings();
  settings.security = Security::tls;
  EXPECT_EQ(outcome(settings), "untrusted");
}

TEST(Mail, AServerWithoutStarttlsGetsNothing) {
  const MailServer server({"--plan", "STARTTLS=454"});
  EXPECT_EQ(outcome(server.settings()), "untrusted");
  EXPECT_EQ(server.text("said").find("MAIL"), std::string::npos);
}

TEST(Mail, WhatWasPutBehindTheAnswerToStarttlsIsNotRead) {
  // Were it read, the refusals would be taken for the answers to EHLO, MAIL and RCPT.
  const MailServer server({"--inject", "550 no\\r\\n550 no\\r\\n550 no\\r\\n"});
  EXPECT_NE(outcome(server.settings()), "invalid");
  EXPECT_NE(outcome(server.settings()), "not_found");
}

TEST(Mail, EachRefusalMeansWhatItIs) {
  const std::pair<const char*, const char*> cases[] = {
      {"RCPT=451", "unavailable"},   {"RCPT=550", "not_found"},   {"MAIL=552", "invalid"},
      {"DATA=554", "invalid"},       {"DATA=452", "unavailable"}, {"MAIL=530", "unauthorized"},
      {"DATA=CLOSE", "interrupted"},
  };
  for (const auto& [plan, meaning] : cases) {
    const MailServer server({"--plan", plan});
    EXPECT_EQ(outcome(server.settings()), meaning) << plan;
    EXPECT_TRUE(server.text("1.eml").empty()) << plan;
    EXPECT_EQ(outcome(server.settings()), "sent") << "the next time";
  }
}

TEST(Mail, AWrongPasswordIsSaid) {
  const MailServer server({"--password", "meridian:other"});
  auto settings = server.settings();
  settings.user = "meridian";
  settings.password = "secret";
  EXPECT_EQ(outcome(settings), "unauthorized");
}

TEST(Mail, NobodyThereIsTriedAgain) {
  SmtpSettings settings;
  {
    const MailServer server({});
    settings = server.settings();
    EXPECT_EQ(outcome(settings), "sent");
  }
  EXPECT_EQ(outcome(settings), "unavailable");
}

TEST(Mail, WithoutTlsOnlyOnTheMachineAndWithoutAPassword) {
  SmtpSettings settings;
  settings.host = "mail.example";
  settings.security = Security::none;
  settings.author.address = "m@ridge.example";
  EXPECT_EQ(outcome(settings), "misconfigured");
  settings.host = "127.0.0.1";
  settings.user = "meridian";
  EXPECT_EQ(outcome(settings), "misconfigured");
  settings.user = "";
  settings.author.address = "m@ridge.example\r\nBcc: x@y.example";
  EXPECT_EQ(outcome(settings), "misconfigured");
  const MailServer server({});
  settings = server.settings();
  settings.host = "127.0.0.1";
  settings.security = Security::none;
  EXPECT_EQ(outcome(settings), "sent");
}

}  // namespace
}  // namespace meridian::mail
