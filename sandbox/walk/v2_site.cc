// SPDX-License-Identifier: Apache-2.0
#include "walk/v2_site.h"

#include <algorithm>
#include <mutex>
#include <stdexcept>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "base/time.h"
#include "fhir_server/placeholders.h"
#include "hl7v2/mllp/ack.h"
#include "hl7v2/mllp/listener.h"
#include "hl7v2/mllp/sender.h"
#include "hl7v2/syntax/message.h"

namespace meridian::sandbox {

struct V2Site::Serving {
  explicit Serving(const std::string& number)
      : listener(io, {}, [this, number](hl7v2::Frame frame, const hl7v2::Remote&) {
          const std::lock_guard lock(mutex);
          messages.push_back(std::move(frame.bytes));
          return hl7v2::acknowledge(messages.back(), {}, system_now(),
                                    number + "A" + std::to_string(messages.size()));
        }) {
    const auto started = listener.start();
    if (!started) throw std::runtime_error("no free port for a system that speaks HL7 v2");
    port = *started;
    thread = std::thread([this] { io.run(); });
  }
  ~Serving() {
    listener.stop();
    io.stop();
    thread.join();
  }

  std::mutex mutex;  ///< guards messages
  std::vector<std::string> messages;
  boost::asio::io_context io;
  hl7v2::Listener listener;
  std::uint16_t port = 0;
  std::thread thread;
  std::unique_ptr<hl7v2::MllpSender> sender;
};

V2Site::V2Site(std::string number)
    : number_(std::move(number)), serving_(std::make_unique<Serving>(number_)) {}

V2Site::~V2Site() = default;

std::string V2Site::address() const {
  return "127.0.0.1:" + std::to_string(serving_->port);
}

void V2Site::call(const std::string& address) {
  const auto colon = address.rfind(':');
  hl7v2::SenderSettings settings;
  settings.host = address.substr(0, colon);
  settings.port = static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1)));
  auto sender = hl7v2::MllpSender::create(std::move(settings));
  if (!sender) throw std::runtime_error("nothing can be sent to " + address);
  serving_->sender = std::move(*sender);
}

bool V2Site::send(const std::string& text, std::map<std::string, std::string> names) {
  names["control"] = number_ + std::to_string(++sent_);
  auto message = fill_placeholders(text, system_now(), names);
  std::ranges::replace(message, '\n', '\r');
  const auto receipt =
      serving_->sender->send({names["control"], "x-application/hl7-v2+er7", message, {}}, false);
  return static_cast<bool>(receipt);
}

std::vector<std::string> V2Site::received() const {
  const std::lock_guard lock(serving_->mutex);
  return serving_->messages;
}

std::string V2Site::received(const std::string& type, const std::vector<std::string>& words) const {
  const auto all = received();
  const auto found = std::find_if(all.rbegin(), all.rend(), [&](const std::string& message) {
    return field_of(message, "MSH", 9).starts_with(type) &&
           std::ranges::all_of(words, [&](const std::string& word) {
             return message.find(word) != std::string::npos;
           });
  });
  return found == all.rend() ? std::string() : *found;
}

std::string field_of(const std::string& message, const std::string& segment, std::size_t number) {
  Issues ignored;
  const auto parsed = hl7v2::parse(message, ignored);
  const auto found = parsed ? parsed->find(segment) : std::nullopt;
  return found ? std::string(found->field(number).raw()) : std::string();
}

std::string texts_of(const std::string& message, const std::string& segment, std::size_t number) {
  Issues ignored;
  const auto parsed = hl7v2::parse(message, ignored);
  std::string text;
  for (std::size_t i = 0; parsed && i < parsed->size(); ++i) {
    if ((*parsed)[i].name() == segment) text += (*parsed)[i].field(number).text() + "\n";
  }
  return text;
}

}  // namespace meridian::sandbox
