// SPDX-License-Identifier: Apache-2.0
// What a named person states on a one-time page: that a referral may go in spite of a hold, whose
// record is meant, or that the way back to the surgeon is to be taken.
#pragma once

#include <string>
#include <vector>

#include "port/staff_form.h"

namespace meridian {

/// One thing that holds a referral, as its page shows it.
struct HoldLine {
  std::string rule;
  std::string severity;
  std::string text;
  std::string source;                 ///< title of the published source
  std::vector<std::string> evidence;  ///< refs in the EHR
  bool signable = false;
  std::string way;  ///< what lifts it when it cannot be signed
};

/// Never who the patient is.
struct SignOffView {
  FormState state = FormState::open;
  std::string order;  ///< "ServiceRequest/5"
  std::vector<HoldLine> holds;
};

struct SignOffGiven {
  std::string by;
  std::string role;
  std::string reason;
  std::vector<std::string> rules;  ///< that the person ticked
};

struct PatientLinkView {
  FormState state = FormState::open;  ///< sent: it is linked now, and may be taken back
  std::string order;
  std::string where;    ///< name of the organisation whose record is to be named
  std::string patient;  ///< "Patient/17", when linked
  std::string by;       ///< who linked it
  std::string refused;  ///< of what was just sent: a word why, see Gatherer::doubt; empty: taken
};

struct PatientLinkGiven {
  std::string by;
  std::string patient;     ///< "Patient/17", or the id alone
  bool take_back = false;  ///< the link that stands was wrong
};

/// The referral to the surgeon that a course of acupuncture prepared. Never who the patient is.
struct PreparedReturnView {
  FormState state = FormState::open;
  std::string order{};
  std::string urgency{};               ///< routine, urgent
  std::string reason{};                ///< the row of the decision table, with rule and source
  std::string course{};                ///< since when, how many visits, and how it went
  std::vector<std::string> scores{};   ///< each with baseline, now and what that means
  std::vector<std::string> events{};   ///< adverse events with their grade
  std::vector<std::string> records{};  ///< what goes along: refs in the EHR
};

struct PreparedReturnGiven {
  std::string by;
  std::string role;
  std::string reason;      ///< must be said when it is dismissed
  bool dismissed = false;  ///< it is not sent
};

}  // namespace meridian
