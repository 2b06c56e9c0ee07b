// SPDX-License-Identifier: Apache-2.0
// What a named person states on a one-time page: that a referral may go in spite of a hold, or
// whose record is meant.
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

}  // namespace meridian
