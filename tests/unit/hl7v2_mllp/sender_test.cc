// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/mllp/sender.h"

#include <future>

#include <gtest/gtest.h>

#include "hl7v2/mllp/ack.h"
#include "unit/hl7v2_mllp/wire.h"

namespace meridian::hl7v2 {
namespace {

using std::chrono::milliseconds;
using test::MllpWire;
using test::ScriptedPeer;

Rendered letter(const std::string& control_id) {
  return {"key",
          "x-application/hl7-v2+er7",
          "MSH|^~\\&|MER|HUB|A|B|20261120||REF^I12|" + control_id + "|P|2.5.1\r",
          {}};
}

std::string ack(const std::string& code, const std::string& control_id,
                const std::string& more = "") {
  return "MSH|^~\\&|A|B|MER|HUB|20261120||ACK|X|P|2.5.1\rMSA|" + code + "|" + control_id + "|" +
         more + "\r";
}

std::unique_ptr<MllpSender> sender_to(std::uint16_t port,
                                      milliseconds answer = milliseconds(20'000)) {
  SenderSettings settings;
  settings.host = "127.0.0.1";
  settings.port = port;
  settings.answer_timeout = answer;
  auto made = MllpSender::create(settings);
  EXPECT_TRUE(made);
  return std::move(*made);
}

/// "receipt", or the name of the error and its detail.
std::string outcome(const Result<Receipt>& sent) {
  if (sent) return "receipt";
  return std::string(error_row(sent.error().code).name) + " " + std::to_string(sent.error().detail);
}

/// What a send comes to when the receiver answers with these bytes and then waits.
std::string outcome_of_answer(const std::string& bytes,
                              milliseconds answer = milliseconds(20'000)) {
  ScriptedPeer peer({[&](MllpWire& wire) {
    wire.frame();
    wire.send(bytes);
    wire.ends();
  }});
  const auto sender = sender_to(peer.port(), answer);
  return outcome(sender->send(letter("M1"), false));
}

std::string framed(const std::string& content) {
  return *to_frame(content);
}

TEST(Sender, ReachingAReceiverSendsItNothing) {
  bool nothing_came = false;
  const auto reach = [&] {
    ScriptedPeer peer({[&](MllpWire& wire) { nothing_came = wire.ends(); }});
    return sender_to(peer.port())->reach();
  };
  EXPECT_TRUE(reach());
  EXPECT_TRUE(nothing_came);
  const ScriptedPeer nobody({});
  const auto refused = sender_to(nobody.port())->reach();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
}

TEST(Sender, GoesToTheAddressThatWasJudgedAndToNoOther) {
  int look_ups = 0;
  const auto send = [&](std::vector<Network> networks) {
    bool reached = false;  // the peer's until its script has ended
    std::string came;
    {
      ScriptedPeer peer({[&](MllpWire& wire) {
        reached = !wire.frame().empty();
        wire.send_frame(ack("AA", "M1"));
      }});
      SenderSettings settings;
      settings.host = "clinic.example";
      settings.port = peer.port();
      settings.egress = std::make_shared<const Egress>(
          EgressRules{{{"clinic.example", peer.port()}}, std::move(networks)},
          [&](const std::string&) {
            ++look_ups;
            return std::vector<std::string>{"127.0.0.9", "127.0.0.1"};
          });
      const auto sent = (*MllpSender::create(settings))->send(letter("M1"), false);
      if (!sent) {
        EXPECT_TRUE(sender_to(peer.port())->reach()) << "so that the script ends";
      }
      came = outcome(sent);
    }
    EXPECT_EQ(came, reached ? "receipt" : "misconfigured 0");
    return reached;
  };
  EXPECT_TRUE(send({*parse_network("127.0.0.0/8")}));
  EXPECT_EQ(look_ups, 1);
  EXPECT_FALSE(send({}));
  EXPECT_FALSE(send({*parse_network("10.0.0.0/8")}));
}

TEST(Sender, AnAcceptedMessageHasAReceipt) {
  for (const std::string code : {"AA", "CA"}) {
    std::string heard;
    ScriptedPeer peer({[&](MllpWire& wire) {
      heard = wire.frame();
      wire.send_frame(ack(code, "M1", "thank you"));
    }});
    const auto sender = sender_to(peer.port());
    const auto sent = sender->send(letter("M1"), false);
    ASSERT_TRUE(sent) << outcome(sent);
    EXPECT_EQ(sent->reference, "M1");
    EXPECT_EQ(sent->proof, "acknowledged");
    EXPECT_EQ(sent->detail, "thank you");
  }
}

TEST(Sender, TheReceiverGetsTheBytesAsRendered) {
  std::string heard;
  {
    ScriptedPeer peer({[&](MllpWire& wire) {
      heard = wire.frame();
      wire.send_frame(ack("AA", "M1"));
    }});
    EXPECT_EQ(outcome(sender_to(peer.port())->send(letter("M1"), false)), "receipt");
  }
  EXPECT_EQ(heard, letter("M1").bytes);
}

TEST(Sender, ErrorsForNowAreTransientAndErrorsOfTheContentPermanent) {
  const auto with_err = [](const std::string& code, const std::string& condition) {
    return framed(ack(code, "M1") + "ERR|||" + condition + "^x^HL70357|E\r");
  };
  EXPECT_EQ(outcome_of_answer(framed(ack("AE", "M1"))), "unavailable 0");
  EXPECT_EQ(outcome_of_answer(framed(ack("CE", "M1"))), "unavailable 0");
  EXPECT_EQ(outcome_of_answer(with_err("AE", "207")), "unavailable 207");
  EXPECT_EQ(outcome_of_answer(with_err("AE", "206")), "unavailable 206");
  EXPECT_EQ(outcome_of_answer(with_err("AE", "101")), "invalid 101");
  EXPECT_EQ(outcome_of_answer(with_err("CE", "103")), "invalid 103");
  EXPECT_EQ(outcome_of_answer(with_err("AE", "200")), "unsupported 200");
  EXPECT_EQ(outcome_of_answer(with_err("AE", "205")), "conflict 205");
}

TEST(Sender, ARejectionIsPermanent) {
  EXPECT_EQ(outcome_of_answer(framed(ack("AR", "M1"))), "invalid 0");
  EXPECT_EQ(outcome_of_answer(framed(ack("CR", "M1"))), "invalid 0");
  EXPECT_EQ(outcome_of_answer(framed(ack("AR", "M1") + "ERR|PID^1^5^203&x&HL70357\r")),
            "unsupported 203");
  EXPECT_EQ(outcome_of_answer(framed(ack("AR", ""))), "invalid 0") << "it could not read MSH-10";
}

TEST(Sender, NoAnswerIsAmbiguous) {
  EXPECT_EQ(outcome_of_answer("", milliseconds(50)), "timed_out 0");
  EXPECT_EQ(outcome_of_answer("\x06", milliseconds(50)), "timed_out 0");
  EXPECT_EQ(outcome_of_answer(framed("NOT HL7"), milliseconds(50)), "timed_out 0");
  EXPECT_EQ(outcome_of_answer(framed(ack("AA", "M0")), milliseconds(50)), "timed_out 0");
  EXPECT_EQ(outcome_of_answer(framed(ack("AA", "")), milliseconds(50)), "timed_out 0");
  EXPECT_EQ(outcome_of_answer(framed(ack("AA", "M1")).substr(0, 40), milliseconds(50)),
            "timed_out 0");
  for (const auto code : {ErrorCode::timed_out, ErrorCode::interrupted}) {
    EXPECT_EQ(error_row(code).retry, RetryClass::ambiguous);
  }
}

TEST(Sender, AConnectionThatEndsAfterReceiptIsAmbiguous) {
  for (const bool reset : {false, true}) {
    ScriptedPeer peer({[reset](MllpWire& wire) {
      wire.frame();
      if (reset) wire.reset();
    }});
    EXPECT_EQ(outcome(sender_to(peer.port())->send(letter("M1"), false)), "interrupted 0");
  }
}

TEST(Sender, AnAnswerMayComeSplitOrMergedOrWithoutItsFinalReturn) {
  const auto whole = framed(ack("AA", "M1"));
  for (std::size_t at = 1; at < whole.size(); at += 7) {
    ScriptedPeer peer({[&](MllpWire& wire) {
      wire.frame();
      wire.send(whole.substr(0, at));
      wire.send(whole.substr(at));
      wire.ends();
    }});
    EXPECT_EQ(outcome(sender_to(peer.port())->send(letter("M1"), false)), "receipt") << at;
  }
  EXPECT_EQ(outcome_of_answer("junk" + framed("NOT HL7") + framed(ack("AE", "M0")) + whole),
            "receipt");
  EXPECT_EQ(outcome_of_answer(whole.substr(0, whole.size() - 1)), "receipt");
}

TEST(Sender, AStaleAcknowledgementDoesNotCountForTheNextMessage) {
  ScriptedPeer peer({[](MllpWire& wire) {
                       wire.frame();
                       wire.ends();  // too late
                     },
                     [](MllpWire& wire) {
                       wire.frame();
                       wire.send_frame(ack("AA", "M1"));
                       wire.send_frame(ack("AR", "M2"));
                       wire.ends();
                     }});
  const auto sender = sender_to(peer.port(), milliseconds(60));
  EXPECT_EQ(outcome(sender->send(letter("M1"), false)), "timed_out 0");
  EXPECT_EQ(outcome(sender->send(letter("M2"), false)), "invalid 0");
}

TEST(Sender, ShowsWhateverComesBack) {
  ScriptedPeer peer({[](MllpWire& wire) {
    wire.frame();
    wire.send_frame("NOT HL7");
    wire.send_frame(ack("AE", "M1"));
  }});
  std::vector<std::string> heard;
  SenderSettings settings;
  settings.host = "127.0.0.1";
  settings.port = peer.port();
  settings.heard = [&](std::string_view frame) { heard.emplace_back(frame); };
  EXPECT_EQ(outcome((*MllpSender::create(settings))->send(letter("M1"), false)), "unavailable 0");
  EXPECT_EQ(heard, (std::vector<std::string>{"NOT HL7", ack("AE", "M1")}));
}

TEST(Sender, KeepsOneConnectionAndTheOrder) {
  std::vector<std::string> heard;
  {
    ScriptedPeer peer({[&](MllpWire& wire) {
      for (int i = 0; i < 20; ++i) {
        heard.push_back(control_id_of(wire.frame()));
        wire.send_frame(ack("AA", heard.back()));
      }
      wire.ends();
    }});
    const auto sender = sender_to(peer.port());
    for (int i = 0; i < 20; ++i) {
      EXPECT_EQ(outcome(sender->send(letter("M" + std::to_string(i)), false)), "receipt");
    }
  }
  ASSERT_EQ(heard.size(), 20u);
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(heard[static_cast<std::size_t>(i)], "M" + std::to_string(i));
}

TEST(Sender, ConnectsAgainWhenTheReceiverHasClosed) {
  std::promise<void> closed;
  ScriptedPeer peer({[](MllpWire& wire) {
                       wire.frame();
                       wire.send_frame(ack("AA", "M1"));
                     },
                     [&](MllpWire& wire) {
                       wire.frame();
                       wire.send_frame(ack("AA", "M2"));
                       wire.ends();
                     }});
  const auto sender = sender_to(peer.port());
  EXPECT_EQ(outcome(sender->send(letter("M1"), false)), "receipt");
  // Whether the close is seen before, or only after the bytes went out, is the network's affair.
  const auto second = outcome(sender->send(letter("M2"), false));
  EXPECT_TRUE(second == "receipt" || second == "interrupted 0") << second;
  if (second != "receipt") {
    EXPECT_EQ(outcome(sender->send(letter("M2"), true)), "receipt");
  }
}

TEST(Sender, NobodyThereIsTransient) {
  std::uint16_t port = 0;
  {
    ScriptedPeer gone({});
    port = gone.port();
  }
  const auto sent = sender_to(port)->send(letter("M1"), false);
  EXPECT_EQ(outcome(sent), "unavailable 0");
  EXPECT_EQ(error_row(sent.error().code).retry, RetryClass::transient);
}

TEST(Sender, WhatCannotBeFramedOrAnsweredIsNotSent) {
  ScriptedPeer peer({});
  const auto sender = sender_to(peer.port());
  EXPECT_EQ(outcome(sender->send({"k", "m", "NOT HL7", {}}, false)), "malformed 0");
  EXPECT_EQ(outcome(sender->send(letter(""), false)), "malformed 0");
  auto broken = letter("M1");
  broken.bytes += "NTE|1||\x1c\r";
  EXPECT_EQ(outcome(sender->send(broken, false)), "malformed 0");
}

TEST(Sender, StopEndsASendThatIsUnderWay) {
  std::promise<void> received;
  ScriptedPeer peer({[&](MllpWire& wire) {
    wire.frame();
    received.set_value();
    wire.ends();
  }});
  const auto sender = sender_to(peer.port());
  auto sent = std::async(std::launch::async, [&] { return sender->send(letter("M1"), false); });
  received.get_future().wait();
  sender->stop();
  EXPECT_EQ(outcome(sent.get()), "interrupted 0") << "it may have arrived";
  EXPECT_EQ(outcome(sender->send(letter("M2"), false)), "stopping 0");
}

TEST(Sender, SaysItsReceiverRecognisesRepeatsOnlyWhenToldSo) {
  EXPECT_FALSE(sender_to(1)->recognises_repeats());
  SenderSettings settings;
  settings.recognises_repeats = true;
  EXPECT_TRUE((*MllpSender::create(settings))->recognises_repeats());
}

TEST(Sender, FilesThatCannotBeReadAreSaidAtOnce) {
  SenderSettings settings;
  settings.tls = true;
  settings.ca_file = "missing.pem";
  const auto made = MllpSender::create(settings);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::misconfigured);
}

}  // namespace
}  // namespace meridian::hl7v2
