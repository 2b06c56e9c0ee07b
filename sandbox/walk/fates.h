// SPDX-License-Identifier: Apache-2.0
// The fates of the walk's referrals. Each looks only at what the people at both ends can see.
#pragma once

#include "walk/journey.h"

namespace meridian::sandbox {

/// Walks all of them and adds their fates to the town's story. True when every fate came out as it
/// should.
bool walk_referrals(Town& town);

// What follows after the order was signed. fates_delivered.cc:
void completed(Journey& journey);          ///< as far as the note in the surgeon's record
void held_and_released(Journey& journey);  ///< by the missing answers
void emergency(Journey& journey);          ///< a page, acknowledged; nothing for the clinic
void clinic_down(Journey& journey);        ///< signs the order itself, while the clinic is down
void not_covered(Journey& journey);        ///< sent all the same, and said before the visit

// fates_ended.cc:
void declined_once(Journey& journey);    ///< the next clinic takes it
void declined_by_all(Journey& journey);  ///< the surgeon's turn, with the reasons
void cancelled_early(Journey& journey);  ///< before the clinic has accepted
void cancelled_late(Journey& journey);   ///< after a visit was booked: the clinic confirms
void repeated(Journey& journey);         ///< held until the order that it repeats is revoked
void patient_unclear(Journey& journey);  ///< the order names a record that was retired

// fates_corrected.cc:
void fracture_found(Journey& journey);   ///< after acceptance, and taken back later
void diagnosis_wrong(Journey& journey);  ///< that the referral rested on

// fates_back.cc:
void signed_off(Journey& journey);     ///< pregnancy holds it, a named person overrides
void with_current(Journey& journey);   ///< electroacupuncture goes to the clinic that offers it
void wrong_chart(Journey& journey);    ///< the order names a namesake; a person says who is meant
void sent_back(Journey& journey);      ///< a clinic sends a referred patient to the surgeon
void sent_urgently(Journey& journey);  ///< and one whom the hospital did not send

// fates_v2.cc:
void from_v2_hospital(Journey& journey);  ///< a hospital without FHIR orders, and is answered
void to_v2_clinic(Journey& journey);      ///< a clinic without FHIR answers by messages

// fates_browser.cc:
void in_browser(
    Journey& journey);  ///< a nurse with a browser and nothing else, from sign-in to report
void waiting(Journey& journey);  ///< new in the inbox, for whoever looks on to take it from there

// fates_watched.cc:
void silent(Journey& journey);         ///< the clinic says nothing until its time is over
void redirected(Journey& journey);     ///< a person offers it to another clinic
void recalled(Journey& journey);       ///< the order was a mistake; the clinic confirms
void safety_return(Journey& journey);  ///< the clinic finds a red flag at the first visit

// What several of them do.
/// The named contact reads the page about the order, follows its link and signs.
void page_acknowledged(Journey& journey);
/// The clinic's note, word for word, in the surgeon's record.
void note_in_record(Journey& journey, const std::string& text);
/// The link to a page of Meridian's in what people read: "http://.../sign-offs/...".
std::string link_in(const std::string& text, const std::string& page);

}  // namespace meridian::sandbox
