// SPDX-License-Identifier: Apache-2.0
// The one door for people, programs and hosts: submit, query, acknowledge. Authorisation is here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "port/ask.h"
#include "port/caller.h"
#include "port/envelope.h"
#include "port/intervention.h"
#include "port/posted.h"
#include "port/shelf.h"
#include "port/site_view.h"
#include "port/staff_form.h"
#include "port/statements.h"
#include "port/surgeon_view.h"

namespace meridian {

/// One referral as a list shows it: no patient data, so that a viewer may see it.
struct ReferralLine {
  std::string id;
  std::string source;
  std::string order;      ///< "ServiceRequest/5"
  std::string direction;  ///< to_acupuncture or to_surgeon
  std::string state;
  std::string owner;     ///< whose turn it is
  std::string worklist;  ///< empty when it is over
  std::string destination;
  std::string why;  ///< disposition and the rule ids behind it
  Instant created_at;
  Instant updated_at;
  int queued = 0;  ///< deliveries not settled yet
  int delivered = 0;
  int dead = 0;
  int questions = 0;              ///< that wait for an answer of the hospital's staff
  std::string form = {};          ///< token of a form that takes it; only for those who may answer
  bool patient_unlinked = false;  ///< nobody said yet whose record is meant
  std::string patient_link = {};  ///< token of the page for it; as above
};

struct HealthReport {
  bool live = true;
  bool ready = false;
  std::int64_t referrals = 0;
  std::int64_t queued = 0;
  std::int64_t ambiguous = 0;
  std::int64_t dead = 0;
  std::int64_t quarantined = 0;
  std::int64_t work_due = 0;
  std::int64_t open_alerts = 0;
  std::int64_t messages = 0;
  std::int64_t receivers = 0;              ///< in the directory
  std::int64_t directory_age_seconds = 0;  ///< since it was read last; grows while that fails
  std::vector<std::string> troubles = {};  ///< why it is not ready; no patient data
};

/// What a named contact sees before acknowledging.
struct AlertView {
  std::string id;
  std::string referral;
  std::string order;  ///< so that the contact finds the patient in the EHR
  std::string rule;
  std::string text;  ///< the rule's own words: what is on record and what must be done
  std::string contact;
  Instant raised_at;
  bool acknowledged = false;
  std::string acknowledged_by;
};

/// What the runtime does for the desk. Implemented by flow/. Thread-safe, blocking.
class Operations {
 public:
  virtual ~Operations() = default;
  virtual Result<std::string> submit(Envelope envelope) = 0;
  virtual Result<std::vector<ReferralLine>> referrals(int limit) = 0;
  virtual HealthReport health() = 0;
  /// Has a source's polls look at once. Errors: not_found.
  virtual Result<void> look_now(std::string_view) {
    return Error{ErrorCode::not_found, "desk", "no such source"};
  }
  /// A source's server tells of something; the value comes when it is durable. Errors: not_found.
  virtual Result<void> hear(std::string_view source, const Notice& /*notice*/) {
    return look_now(source);
  }
  virtual Result<AlertView> alert(std::string_view alert_id) = 0;
  virtual Result<void> acknowledge(std::string_view alert_id, std::string_view by) = 0;
  /// What a person does about what waits or was given up; a JSON object. Errors: not_found,
  /// invalid.
  virtual Result<std::string> intervene(const Intervention& given, std::string_view by) = 0;
  /// Open, sent or settled, with the questions of an open form. Errors: not_found.
  virtual Result<FormView> form(const FormTicket& ticket) = 0;
  /// Takes the answers as a message of the referral's source; returns when it is durable. A form
  /// that was sent before is left as it is. Errors: not_found, invalid (none of the open questions
  /// is answered), those of submit.
  virtual Result<FormView> answer(const FormTicket& ticket, const FormAnswers& answers) = 0;

  /// What is to be said at a screen. Errors: misconfigured, store errors.
  virtual Result<std::vector<Advice>> ask(const Question& /*question*/) {
    return Error{ErrorCode::unsupported, "desk", "this runtime answers no questions"};
  }
  /// Keeps in the audit what became of an advice. Errors: store errors.
  virtual Result<void> note_feedback(std::string_view /*source*/, const AdviceFeedback&) {
    return Error{ErrorCode::unsupported, "desk", "this runtime answers no questions"};
  }

