// SPDX-License-Identifier: Apache-2.0
// The one-time form on which staff answers a referral's open questions: what its link stands for,
// what it shows and what is sent on it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "port/caller.h"

namespace meridian {

/// What a form's link stands for. The same ticket is the same form: it can be sent once.
struct FormTicket {
  std::string referral;
  Role role = Role::staff;  ///< who is to answer
  Instant issued_at;
};

/// A question in words for people.
struct OpenQuestion {
  std::string id;  ///< rf01.saddle
  std::string text;
};

enum class FormState {
  open,     ///< questions wait for an answer
  sent,     ///< this form was sent; it shows nothing more
  settled,  ///< nothing is to be answered any more, by whatever way
  expired,  ///< the link's time is over
};

/// What the form shows: never who the patient is.
struct FormView {
  FormState state = FormState::open;
  std::string order;  ///< "ServiceRequest/5": how staff finds the patient in the EHR
  std::vector<OpenQuestion> questions;
  bool emergency = false;  ///< of a form just sent: an answer raised an alert
};

/// What was sent. A question without an entry was not answered.
struct FormAnswers {
  std::string by;                                           ///< name as typed
  std::vector<std::pair<std::string, std::string>> values;  ///< question id; yes, no or unknown
};

}  // namespace meridian
