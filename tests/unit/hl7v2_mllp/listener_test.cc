// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/mllp/listener.h"

#include <future>
#include <mutex>
#include <stdexcept>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "hl7v2/mllp/pace.h"
#include "unit/hl7v2_mllp/wire.h"

namespace meridian::hl7v2 {
namespace {

using std::chrono::milliseconds;
using test::MllpWire;
using test::RunningListener;

/// What came, in order; each message is answered with "ack of " and itself.
class Heard {
 public:
  Acknowledger acknowledger() {
    return [this](const Frame& frame, const Remote& from) {
      const std::lock_guard lock(mutex_);
      frames_.push_back(frame);
      address_ = from.address;
      return (frame.too_large ? "refusal of " : "ack of ") + frame.bytes;
    };
  }
  std::vector<Frame> frames() {
    const std::lock_guard lock(mutex_);
    return frames_;
  }
  std::string address() {
    const std::lock_guard lock(mutex_);
    return address_;
  }

 private:
  std::mutex mutex_;
  std::vector<Frame> frames_;
  std::string address_;
};

TEST(Listener, AcknowledgesAMessageThatComesByteByByte) {
  Heard heard;
  RunningListener running({}, heard.acknowledger());
  MllpWire wire(running.port());
  for (const char byte : std::string("\x0bMSH|1\r\x1c\r")) wire.send({&byte, 1});
  EXPECT_EQ(wire.frame(), "ack of MSH|1\r");
  EXPECT_EQ(heard.address(), "127.0.0.1");
}

TEST(Listener, AcknowledgesMergedFramesInOrder) {
  Heard heard;
  RunningListener running({}, heard.acknowledger());
  MllpWire wire(running.port());
  std::string stream;
  for (int i = 0; i < 50; ++i) stream += "\x0bMSH|" + std::to_string(i) + "\x1c\r";
  wire.send(stream);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(wire.frame(), "ack of MSH|" + std::to_string(i));
}

TEST(Listener, DropsJunkBeforeAndBetweenFrames) {
  Heard heard;
  RunningListener running({}, heard.acknowledger());
  MllpWire wire(running.port());
  wire.send("junk\r\n\x0bMSH|1\x1c\r\x06 more \x0bMSH|2\x1c\r");
  EXPECT_EQ(wire.frame(), "ack of MSH|1");
  EXPECT_EQ(wire.frame(), "ack of MSH|2");
}

TEST(Listener, CutsWhoSendsNothingButJunk) {
  Heard heard;
  ListenerSettings settings;
  settings.max_junk = 100;
  RunningListener running(settings, heard.acknowledger());
  MllpWire wire(running.port());
  wire.send("GET / HTTP/1.1\r\nHost: " + std::string(200, 'h'));
  EXPECT_TRUE(wire.ends());
}

TEST(Listener, AnOversizedMessageIsAnsweredAndTheLineGoesOn) {
  Heard heard;
  ListenerSettings settings;
  settings.max_bytes = 10;
  RunningListener running(settings, heard.acknowledger());
  MllpWire wire(running.port());
  wire.send_frame("MSH|123456" + std::string(100'000, 'x'));
  wire.send_frame("MSH|2");
  EXPECT_EQ(wire.frame(), "refusal of MSH|123456");
  EXPECT_EQ(wire.frame(), "ack of MSH|2");
}

TEST(Listener, ALargeMessageComesWhole) {
  Heard heard;
  RunningListener running({}, heard.acknowledger());
  MllpWire wire(running.port());
  const auto large = "MSH|" + std::string(900'000, 'x');
  wire.send_frame(large);
  EXPECT_EQ(wire.frame(), "ack of " + large);
}

TEST(Listener, CutsWhoIsTooSlowWithAMessage) {
  Heard heard;
  ListenerSettings settings;
  settings.read_timeout = milliseconds(30);
  RunningListener running(settings, heard.acknowledger());
  MllpWire wire(running.port());
  wire.send("\x0bMSH|1");
  EXPECT_TRUE(wire.ends());
  EXPECT_TRUE(heard.frames().empty());
}

TEST(Listener, ASlowSenderGainsNoTimeByByteAfterByte) {
  Heard heard;
  ListenerSettings settings;
  settings.read_timeout = milliseconds(50);
  settings.tail_timeout = milliseconds(10'000);
  RunningListener running(settings, heard.acknowledger());
  MllpWire wire(running.port());
  wire.send("\x0bMSH|1");
  std::promise<void> cut;
  std::thread dripping([&, stop = cut.get_future()] {
    while (stop.wait_for(milliseconds(1)) == std::future_status::timeout) wire.send("\x1cx");
  });
  EXPECT_TRUE(wire.ends());
  cut.set_value();
  dripping.join();
}

TEST(Listener, CutsWhoIsIdle) {
  Heard heard;
  ListenerSettings settings;
  settings.idle_timeout = milliseconds(30);
  RunningListener running(settings, heard.acknowledger());
  MllpWire wire(running.port());
  EXPECT_TRUE(wire.ends());
}

TEST(Listener, TakesAFrameWithoutItsFinalReturn) {
  Heard heard;
  ListenerSettings settings;
  settings.tail_timeout = milliseconds(20);
  RunningListener running(settings, heard.acknowledger());
  MllpWire wire(running.port());
  wire.send("\x0bMSH|1\x1c");
  EXPECT_EQ(wire.frame(), "ack of MSH|1");
  wire.send("\x0bMSH|2\x1c");
  EXPECT_EQ(wire.frame(), "ack of MSH|2") << "the connection is kept";
}

TEST(Listener, AnswersASenderThatHasClosedItsSide) {
  Heard heard;
  RunningListener running({}, heard.acknowledger());
  MllpWire wire(running.port());
  wire.send("\x0bMSH|1\x1c");
  wire.half_close();
  EXPECT_EQ(wire.frame(), "ack of MSH|1");
  EXPECT_TRUE(wire.ends());
}

TEST(Listener, AMessageThatBreaksOffIsNone) {
  Heard heard;
  RunningListener running({}, heard.acknowledger());
  {
    MllpWire wire(running.port());
    wire.send("\x0bMSH|1\rPID");
    wire.half_close();
    EXPECT_TRUE(wire.ends());
  }
  EXPECT_TRUE(heard.frames().empty());
}

TEST(Listener, AConnectionTooManyIsCut) {
  Heard heard;
  ListenerSettings settings;
  settings.max_connections = 2;
  RunningListener running(settings, heard.acknowledger());
  MllpWire first(running.port());
  first.send_frame("MSH|1");
  EXPECT_EQ(first.frame(), "ack of MSH|1");
  MllpWire second(running.port());
  second.send_frame("MSH|2");
  EXPECT_EQ(second.frame(), "ack of MSH|2");
  MllpWire third(running.port());
  EXPECT_TRUE(third.ends());
  first.send_frame("MSH|3");
  EXPECT_EQ(first.frame(), "ack of MSH|3");
}

TEST(Listener, OnePeerDoesNotTakeAllConnections) {
  Heard heard;
  ListenerSettings settings;
  settings.max_per_peer = 1;
  RunningListener running(settings, heard.acknowledger());
  MllpWire first(running.port());
  first.send_frame("MSH|1");
  EXPECT_EQ(first.frame(), "ack of MSH|1");
  MllpWire second(running.port());
  EXPECT_TRUE(second.ends());
}

TEST(Listener, NoAnswerMeansNoneAndTheNextMessageIsTaken) {
  RunningListener running({}, [](const Frame& frame, const Remote&) {
    return frame.bytes == "quiet" ? "" : frame.bytes;
  });
  MllpWire wire(running.port());
  wire.send_frame("quiet");
  wire.send_frame("loud");
  EXPECT_EQ(wire.frame(), "loud");
}

TEST(Listener, WhenTheHandlerThrowsThatConnectionAloneEnds) {
  RunningListener running({}, [](const Frame& frame, const Remote&) {
    if (frame.bytes == "bad") throw std::runtime_error("a library did this");
    return frame.bytes;
  });
  MllpWire other(running.port());
  MllpWire wire(running.port());
  wire.send_frame("bad");
  EXPECT_TRUE(wire.ends());
  other.send_frame("good");
  EXPECT_EQ(other.frame(), "good");
}

TEST(Listener, WhatIsPacedIsTakenAllTheSame) {
  Heard heard;
  ListenerSettings settings;
  settings.max_per_second = 200;
  RunningListener running(settings, heard.acknowledger());
  MllpWire wire(running.port());
  for (int i = 0; i < 220; ++i) wire.send_frame(std::to_string(i));
  for (int i = 0; i < 220; ++i) EXPECT_EQ(wire.frame(), "ack of " + std::to_string(i));
}

TEST(Pace, LetsABurstThroughAndThenTheRate) {
  Pace pace(10);
  const Pace::Time start{std::chrono::hours(5)};
  for (int i = 0; i < 10; ++i) EXPECT_EQ(pace.take(start).count(), 0) << i;
  EXPECT_EQ(pace.take(start), milliseconds(100));
  EXPECT_EQ(pace.take(start), milliseconds(200));
  EXPECT_EQ(pace.take(start + milliseconds(300)).count(), 0);
  EXPECT_FALSE(pace.rested(start + milliseconds(300)));
  EXPECT_TRUE(pace.rested(start + std::chrono::seconds(3)));
  Pace any(0);
  for (int i = 0; i < 1'000; ++i) EXPECT_EQ(any.take(start).count(), 0);
}

/// A handler that is at work until it is let go.
class Gate {
 public:
  Acknowledger acknowledger() {
    return [this](const Frame& frame, const Remote&) {
      entered_.set_value();
      open_.get_future().wait();
      return frame.bytes;
    };
  }
  void wait_until_entered() { entered_.get_future().wait(); }
  void open() { open_.set_value(); }

 private:
  std::promise<void> entered_;
  std::promise<void> open_;
};

TEST(Listener, StopLetsTheMessageUnderWayBeAcknowledgedAndTakesNoOther) {
  Gate gate;
  RunningListener running({}, gate.acknowledger());
  MllpWire idle(running.port());
  MllpWire wire(running.port());
  wire.send_frame("MSH|1");
  wire.send_frame("MSH|2");
  gate.wait_until_entered();
  auto stopped = std::async(std::launch::async, [&] { running.listener().stop(); });
  EXPECT_TRUE(idle.ends());
  gate.open();
  EXPECT_EQ(wire.frame(), "MSH|1");
  EXPECT_TRUE(wire.ends());
  stopped.get();
}

TEST(Listener, StopCutsWhatDoesNotEnd) {
  Heard heard;
  ListenerSettings settings;
  settings.drain = milliseconds(20);
  RunningListener running(settings, heard.acknowledger());
  MllpWire wire(running.port());
  wire.send_frame("MSH|1");
  EXPECT_EQ(wire.frame(), "ack of MSH|1");
  wire.send("\x0bMSH|2");
  running.listener().stop();
  EXPECT_TRUE(wire.ends());
}

TEST(Listener, SaysWhatIsWrongWithItsSettings) {
  boost::asio::io_context io;
  const auto code = [&](const ListenerSettings& settings) {
    const auto port = Listener(io, settings, {}).start();
    return port ? std::string("listens") : std::string(error_row(port.error().code).name);
  };
  ListenerSettings settings;
  settings.address = "localhost";
  EXPECT_EQ(code(settings), "misconfigured") << "not numeric";
  settings.address = "0.0.0.0";
  EXPECT_EQ(code(settings), "misconfigured") << "plain beyond loopback";
  settings.address = "127.0.0.1";
  settings.certificate_file = "missing.pem";
  EXPECT_EQ(code(settings), "misconfigured") << "no key";
  settings.certificate_file.clear();
  settings.client_ca = "missing.pem";
  EXPECT_EQ(code(settings), "misconfigured") << "client_ca without TLS";
}

TEST(Listener, APortThatIsTakenIsUnavailable) {
  Heard heard;
  RunningListener running({}, heard.acknowledger());
  boost::asio::io_context io;
  ListenerSettings settings;
  settings.port = running.port();
  const auto port = Listener(io, settings, {}).start();
  ASSERT_FALSE(port);
  EXPECT_EQ(port.error().code, ErrorCode::unavailable);
}

}  // namespace
}  // namespace meridian::hl7v2