  // A runtime without clinics that read here leaves these out.
  /// What is on a clinic's shelf and changed since that instant, the latest change last.
  virtual Result<std::vector<ShelfMark>> shelves(std::string_view /*clinic*/, Instant /*since*/) {
    return std::vector<ShelfMark>();
  }
  /// Errors: not_found, also for a referral that the clinic was never sent.
  virtual Result<Shelf> shelf(std::string_view /*clinic*/, std::string_view /*referral*/) {
    return Error{ErrorCode::not_found, "desk", "no such referral"};
  }
  /// Keeps in the audit that the clinic, or "clinic/person", saw these referrals.
  virtual Result<void> note_reading(std::string_view /*who*/,
                                    const std::vector<std::string>& /*referrals*/) {
    return {};
  }
  /// What is kept for a clinic under a name, "" at first.
  virtual Result<std::string> kept(std::string_view /*clinic*/, std::string_view /*name*/) {
    return Error{ErrorCode::unsupported, "desk", "this runtime keeps nothing for clinics"};
  }
  /// Puts another value in the place of `before`. Errors: stale, when that is no longer there.
  virtual Result<void> keep(std::string_view /*clinic*/, std::string_view /*name*/,
                            std::string_view /*before*/, std::string_view /*value*/) {
    return Error{ErrorCode::unsupported, "desk", "this runtime keeps nothing for clinics"};
  }
  /// True for the first who comes with this name within `span`, and for each who shows the same
  /// mark again; the others come too late.
  virtual Result<bool> first(std::string_view /*name*/, std::string_view /*mark*/,
                             std::chrono::milliseconds /*span*/) {
    return Error{ErrorCode::unsupported, "desk", "this runtime keeps no names"};
  }

  // The operations page; no patient data in any of it.
  virtual Result<SiteView> site() { return no_page(); }
  /// Errors: not_found.
  virtual Result<ReferralStory> story(std::string_view /*referral*/) { return no_page(); }
  /// By id of a referral, of a message or of an order, or number of a delivery. Errors: not_found.
  virtual Result<Found> find(std::string_view /*text*/) { return no_page(); }

  // A runtime without these pages leaves them out. Errors: not_found, invalid, those of submit.
  virtual Result<SignOffView> sign_off(const FormTicket&) { return no_page(); }
  virtual Result<SignOffView> give_sign_off(const FormTicket&, const SignOffGiven&) {
    return no_page();
  }
  virtual Result<PatientLinkView> patient_link(const FormTicket&) { return no_page(); }
  virtual Result<PatientLinkView> give_patient_link(const FormTicket&, const PatientLinkGiven&) {
    return no_page();
  }
  virtual Result<PreparedReturnView> prepared_return(const FormTicket&) { return no_page(); }
  virtual Result<PreparedReturnView> give_prepared_return(const FormTicket&,
                                                          const PreparedReturnGiven&) {
    return no_page();
  }

  /// The referrals of one patient that the caller's hospital ordered, the newest first; keeps in
  /// the audit that they were seen. `patient`: "Patient/17" at the hospital.
  virtual Result<std::vector<SurgeonReferral>> surgeon_view(const Caller& /*caller*/,
                                                            std::string_view /*patient*/) {
    return no_page();
  }
  /// Returns when it is durable. Errors: not_found, also for a referral of somebody else; stale (it
  /// changed since the version that was seen); conflict (it may not be done now); invalid.
  virtual Result<void> surgeon_act(const Caller& /*caller*/, std::string_view /*patient*/,
                                   const SurgeonGiven& /*given*/) {
    return no_page();
  }

 private:
  static Error no_page() { return {ErrorCode::not_found, "desk", "no such page"}; }
};

/// Checks who asks, then lets Operations do it. Errors besides theirs: forbidden, not_found.
class Desk {
 public:
  /// `secret` signs the one-time links of alerts and forms. The desk borrows `operations`.
  Desk(Operations& operations, std::string secret,
       std::chrono::milliseconds form_life = std::chrono::hours(72), Clock clock = system_now);

  /// source, clinic, staff and admin, each for its own source only. The value is the answer for the
  /// sender.
  Result<std::string> submit(const Caller& caller, Envelope envelope);
  /// A source says that something changed at it: its polls look now. For its own source only.
  Result<void> look_now(const Caller& caller, std::string_view source);
  /// The same, and says what it is.
  Result<void> hear(const Caller& caller, std::string_view source, const Notice& notice);
  /// Everybody but none and metrics. Staff and admin get a fresh form's token with each referral
  /// that waits for answers.
  Result<std::vector<ReferralLine>> referrals(const Caller& caller, int limit);
  /// Anyone: it holds counts only.
  HealthReport health();

