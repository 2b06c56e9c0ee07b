// SPDX-License-Identifier: Apache-2.0
// `meridian hl7 listen`: prints what arrives, and acknowledges it.
#include <csignal>
#include <functional>
#include <iostream>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>

#include "base/ids.h"
#include "hl7v2/mllp/batch_ack.h"
#include "hl7v2/mllp/listener.h"
#include "host/commands.h"
#include "host/config.h"
#include "host/hl7_commands.h"
#include "host/hl7_messages.h"
#include "host/site_command.h"

namespace meridian::host {
namespace {

namespace asio = boost::asio;

constexpr std::string_view this_machine = "127.0.0.1";
constexpr std::size_t longest_control_id = 20;  // before v2.7

std::string new_control_id() {
  const auto id = new_ulid();
  return id.substr(id.size() - longest_control_id);
}

hl7v2::Verdict verdict_for(const std::string& answer) {
  hl7v2::Verdict verdict;
  if (answer == "AE") verdict.fate = hl7v2::Fate::failed;
  if (answer == "AR") verdict.fate = hl7v2::Fate::refused;
  return verdict;
}

/// Takes one frame after the other, on one thread.
class Hearing {
 public:
  Hearing(const ListenHl7& command, std::function<void()> heard_enough)
      : command_(command), heard_enough_(std::move(heard_enough)), name_of_(segment_names()) {}

  std::string take(const hl7v2::Frame& frame, const hl7v2::Remote& from) {
    const auto now = system_now();
    if (command_.count > 0 && taken_ == command_.count) {
      return answer_of(frame, hl7v2::verdict_of({ErrorCode::stopping, "hl7", "listening ended"}));
    }
    std::cerr << to_string(now) << " from " << from.address << ", " << frame.bytes.size()
              << " bytes" << (frame.too_large ? ", the rest is too large to be kept" : "") << '\n';
    print(frame.bytes);
    std::cout.flush();
    if (++taken_ == command_.count) heard_enough_();
    return command_.answer == "none" ? "" : answer_of(frame, verdict_for(command_.answer));
  }

 private:
  static std::string answer_of(const hl7v2::Frame& frame, const hl7v2::Verdict& verdict) {
    return hl7v2::answer_to(frame.bytes, verdict, system_now(), new_control_id);
  }

  void print(const std::string& bytes) {
    if (command_.raw) {
      std::cout << bytes << '\n';
      return;
    }
    for (const auto& one : hl7v2::messages_of(bytes).messages) {
      const ReadHl7 read(one.bytes);
      print_issues(read.issues());
      if (!read.message()) continue;
      std::cout << read.title() << '\n' << hl7v2::outline(*read.message(), name_of_) << '\n';
    }
  }

  const ListenHl7& command_;
  std::function<void()> heard_enough_;
  hl7v2::NameOf name_of_;
  int taken_ = 0;
};

/// Runs until a signal comes or enough was heard.
int listen(const ListenHl7& command, const hl7v2::ListenerSettings& settings) {
  asio::io_context waiting;
  asio::signal_set ends(waiting, SIGINT, SIGTERM);
  ends.async_wait([](const auto&, int) {});
  Hearing hearing(command, [&] { asio::post(waiting, [&] { ends.cancel(); }); });
  asio::io_context io;
  auto work = asio::make_work_guard(io);
  hl7v2::Listener listener(io, settings, [&](const hl7v2::Frame& frame, const hl7v2::Remote& from) {
    return hearing.take(frame, from);
  });
  const auto port = listener.start();
  if (!port && port.error().code == ErrorCode::misconfigured) {
    return failed(command.listen,
                  std::string(port.error().what.view()) + "; see meridian hl7 listen --help");
  }
  if (!port) return failed(command.listen, port.error());
  std::thread runs([&] { io.run(); });
  std::cerr << "listening at " << settings.address << " port " << *port
            << "; prints what arrives, patient data with it. Ctrl-C ends it\n";
  waiting.run();
  listener.stop();
  work.reset();
  runs.join();
  return std::cout ? 0 : 1;
}

}  // namespace

int listen_hl7(const ListenHl7& command) {
  const bool port_alone = command.listen.find(':') == std::string::npos;
  const auto address =
      read_listen(port_alone ? std::string(this_machine) + ':' + command.listen : command.listen);
  if (!address) {
    std::cerr << "\"" << command.listen << "\": write [ADDRESS:]PORT, such as 2575\n";
    return 2;
  }
  hl7v2::ListenerSettings settings;
  settings.address = address->address;
  settings.port = address->port;
  settings.certificate_file = command.certificate_file;
  settings.key_file = command.key_file;
  settings.client_ca = command.client_ca;
  settings.plain_beyond_loopback = command.plain;
  settings.handler_threads = 1;
  return listen(command, settings);
}

}  // namespace meridian::host
