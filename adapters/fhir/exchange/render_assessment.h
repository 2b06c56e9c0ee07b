// SPDX-License-Identifier: Apache-2.0
// The assessment as a resource that others can read, beside the words of Task and page.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "port/letter_words.h"

namespace meridian::fhir {

/// How what an assessment is about is called in the packet.
struct AssessmentContext {
  std::string subject;                                     ///< a Reference as JSON
  std::string order;                                       ///< the reference of the order
  std::function<std::string(const std::string& ref)> urn;  ///< "" for what is not sent
};

/// A DetectedIssue of profile meridian-assessment: the order is implicated, each line is one
/// evidence with the records of the packet that it rests on, a sign-off is a mitigation.
/// Why this resource is said in the profile's description.
std::string assessment_json(const Letter& letter, const std::vector<PacketLine>& lines,
                            const AssessmentContext& context);

}  // namespace meridian::fhir
