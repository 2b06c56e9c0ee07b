// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/mllp/source.h"

#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <rapidjson/document.h>

#include "base/hash.h"
#include "base/log.h"
#include "hl7v2/mllp/batch_ack.h"
#include "hl7v2/mllp/identity.h"

namespace meridian::hl7v2 {
namespace {

constexpr std::size_t longest_control_id = 20;  // before v2.7

/// Unique for a sender, as MSH-10 must be.
std::string new_control_id() {
  const auto id = new_ulid();
  return id.substr(id.size() - longest_control_id);
}

std::string text_of(const rapidjson::Value& object, const char* name) {
  const auto found = object.FindMember(name);
  if (found == object.MemberEnd() || !found->value.IsString()) return {};
  return {found->value.GetString(), found->value.GetStringLength()};
}

Severity severity_of(std::string_view name) {
  for (const auto severity : {Severity::warning, Severity::error, Severity::fatal}) {
    if (name == severity_name(severity)) return severity;
  }
  return Severity::information;
}

Issue issue_of(const rapidjson::Value& json) {
  Issue issue{severity_of(text_of(json, "severity")), text_of(json, "code"), "",
              text_of(json, "diagnostics")};
  const auto places = json.FindMember("expression");
  if (places != json.MemberEnd() && places->value.IsArray() && !places->value.Empty() &&
      places->value[0].IsString()) {
    issue.path = places->value[0].GetString();
  }
  return issue;
}

}  // namespace

Verdict verdict_of_outcome(std::string_view outcome) {
  Verdict verdict;
  rapidjson::Document json;
  json.Parse(outcome.data(), outcome.size());
  if (json.HasParseError() || !json.IsObject()) return verdict;
  const auto issues = json.FindMember("issue");
  if (issues == json.MemberEnd() || !issues->value.IsArray()) return verdict;
  for (const auto& one : issues->value.GetArray()) {
    if (!one.IsObject()) continue;
    verdict.issues.push_back(issue_of(one));
    const auto& issue = verdict.issues.back();
    if (issue.severity == Severity::fatal) verdict.fate = Fate::refused;
    const bool illegal = issue.severity == Severity::error && issue.code == "business-rule";
    if (illegal && verdict.fate == Fate::accepted) verdict.fate = Fate::denied;
  }
  return verdict;
}

/// A started listener with its thread.
class MllpSource::Running {
 public:
  Running(const MllpSource& owner, Inlet& inlet)
      : owner_(owner),
        inlet_(inlet),
        listener_(io_, owner.settings_,
                  [this](const Frame& frame, const Remote&) { return answer(frame); }) {}

  ~Running() {
    listener_.stop();
    work_.reset();
    if (thread_.joinable()) thread_.join();
  }

  Result<void> start() {
    const auto port = listener_.start();
    if (!port) return port.error();
    port_ = *port;
    thread_ = std::thread([this] { io_.run(); });
    log(LogLevel::info, "mllp.listening", {{"source", owner_.source_}, {"port", port_}});
    return {};
  }

  std::uint16_t port() const { return port_; }

 private:
  std::string answer(const Frame& frame) {
    const auto verdict = frame.too_large ? too_large() : keep(frame.bytes);
    return answer_to(frame.bytes, verdict, owner_.clock_(), new_control_id);
  }

  static Verdict too_large() {
    return verdict_of({ErrorCode::too_large, "mllp", "the message is larger than is taken here"});
  }

  Verdict keep(const std::string& bytes) {
    auto identity = identity_of(bytes);
    Envelope envelope{owner_.source_, identity.id, "x-application/hl7-v2+er7", bytes,
                      owner_.clock_()};
    envelope.repeat_of = identity.without_time;
    auto kept = inlet_.submit(envelope);
    if (!kept && kept.error().code == ErrorCode::conflict) {
      log(LogLevel::warning, "mllp.control_id_used_again", {{"source", owner_.source_}});
      envelope.sender_id += "#" + hex(sha256(identity.without_time)).substr(0, 16);
      kept = inlet_.submit(std::move(envelope));
    }
    return kept ? verdict_of_outcome(*kept) : verdict_of(kept.error());
  }

  const MllpSource& owner_;
  Inlet& inlet_;
  std::uint16_t port_ = 0;
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      io_.get_executor()};
  Listener listener_;
  std::thread thread_;
};

MllpSource::MllpSource(SourceId source, ListenerSettings settings, Clock clock)
    : source_(std::move(source)), settings_(std::move(settings)), clock_(std::move(clock)) {}

MllpSource::~MllpSource() = default;

Result<void> MllpSource::start(Inlet& inlet) {
  running_ = std::make_unique<Running>(*this, inlet);
  auto started = running_->start();
  if (started) {
    port_ = running_->port();
  } else {
    running_.reset();
  }
  return started;
}

void MllpSource::stop() {
  port_ = 0;
  running_.reset();
}

std::string MllpSource::address() const {
  const bool v6 = settings_.address.find(':') != std::string::npos;
  return (v6 ? "[" + settings_.address + "]" : settings_.address) + ":" + std::to_string(port());
}

std::uint16_t MllpSource::port() const {
  return port_;
}

}  // namespace meridian::hl7v2
