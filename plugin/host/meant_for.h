// SPDX-License-Identifier: Apache-2.0
// Messages for another kind of system are refused at the door: [site] processing.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "host/config.h"
#include "port/passing_inlet.h"

namespace meridian::host {

/// P, T or D of "production", "training" or "debugging". Source: HL7 table 0103
std::string processing_id(std::string_view processing);

/// Why the message is not for a system of this processing; nothing when it is, or does not say.
/// HL7 v2 says it by MSH-11 of any message in it; FHIR by the label HTEST on any resource, which
/// only a production system refuses: records without it are taken by all. Pure.
std::optional<Issue> not_meant_for(std::string_view processing, const Envelope& envelope);

/// An inlet with that question before it. What is refused is not kept: a test system must not hold
/// a patient's record, nor a record system a made-up patient.
class MeantInlet : public PassingInlet {
 public:
  /// The inlet is borrowed.
  MeantInlet(Inlet& inlet, std::string processing)
      : PassingInlet(inlet), processing_(std::move(processing)) {}

  /// The answer for a message that is refused is an OperationOutcome with a fatal issue at MSH-11.
  Result<std::string> submit(Envelope envelope) override;

 private:
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