  // Role clinic, each for the clinic that it speaks for and no other; as the operations above.
  Result<std::vector<ShelfMark>> shelves(const Caller& caller, Instant since);
  Result<Shelf> shelf(const Caller& caller, std::string_view referral);
  Result<void> note_reading(const Caller& caller, const std::vector<std::string>& referrals);
  Result<std::string> kept(const Caller& caller, std::string_view name);
  Result<void> keep(const Caller& caller, std::string_view name, std::string_view before,
                    std::string_view value);
  /// Role source as well. Names of one caller are not those of another.
  Result<bool> first(const Caller& caller, std::string_view name, std::string_view mark,
                     std::chrono::milliseconds span);

  /// Role source, for its own source only. What is asked is kept nowhere, that it was in the audit.
  Result<std::vector<Advice>> ask(const Caller& caller, const Question& question);
  Result<void> note_feedback(const Caller& caller, const AdviceFeedback& feedback);

  // Viewer, operations and admin; as the operations above.
  Result<SiteView> site(const Caller& caller);
  Result<ReferralStory> story(const Caller& caller, std::string_view referral);
  Result<Found> find(const Caller& caller, std::string_view text);
  /// True when intervene would not refuse the caller.
  static bool may_intervene(const Caller& caller);

  /// Operators and admin; the caller's name is kept. invalid when it is no name.
  Result<std::string> intervene(const Caller& caller, const Intervention& given);

  /// The token that an alert's link carries: alert id and signature.
  std::string alert_token(std::string_view alert_id) const;
  /// Whoever holds the link. not_found for a token that we did not sign.
  Result<AlertView> alert(std::string_view token);
  /// invalid when `by` is empty; repeating it is harmless and keeps the first name.
  Result<void> acknowledge(std::string_view token, std::string_view by);

  /// The token that a form's link carries.
  std::string form_token(const FormTicket& ticket) const;
  /// Whoever holds the link. Changes nothing. not_found for a token that we did not sign; a form
  /// whose time is over shows only that.
  Result<FormView> form(std::string_view token);
  /// invalid when nobody is named, the name is no text of 1 to 100 characters, or nothing is
  /// answered. Only the first sending of a form counts.
  Result<FormView> answer(std::string_view token, const FormAnswers& answers);

  /// The same for a clinician's sign-off of a hold. invalid: name, role or reason is no text, or no
  /// rule that can be signed was ticked.
  std::string sign_off_token(const FormTicket& ticket) const;
  Result<SignOffView> sign_off(std::string_view token);
  Result<SignOffView> give_sign_off(std::string_view token, const SignOffGiven& given);

  /// The same for naming the patient's record, and for taking that back.
  std::string patient_link_token(const FormTicket& ticket) const;
  Result<PatientLinkView> patient_link(std::string_view token);
  Result<PatientLinkView> give_patient_link(std::string_view token, const PatientLinkGiven& given);

  /// The same for a clinician who releases the referral that a course prepared, or dismisses it.
  /// invalid: name or role is no text, or it is dismissed without a reason.
  std::string prepared_return_token(const FormTicket& ticket) const;
  Result<PreparedReturnView> prepared_return(std::string_view token);
  Result<PreparedReturnView> give_prepared_return(std::string_view token,
                                                  const PreparedReturnGiven& given);

  // A clinician whom the EHR of the caller's source named, about the patient that is open there; as
  // the operations above.
  Result<std::vector<SurgeonReferral>> surgeon_view(const Caller& caller, std::string_view patient);
  /// invalid besides: a text that is needed is none, or is longer than 2,000 bytes.
  Result<void> surgeon_act(const Caller& caller, std::string_view patient,
                           const SurgeonGiven& given);

 private:
  std::string signature(std::string_view kind, std::string_view text) const;
  Result<std::string> signed_text(std::string_view kind, std::string_view token) const;
  std::string page_token(std::string_view kind, const FormTicket& ticket) const;
  Result<FormTicket> ticket_of(std::string_view kind, std::string_view token) const;
  bool is_over(const FormTicket& ticket) const;

  Operations& operations_;
  std::string secret_;
  std::chrono::milliseconds form_life_;
  Clock clock_;
};

}  // namespace meridian
