// SPDX-License-Identifier: Apache-2.0
// One order on its way, followed by what the people at both ends see of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "walk/staff.h"

namespace meridian::sandbox {

/// Everybody who takes part.
struct People {
  explicit People(Town& at);

  Town& town;
  std::vector<HospitalStaff> hospitals;  ///< as Town::hospitals
  std::vector<ClinicStaff> clinics;      ///< as Town::clinics
  std::vector<std::size_t> tasks_to_be;  ///< how many Tasks each clinic should have by now
};

/// An order, and the row of the table that it fills. A step that does not happen is named in the
/// row; the walk goes on.
class Journey {
 public:
  /// `name` of "ServiceRequest/sr-<name>-acupuncture"; `patient` are initials.
  Journey(People& people, std::size_t hospital, const std::string& name, const std::string& patient,
          const std::string& expected);

  Town& town() const { return people_.town; }
  HospitalStaff& hospital() const { return people_.hospitals.at(hospital_); }
  ClinicStaff& clinic(std::size_t which) const { return people_.clinics.at(which); }
  const std::string& order() const { return fate_.order; }
  const std::string& patient() const { return fate_.patient; }
  std::chrono::milliseconds patience() const { return people_.town.patience(); }

  /// Puts a step into the row. True when it was done.
  bool require(bool done, const std::string& what);
  /// Waits for the record to say one of the words; `what` is the step.
  bool shows(const std::vector<std::string>& words, const std::string& what,
             const std::string& without = {});
  /// Waits for a Task of any referral at a clinic, and counts it.
  std::optional<Json> receives(std::size_t which, const std::string& referral);
  /// Waits for this referral's; the step is "delivered" or `what`.
  std::optional<Json> arrives(std::size_t which, const std::string& what = "delivered");

  /// Meridian's id, as soon as the record has it; "" when it does not come.
  const std::string& referral();
  /// The same from Meridian's own list, for an order that is not the hospital's.
  const std::string& listed();
  /// The order that the row is about, once it is known.
  void about(const std::string& order) { fate_.order = order; }
  /// Requires the clinics to hold so many Tasks and orders of this referral: {1, 0} is one at the
  /// first clinic and none at the second.
  void at_clinics(const std::vector<std::size_t>& expected);
  /// Requires the clinic that speaks HL7 v2 to have been sent one message, of this referral alone,
  /// and the others nothing.
  void at_v2_clinic(std::size_t messages);
  /// Where the record shows how it ended; its status when this is never said.
  void in_record(const std::string& where) { fate_.record = where; }
  /// Puts the row into the story's table.
  void close();

 private:
  People& people_;
  std::size_t hospital_;
  Fate fate_;
};

}  // namespace meridian::sandbox
