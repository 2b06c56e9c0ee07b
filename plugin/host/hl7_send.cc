// SPDX-License-Identifier: Apache-2.0
// `meridian hl7 send`: messages to a receiver, and what it says to each.
#include <chrono>
#include <iomanip>
#include <iostream>

#include "base/loopback.h"
#include "hl7v2/mllp/ack.h"
#include "hl7v2/mllp/sender.h"
#include "host/commands.h"
#include "host/config.h"
#include "host/hl7_commands.h"
#include "host/hl7_messages.h"
#include "host/site_command.h"

namespace meridian::host {
namespace {

/// Segments end with CR on the wire, whatever the file has.
std::string on_the_wire(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() + 1);
  for (const char c : bytes) {
    if (c != '\n') {
      out += c;
    } else if (out.empty() || out.back() != '\r') {
      out += '\r';
    }
  }
  if (!out.ends_with('\r')) out += '\r';
  return out;
}

/// The segments in which a receiver says why.
void print_reasons(const std::string& answer) {
  const ReadHl7 read(answer);
  if (!read.message()) return;
  const auto no_names = [](std::string_view) { return std::string_view(); };
  for (std::size_t i = 0; i < read.message()->size(); ++i) {
    const auto name = (*read.message())[i].name();
    if (name != "MSA" && name != "ERR") continue;
    std::cout << hl7v2::outline(*read.message(), i, no_names);
  }
}

/// What became of one message.
class Outcome {
 public:
  Outcome(const Result<Receipt>& sent, const std::vector<std::string>& heard)
      : sent_(sent), heard_(heard) {
    if (heard.empty() || (!sent && error_row(sent.error().code).retry == RetryClass::ambiguous)) {
      return;
    }
    answer_ = hl7v2::read_acknowledgement(heard.back());
  }

  bool accepted() const { return sent_.has_value(); }
  bool answered() const { return answer_.has_value(); }

  void print(std::chrono::duration<double, std::milli> took) const {
    if (accepted()) {
      std::cout << "accepted: " << answer_->code;
    } else if (answered()) {
      std::cout << "refused: " << answer_->code << ", " << sent_.error().what.view();
    } else {
      const auto& row = error_row(sent_.error().code);
      const bool may_be_there = row.retry == RetryClass::ambiguous;
      std::cout << (may_be_there ? "ambiguous: " : "not sent: ") << sent_.error().what.view()
                << (may_be_there ? "; it may have arrived" : "");
    }
    std::cout << " (" << std::fixed << std::setprecision(1) << took.count() << " ms)\n";
    if (answered() && (!accepted() || !answer_->text.empty())) print_reasons(heard_.back());
    if (const auto others = heard_.size() - (answered() ? 1 : 0); others > 0) {
      std::cout << "  " << others << " that came back answered no message of ours\n";
    }
  }

 private:
  const Result<Receipt>& sent_;
  const std::vector<std::string>& heard_;
  std::optional<hl7v2::Acknowledgement> answer_;
};

/// One receiver, and the messages that go there in order.
class Sending {
 public:
  explicit Sending(hl7v2::SenderSettings settings) {
    settings.heard = [this](std::string_view frame) { heard_.emplace_back(frame); };
    auto made = hl7v2::MllpSender::create(std::move(settings));
    if (made) {
      sender_ = std::move(*made);
    } else {
      failed("--ca-file, --certificate, --key", made.error());
    }
  }

  bool ready() const { return sender_ != nullptr; }
  bool all_accepted() const { return all_accepted_; }

  void send(const std::string& place, std::string_view bytes) {
    std::cout << place << ": " << ReadHl7(bytes).title() << ": ";
    if (silent_) {
      std::cout << "not sent, since the one before was not answered\n";
      return;
    }
    heard_.clear();
    const auto begin = std::chrono::steady_clock::now();
    const auto sent =
        sender_->send({"", "x-application/hl7-v2+er7", on_the_wire(bytes), {}}, false);
    const Outcome outcome(sent, heard_);
    outcome.print(std::chrono::steady_clock::now() - begin);
    std::cout.flush();
    all_accepted_ = all_accepted_ && outcome.accepted();
    const bool never_left = !sent && sent.error().code == ErrorCode::malformed;
    silent_ = !outcome.accepted() && !outcome.answered() && !never_left;
  }

 private:
  std::unique_ptr<hl7v2::MllpSender> sender_;
  std::vector<std::string> heard_;  ///< what came back to the last message
  bool all_accepted_ = true;
  bool silent_ = false;  ///< the last message was not answered
};

}  // namespace

int send_hl7(const SendHl7& command) {
  const auto address = read_listen(command.to);
  if (!address || address->address.empty()) {
    std::cerr << "\"" << command.to << "\": write HOST:PORT, such as ehr.example:2575\n";
    return 2;
  }
  hl7v2::SenderSettings settings;
  settings.host = address->address;
  settings.port = address->port;
  settings.egress = Egress::only({host_name(settings.host), settings.port});
  const bool shows_or_trusts = !command.ca_file.empty() || !command.certificate_file.empty();
  settings.tls = !command.plain && (shows_or_trusts || !is_loopback(settings.host));
  settings.ca_file = command.ca_file;
  settings.certificate_file = command.certificate_file;
  settings.key_file = command.key_file;
  settings.answer_timeout =
      std::chrono::milliseconds(static_cast<std::int64_t>(command.wait_seconds * 1000));
  Sending sending(std::move(settings));
  if (!sending.ready()) return 1;
  const bool readable =
      each_hl7_file(command.files, [&](const auto& file, auto, const auto& batch) {
        for (std::size_t i = 0; i < batch.messages.size(); ++i) {
          sending.send(place_in(file, batch, i), batch.messages[i].bytes);
        }
      });
  return readable && sending.all_accepted() ? 0 : 1;
}

}  // namespace meridian::host
