// SPDX-License-Identifier: Apache-2.0
// Messages for another kind of system are refused at the door: [site] processing.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "host/config.h"
#include "port/ports.h"

namespace meridian::host {

/// P, T or D of "production", "training" or "debugging". Source: HL7 table 0103
std::string processing_id(std::string_view processing);

/// Why the message is not for a system of this processing; nothing when it is, or does not say.
/// HL7 v2 says it by MSH-11 of any message in it; FHIR by the label HTEST on any resource, which
/// only a production system refuses: records without it are taken by all. Pure.
std::optional<Issue> not_meant_for(std::string_view processing, const Envelope& envelope);

/// An inlet with that question before it. What is refused is not kept: a test system must not hold
/// a patient's record, nor a record system a made-up patient.
class MeantInlet : public Inlet {
 public:
  /// The inlet is borrowed.
  MeantInlet(Inlet& inlet, std::string processing)
      : inlet_(inlet), processing_(std::move(processing)) {}

  /// The answer for a message that is refused is an OperationOutcome with a fatal issue at MSH-11.
  Result<std::string> submit(Envelope envelope) override;
  Result<std::string> cursor(const SourceId& source, std::string_view name) override {
    return inlet_.cursor(source, name);
  }
  Result<void> set_cursor(const SourceId& source, std::string_view name,
                          std::string_view value) override {
    return inlet_.set_cursor(source, name, value);
  }
  Result<void> change_cursor(const SourceId& source, std::string_view name, std::string_view before,
                             std::string_view value) override {
    return inlet_.change_cursor(source, name, before, value);
  }
  Result<bool> knows(const SourceId& source, std::string_view sender_id) override {
    return inlet_.knows(source, sender_id);
  }
  Result<bool> may_poll(const SourceId& source, std::chrono::milliseconds interval) override {
    return inlet_.may_poll(source, interval);
  }

 private:
  Inlet& inlet_;
  std::string processing_;
};

/// A renderer whose messages say that they are a test.
class TestRenderer : public Renderer {
 public:
  explicit TestRenderer(std::unique_ptr<Renderer> renderer) : renderer_(std::move(renderer)) {}
  Result<Rendered> render(const Letter& letter, const FieldProfile& profile) const override;
  bool follows_earlier() const override { return renderer_->follows_earlier(); }
  bool keeps_course() const override { return renderer_->keeps_course(); }

 private:
  std::unique_ptr<Renderer> renderer_;
};

/// What people must see first on whatever a test system shows, prints or sends.
inline constexpr std::string_view test_banner = "TEST SYSTEM. Not for the care of patients.";

}  // namespace meridian::host
