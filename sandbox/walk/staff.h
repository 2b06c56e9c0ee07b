// SPDX-License-Identifier: Apache-2.0
// The people at both ends. They know their own system's FHIR API and nothing of Meridian.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "walk/town.h"

namespace meridian::sandbox {

/// The acupuncturist and the front desk of one clinic.
class ClinicStaff {
 public:
  /// `which` of the town's clinics they work for.
  ClinicStaff(Town& town, std::size_t which) : town_(town), which_(which) {}

  const std::string& name() const { return town_.clinics().at(which_).name; }

  /// Waits for the Task of a referral, and reads what it says. Nothing when it does not come.
  std::optional<Json> new_task(const std::string& referral, std::chrono::milliseconds within);

  void accept(const Json& task);
  /// Says no, with a reason for people or as a code of the clinic's own.
  void decline(const Json& task, const Json& reason);
  /// The appointment.
  Json book(const Json& task);
  void see_patient(const Json& task);
  /// Writes the consult note and the score, and completes the Task with both.
  void report(const Json& task);

  /// Waits for a Task that asks to abort this one, and gives it.
  std::optional<Json> abort_asked(const Json& task, std::chrono::milliseconds within);
  /// Cancels the appointment and the Task, and does what was asked.
  void confirm_abort(const Json& task, const Json& appointment, const Json& asked);

  /// Waits until a note on the Task holds these words, and reads it.
  bool notes(const Json& task, const std::string& words, std::chrono::milliseconds within);

  /// The clinic's own record of whom the Task is about.
  Json patient(const Json& task) const { return site().read(task["for"]["reference"].text()); }

  /// Orders a spine surgeon for the patient of a referral; "ServiceRequest/7".
  std::string send_to_surgeon(const Json& task, const std::string& why);
  /// Status of the Task that shows the clinic what became of its own order; "" when there is none.
  std::string shown(const std::string& order) const;

  /// Something that cannot wait was found; it ends the Task here.
  void send_back_at_once(const Json& task, const std::string& found);
  /// What was sent by mistake is destroyed, and the hospital told so.
  void confirm_recall(const Json& task);

  /// Waits until the Task has this status.
  bool stands(const Json& task, const std::string& status, std::chrono::milliseconds within);

  /// How many Tasks and orders of a referral there are.
  std::size_t tasks(const std::string& referral) const;
  std::size_t orders(const std::string& referral) const;
  /// How many Tasks to fulfil an order there are of all referrals.
  std::size_t all_tasks() const;

 private:
  const FhirSite& site() const { return town_.clinics().at(which_).site; }
  Json filled(const std::string& form, const Json& task) const;
  void set_status(const Json& task, const std::string& status, const std::string& code,
                  const std::string& display);
  void tell(const std::string& what);

  Town& town_;
  std::size_t which_;
  std::string started_;
};

/// The surgeon, the nurse and their record. What they see of a referral is in the hospital's
/// server: a Task or, where that takes none, Communications.
class HospitalStaff {
 public:
  /// `which` of the town's hospitals they work for. They look only at what is written from now on:
  /// a real hospital's server may remember other walks.
  HospitalStaff(Town& town, std::size_t which);

  void sign_order(const std::string& file, const std::string& order, const std::string& what);
  void answer_questions(const std::string& file, const std::string& what);
  /// Something in the record is put right, or found.
  void correct_record(const std::string& file, const std::string& what);
  void revoke(const std::string& order, const std::string& what);
  /// The order should never have been written.
  void take_back(const std::string& order, const std::string& what);

  /// The Task of a referral that a clinic sent; null when it is not there.
  Json received(const std::string& referral) const;
  /// The surgeon's side takes it.
  void accept(const Json& task);
  /// Opens a one-time page and sends it filled in; true when the page then says `words`.
  bool fill_page(const std::string& link, const std::string& form, const std::string& words,
                 const std::string& what);

  /// Where and what the record says of the order now: "Task/7: accepted", or the text of the
  /// latest Communication; "" when it says nothing.
  std::string status(const std::string& order) const;

  /// Waits until the record's status has one of the words in it, and not `without`; tells it.
  bool sees(const std::string& order, const std::vector<std::string>& words,
            const std::string& without = {});

  /// All that the record says of the order, statuses, notes and messages, one line each.
  std::string everything(const std::string& order) const;

  /// Meridian's id of the referral, from the identifiers of what the record shows; "" when none.
  std::string referral_id(const std::string& order) const;

  /// "DocumentReference/7" of the consult note whose text is this; "" when there is none.
  std::string note(const std::string& order, const std::string& text) const;

 private:
  const FhirSite& site() const { return town_.hospitals().at(which_).site; }
  void tell(const std::string& what) { town_.story().tell("hospital", what); }
  std::vector<Json> tasks(const std::string& order) const;
  std::vector<Json> messages(const std::string& order) const;

  Town& town_;
  std::size_t which_;
  Instant began_;
};

}  // namespace meridian::sandbox
