// SPDX-License-Identifier: Apache-2.0
// What a packet says in words, the same by every protocol: the assessment line by line, as far as
// the receiver may know it, and the page for people.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "port/ports.h"

namespace meridian {

/// A concept for people: its text, else a display, else its first code.
std::string name_of(const Concept& coded);

/// What was found, and who must do what: "Fever. Send to the emergency department."
std::string flag_words(const Flag& flag);

/// One statement. `part`: flag, caution, missing, coverage, annotation, guideline, packet,
/// pain-type, validity, withheld, notice.
struct PacketLine {
  std::string part;
  std::string text;
  std::string rule{};                   ///< empty where it may not be told, and where there is none
  std::vector<std::string> evidence{};  ///< refs, with a fragment where it is a part of a record
  std::string signed_off{};             ///< who overrode it, when and why; empty: nobody
};

/// Flags, cautions, what is missing, coverage, annotations, the guideline, what the receiver needs
/// and no record has, pain types, until when it holds, what was withheld, what the law wants said;
/// each with rule and source. A statement that rests on a record which `withheld` names is told
/// without its rule and words, for these would say what the record is.
std::vector<PacketLine> packet_lines(const Letter& letter,
                                     const std::function<bool(const std::string& ref)>& withheld);

/// The order's priority, raised when a lane is more urgent: routine < urgent < asap < stat.
/// Source: http://hl7.org/fhir/R4/valueset-request-priority.html
std::string letter_priority(const Letter& letter, const ServiceRequest& order);

/// The order as the page may show it: what `profile` lists, the priority with the rules that raised
/// it.
ServiceRequest shown_order(const Letter& letter, const ServiceRequest& order,
                           const FieldProfile& profile);

/// "Not covered by Medicare ...: at least 12 weeks ... [C2]; ..." so that it is known before the
/// visit; "" when nothing is said to be not covered.
std::string not_covered_words(const Letter& letter);

/// "Not stated as data in this answer: an outcome score; ..." of a clinic's answer; "" when all is.
std::string not_said_words(const Letter& letter);

/// "Signed off: AC01 by Dr. I. Varga, spine surgeon, 2026-11-20: ..."; "" when nothing was.
std::string signed_off_words(const Letter& letter);

/// Where a hold's questions are answered without the EHR, where a named person overrides it, names
/// the patient or releases a prepared referral.
std::vector<std::string> page_words(const Letter& letter);

/// "Referral to Lotus Clinic: accepted. Reason: ..."
std::string status_words(const Letter& letter);

/// A line's words; the end of the screen as the sender's clock on the wall shows it.
std::string line_words(const PacketLine& line, const Letter& letter);

/// What is said wherever the lines stand: that they are no diagnosis.
const char* no_diagnosis_words();

/// The lines as a page of plain text, with the order, for people.
std::string packet_page(const Letter& letter, const ServiceRequest& order,
                        const std::vector<PacketLine>& lines);

}  // namespace meridian
