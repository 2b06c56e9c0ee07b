// SPDX-License-Identifier: Apache-2.0
// What a SMART launch established: who looks, at which patient of which hospital.
#pragma once

#include <string>

#include "port/caller.h"

namespace meridian {

/// One launch is one view: two patients who are open at once are two of them.
struct Launched {
  std::string view;     ///< names it in addresses; no secret
  std::string session;  ///< what the browser holds; binds forms to it
  Caller caller;        ///< role clinician, source the hospital, person the fhirUser
  std::string patient;  ///< "Patient/17" at the hospital
  bool banner = false;  ///< the EHR does not show who the patient is, so the page must
  std::string patient_name = {};
  std::string born = {};    ///< as far as it is known, "1961-05-09"
  std::string frames = {};  ///< origins that may frame the page, separated by spaces; "": none
};

}  // namespace meridian
