// SPDX-License-Identifier: Apache-2.0
// What a person does about what waits, was given up or was set aside.
#pragma once

#include <string>

namespace meridian {

/// One thing to be done. The action says what `target` names:
///
///     send-again  number of an ambiguous or dead delivery   sent again, or decided anew
///     arrived     the same                                  it is there: what follows is done
///     give-up     number of an ambiguous delivery           it is a dead letter
///     revive      number of work that was given up          done again
///     read-again  id of a message in quarantine             read as if it came now
///     redirect    id of a referral                          offered to `clinic` instead
///     lost        id of a referral                          the patient never came: it ends
///     reply       the same                                  what the clinic asked is answered
///     cancel      the same                        it ends; the EHR's order stays as it is
///     confirm-recall  the same                    `clinic` destroyed what it had
///     read        the same                        whoever ordered has read the report
///     pause, resume   "in/ID" or "out/ID" of a system   nothing is taken from it or sent to it
///     reconcile   "all"                                  every peer is asked what it has; what
///                                                       was lost is taken, what is safe repaired
///     reveal      "delivery/7", "message/ID", "referral/ID", "explanation/ID"   with patient data
///     add-person     e-mail address  `name` may sign in as `role`, of `clinic`; the answer has
///                                    the link by which they enrol
///     invite-person  id of a person  a new link: the one before is no good any more
///     lock-person, unlock-person, remove-person   the same
///     link-person    the same   whom the site's OpenID provider calls `name`; "": nobody any more
struct Intervention {
  std::string action;
  std::string target;
  std::string clinic;     ///< redirect, confirm-recall: id of the receiver; add-person: role clinic
  std::string reason;     ///< redirect: why a requirement that fails does not count; kept. lost,
                          ///< reply, cancel: the clinic reads it. reveal: a word, for the audit.
                          ///< pause: shown beside the system
  bool apply = false;     ///< false: only say what would happen; reveal is always done
  std::string name = {};  ///< add-person
  std::string role = {};  ///< add-person: a word of person_role
};

}  // namespace meridian
