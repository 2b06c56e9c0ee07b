// SPDX-License-Identifier: Apache-2.0
// The people at both ends. They know their own system's FHIR API and nothing of Meridian.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "walk/town.h"

namespace meridian::sandbox {

/// The acupuncturist and the front desk of the clinic.
class ClinicStaff {
 public:
  explicit ClinicStaff(Town& town) : town_(town) {}

  /// Waits for a Task with status requested that was not there before.
  std::optional<Json> new_task(std::chrono::milliseconds within);

  void accept(const Json& task);
  void book(const Json& task);
  void see_patient(const Json& task);
  /// Writes the consult note and the score, and completes the Task with both.
  void report(const Json& task);

 private:
  Json filled(const std::string& form, const Json& task) const;
  void set_status(const Json& task, const std::string& status, const std::string& code,
                  const std::string& display);
  void tell(const std::string& what) { town_.story().tell("clinic", what); }

  Town& town_;
  std::set<std::string> seen_;
  std::string started_;
};

/// The surgeon, the nurse and their record. What they see of a referral is in the hospital's
/// server: a Task or, where that takes none, Communications.
class HospitalStaff {
 public:
  /// Looks only at what is written from now on: a real hospital's server may remember other walks.
  explicit HospitalStaff(Town& town);

  void sign_order(const std::string& file, const std::string& what);
  void answer_questions(const std::string& file, const std::string& what);

  /// Where and what the record says of the order now: "Task/7: accepted", or the text of the
  /// latest Communication; "" when it says nothing.
  std::string status(const std::string& order) const;

  /// Waits until the record's status has one of the words in it, and tells it.
  bool sees(const std::string& order, const std::vector<std::string>& words);

  /// Meridian's id of the referral, from the identifiers of what the record shows; "" when none.
  std::string referral_id(const std::string& order) const;

  /// "DocumentReference/7" of the consult note whose text is this; "" when there is none.
  std::string note(const std::string& order, const std::string& text) const;

 private:
  void tell(const std::string& what) { town_.story().tell("hospital", what); }
  std::vector<Json> tasks(const std::string& order) const;
  std::vector<Json> messages(const std::string& order) const;

  Town& town_;
  Instant began_;
};

}  // namespace meridian::sandbox
