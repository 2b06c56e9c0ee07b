// SPDX-License-Identifier: Apache-2.0
// What the desk asks of the runtime: submit, list, health, alerts, staff forms.
#pragma once

#include <functional>

#include "flow/core.h"
#include "port/desk.h"
#include "port/ports.h"

namespace meridian::flow {

/// Thread-safe. Borrows the core.
class RuntimeOperations : public Operations {
 public:
  /// `complete` adds to a view of the site what only the host knows.
  RuntimeOperations(
      const Core& core, Inlet& inlet, std::function<void(SiteView&)> complete = [](SiteView&) {})
      : core_(core), inlet_(inlet), complete_(std::move(complete)) {}

  Result<std::string> submit(Envelope envelope) override;
  Result<std::vector<ReferralLine>> referrals(int limit) override;
  HealthReport health() override;
  Result<void> look_now(std::string_view source) override;
  Result<void> hear(std::string_view source, const Notice& notice) override;
  Result<std::vector<Advice>> ask(const Question& question) override;
  Result<void> note_feedback(std::string_view source, const AdviceFeedback& feedback) override;
  Result<AlertView> alert(std::string_view alert_id) override;
  Result<void> acknowledge(std::string_view alert_id, std::string_view by) override;
  Result<std::vector<ShelfMark>> shelves(std::string_view clinic, Instant since) override;
  Result<Shelf> shelf(std::string_view clinic, std::string_view referral) override;
  Result<void> note_reading(std::string_view clinic,
                            const std::vector<std::string>& referrals) override;
  Result<std::string> kept(std::string_view clinic, std::string_view name) override;
  Result<void> keep(std::string_view clinic, std::string_view name, std::string_view before,
                    std::string_view value) override;
  Result<bool> first(std::string_view name, std::string_view mark,
                     std::chrono::milliseconds span) override;
  Result<SiteView> site() override;
  Result<ReferralStory> story(std::string_view referral) override;
  Result<Found> find(std::string_view text) override;
  Result<FormView> form(const FormTicket& ticket) override;
  Result<std::string> intervene(const Intervention& given, std::string_view by) override;
  Result<FormView> answer(const FormTicket& ticket, const FormAnswers& answers) override;
  Result<SignOffView> sign_off(const FormTicket& ticket) override;
  Result<SignOffView> give_sign_off(const FormTicket& ticket, const SignOffGiven& given) override;
  Result<PatientLinkView> patient_link(const FormTicket& ticket) override;
  Result<PatientLinkView> give_patient_link(const FormTicket& ticket,
                                            const PatientLinkGiven& given) override;
  Result<PreparedReturnView> prepared_return(const FormTicket& ticket) override;
  Result<PreparedReturnView> give_prepared_return(const FormTicket& ticket,
                                                  const PreparedReturnGiven& given) override;
  Result<std::vector<SurgeonReferral>> surgeon_view(const Caller& caller,
                                                    std::string_view patient) override;
  Result<void> surgeon_act(const Caller& caller, std::string_view patient,
                           const SurgeonGiven& given) override;

 private:
  Result<std::string> compare_now(bool repair, std::string_view by);

  const Core& core_;
  Inlet& inlet_;
  std::function<void(SiteView&)> complete_;
};

}  // namespace meridian::flow
