// SPDX-License-Identifier: Apache-2.0
// A notice as a message: what stands in it, and that no name makes a header.
#include "mail/message.h"

#include <gtest/gtest.h>

#include "base/base64.h"

namespace meridian::mail {
namespace {

const Instant noon = *parse_instant("2026-11-27T12:00:05Z");
const MailNotice waiting{MailNotice::Kind::waiting, "ana@willow.example",
                         "https://m.example/inbox"};

std::string message(const MailNotice& notice, const std::string& site = "Tamarack Ridge") {
  const auto made = message_of(notice, "person/1@5", {"meridian@ridge.example", site}, noon);
  return made ? *made : std::string(made.error().what.view());
}

std::string head_of(const std::string& text) {
  return text.substr(0, text.find("\r\n\r\n") + 2);
}

std::string body_of(const std::string& text) {
  return decode_base64(text.substr(text.find("\r\n\r\n"))).value_or("no base64");
}

TEST(Message, HasTheHeadersOfAProgram) {
  const auto head = head_of(message(waiting));
  EXPECT_NE(head.find("Date: Fri, 27 Nov 2026 12:00:05 +0000\r\n"), head.npos);
  EXPECT_NE(head.find("To: <ana@willow.example>\r\n"), head.npos);
  EXPECT_NE(head.find("\r\n <meridian@ridge.example>\r\n"), head.npos);
  EXPECT_NE(head.find("Auto-Submitted: auto-generated\r\n"), head.npos);
  EXPECT_NE(head.find("@ridge.example>\r\n"), head.npos);
}

TEST(Message, SaysWhereAndNothingElse) {
  const auto body = body_of(message(waiting));
  EXPECT_NE(body.find("https://m.example/inbox"), body.npos);
  EXPECT_NE(body.find("Inicie sesión"), body.npos);
  EXPECT_EQ(body.find("person"), body.npos) << "no id";
}

TEST(Message, TheIdIsTheSameInEveryTryAndAnotherForAnother) {
  const auto id = [](std::string_view key, Instant at) {
    const auto made = *message_of(waiting, key, {"m@ridge.example", ""}, at);
    const auto from = made.find("Message-ID: ");
    return made.substr(from, made.find("\r\n", from) - from);
  };
  EXPECT_EQ(id("a", noon), id("a", noon + std::chrono::hours(1)));
  EXPECT_NE(id("a", noon), id("b", noon));
  EXPECT_EQ(id("person/01ARZ", noon).find("01ARZ"), std::string::npos);
}

TEST(Message, NoNameMakesAHeader) {
  const auto head = head_of(message(waiting, "Ridge\r\nBcc: eve@example.org\r\n\r\nhello"));
  EXPECT_EQ(head.find("Bcc"), head.npos);
  EXPECT_EQ(head.find("hello"), head.npos);
  EXPECT_EQ(head.find("\r\n\r\n"), head.npos);
}

TEST(Message, NoNameTurnsAroundWhatStandsBesideIt) {
  EXPECT_EQ(message(waiting, "Ridge\u202e Tamarack\u2067"), message(waiting, "Ridge Tamarack"));
}

TEST(Message, ALongNameOfAnyScriptIsCutBetweenCharacters) {
  std::string name;
  for (int i = 0; i < 30; ++i) name += "病院é";
  const auto head = head_of(message(waiting, name));
  std::size_t at = 0;
  std::size_t words = 0;
  while ((at = head.find("=?UTF-8?B?", at)) != head.npos) {
    const auto end = head.find("?=", at);
    EXPECT_LE(end + 2 - at, 75u);
    const auto text = *decode_base64(head.substr(at + 10, end - at - 10));
    EXPECT_NE(static_cast<unsigned char>(text.front()) & 0xC0, 0x80) << "begins a character";
    at = end;
    ++words;
  }
  EXPECT_GT(words, 3u);
  for (std::size_t from = 0; from < head.size();) {
    const auto end = head.find("\r\n", from);
    EXPECT_LE(end - from, 78u);
    from = end + 2;
  }
}

TEST(Message, HostileAddressesAndLinksMakeNoMessage) {
  for (const char* to : {"", "ana", "a@b@c", "a b@c.example", "a@c.example\r\nBcc: x@y.example",
                         "a@c.example>", "\"a b\"@c.example", "a@c.example,d@e.example",
                         "á@c.example", "-@", "@c.example", "a..b@c.example", "a@.example"}) {
    auto notice = waiting;
    notice.to = to;
    EXPECT_FALSE(message_of(notice, "k", {"m@ridge.example", ""}, noon)) << to;
  }
  for (const char* link :
       {"", "javascript:alert(1)", "https://m.example/\r\n", "https://m example"}) {
    auto notice = waiting;
    notice.link = link;
    EXPECT_FALSE(message_of(notice, "k", {"m@ridge.example", ""}, noon)) << link;
  }
}

TEST(Notice, IsReadAsItWasWritten) {
  const MailNotice invitation{MailNotice::Kind::invitation, "a@b.example",
                              "https://m.example/enrol/\"x"};
  const auto read = read_notice(notice_json(invitation));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->kind, MailNotice::Kind::invitation);
  EXPECT_EQ(read->to, invitation.to);
  EXPECT_EQ(read->link, invitation.link);
  EXPECT_FALSE(read_notice("{}"));
  EXPECT_FALSE(read_notice("[1"));
}

}  // namespace
}  // namespace meridian::mail
