// SPDX-License-Identifier: Apache-2.0
// Sender and listener together, with and without TLS.
#include <atomic>
#include <optional>

#include <gtest/gtest.h>

#include "hl7v2/mllp/ack.h"
#include "hl7v2/mllp/sender.h"
#include "unit/fhir_client/certificates.h"
#include "unit/hl7v2_mllp/wire.h"

namespace meridian::hl7v2 {
namespace {

using test::Authority;
using test::MllpWire;
using test::RunningListener;
using test::TempFile;

const Instant now = *parse_instant("2026-11-20T10:15:00Z");

Rendered letter(const std::string& control_id) {
  return {"key",
          "x-application/hl7-v2+er7",
          "MSH|^~\\&|MER|HUB|A|B|20261120||REF^I12|" + control_id + "|P|2.5.1\r",
          {}};
}

/// Accepts all but messages whose control id begins with "bad".
std::string judge(const Frame& frame, const Remote&) {
  const bool bad = control_id_of(frame.bytes).starts_with("bad");
  return acknowledge(frame.bytes, {bad ? Fate::refused : Fate::accepted, {}}, now, "A1");
}

std::string outcome(const Result<Receipt>& sent) {
  return sent ? "receipt" : std::string(error_row(sent.error().code).name);
}

/// A certificate and its key in files.
struct Files {
  explicit Files(const test::Identity& identity)
      : certificate(test::pem_of(identity.certificate)), key(test::private_pem(identity.key)) {}
  TempFile certificate;
  TempFile key;
};

/// A listener with TLS, and how to send to it.
class Secured : public testing::Test {
 protected:
  ListenerSettings listening(const std::string& client_ca = "") const {
    ListenerSettings settings;
    settings.certificate_file = server_.certificate.path();
    settings.key_file = server_.key.path();
    settings.client_ca = client_ca;
    return settings;
  }

  SenderSettings sending(std::uint16_t port) const {
    SenderSettings settings;
    settings.host = "127.0.0.1";
    settings.port = port;
    settings.tls = true;
    settings.ca_file = authority_file_.path();
    return settings;
  }

  static std::string send(const SenderSettings& settings) {
    const auto sender = MllpSender::create(settings);
    EXPECT_TRUE(sender);
    return outcome((*sender)->send(letter("M1"), false));
  }

  Authority authority_;
  TempFile authority_file_{authority_.pem()};
  Files server_{authority_.issue("DNS:localhost,IP:127.0.0.1")};
  Files client_{authority_.issue("DNS:sender")};
};

TEST(Line, MessagesGoOneAfterTheOtherAndAPoisonDoesNotBlockTheLine) {
  RunningListener running({}, judge);
  SenderSettings settings;
  settings.host = "127.0.0.1";
  settings.port = running.port();
  const auto sender = *MllpSender::create(settings);
  EXPECT_EQ(outcome(sender->send(letter("M1"), false)), "receipt");
  EXPECT_EQ(outcome(sender->send(letter("bad2"), false)), "invalid");
  EXPECT_EQ(outcome(sender->send(letter("M3"), false)), "receipt");
}

TEST(Line, TheSenderFindsARestartedListenerAgain) {
  SenderSettings settings;
  settings.host = "127.0.0.1";
  std::unique_ptr<MllpSender> sender;
  {
    RunningListener running({}, judge);
    settings.port = running.port();
    sender = std::move(*MllpSender::create(settings));
    EXPECT_EQ(outcome(sender->send(letter("M1"), false)), "receipt");
  }
  EXPECT_EQ(outcome(sender->send(letter("M2"), false)), "unavailable") << "nothing was sent";
  ListenerSettings again;
  again.port = settings.port;
  RunningListener running(again, judge);
  EXPECT_EQ(outcome(sender->send(letter("M2"), false)), "receipt");
}

TEST_F(Secured, ATrustedServerGetsTheMessages) {
  RunningListener running(listening(), judge);
  auto settings = sending(running.port());
  const auto sender = *MllpSender::create(settings);
  for (const auto* id : {"M1", "M2", "M3"}) {
    EXPECT_EQ(outcome(sender->send(letter(id), false)), "receipt");
  }
  settings.host = "localhost";
  EXPECT_EQ(send(settings), "receipt");
}

TEST_F(Secured, AServerOfAnotherAuthorityOrNameGetsNothing) {
  const Authority other;
  const TempFile other_file(other.pem());
  const Files elsewhere(authority_.issue("DNS:elsewhere.example"));
  std::atomic<int> heard = 0;
  const auto count = [&](const Frame& frame, const Remote& from) {
    ++heard;
    return judge(frame, from);
  };
  RunningListener running(listening(), count);
  auto settings = sending(running.port());
  settings.ca_file = other_file.path();
  EXPECT_EQ(send(settings), "untrusted");
  auto misnamed = listening();
  misnamed.certificate_file = elsewhere.certificate.path();
  misnamed.key_file = elsewhere.key.path();
  RunningListener second(misnamed, count);
  EXPECT_EQ(send(sending(second.port())), "untrusted");
  EXPECT_EQ(heard, 0);
}

TEST_F(Secured, AClientMustShowACertificateOfTheAuthority) {
  std::string subject;
  std::atomic<int> heard = 0;
  RunningListener running(listening(authority_file_.path()),
                          [&](const Frame& frame, const Remote& from) {
                            ++heard;
                            subject = from.certificate_subject;
                            return judge(frame, from);
                          });
  auto settings = sending(running.port());
  EXPECT_EQ(send(settings), "untrusted") << "none shown: nothing can have been taken";
  const Authority other;
  const Files stranger(other.issue("DNS:stranger"));
  settings.certificate_file = stranger.certificate.path();
  settings.key_file = stranger.key.path();
  EXPECT_EQ(send(settings), "untrusted");
  EXPECT_EQ(heard, 0);
  settings.certificate_file = client_.certificate.path();
  settings.key_file = client_.key.path();
  EXPECT_EQ(send(settings), "receipt");
  EXPECT_EQ(subject, "CN=Test Server");
}

TEST_F(Secured, WhoSpeaksPlainMllpIsCut) {
  RunningListener running(listening(), judge);
  MllpWire wire(running.port());
  wire.send_frame(letter("M1").bytes);
  EXPECT_TRUE(wire.ends());
  SenderSettings plain;
  plain.host = "127.0.0.1";
  plain.port = running.port();
  const auto sent = (*MllpSender::create(plain))->send(letter("M1"), false);
  EXPECT_EQ(outcome(sent), "interrupted");
}

TEST_F(Secured, AHandshakeThatDoesNotComeIsCut) {
  auto settings = listening();
  settings.read_timeout = std::chrono::milliseconds(30);
  RunningListener running(settings, judge);
  MllpWire wire(running.port());
  EXPECT_TRUE(wire.ends());
}

TEST_F(Secured, AReceiverWithoutTlsGetsNothing) {
  RunningListener running({}, judge);
  auto settings = sending(running.port());
  settings.connect_timeout = std::chrono::milliseconds(100);
  EXPECT_EQ(send(settings), "unavailable");
}

}  // namespace
}  // namespace meridian::hl7v2
