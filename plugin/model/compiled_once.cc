// SPDX-License-Identifier: Apache-2.0
// The model's vectors and the copying of whole record sets, compiled here once: else every file
// that touches a RecordSet compiles all of them again, which was half of the time of a clean build.
// An optimised build compiles the vectors where they are used: out of line they cost a tenth of the
// time of reading a bundle (tests/bench/normalize_bench.cc).
#include "model/assessment.h"
#include "model/episode.h"
#include "model/record_set.h"

#ifndef NDEBUG
template class std::vector<meridian::Coding>;
template class std::vector<meridian::Concept>;
template class std::vector<meridian::Identifier>;
template class std::vector<meridian::Reference>;
template class std::vector<meridian::ContactPoint>;
template class std::vector<meridian::Address>;
template class std::vector<meridian::HumanName>;
template class std::vector<meridian::Issue>;
template class std::vector<meridian::Patient>;
template class std::vector<meridian::Practitioner>;
template class std::vector<meridian::PractitionerRole>;
template class std::vector<meridian::Organization>;
template class std::vector<meridian::Location>;
template class std::vector<meridian::HealthcareService>;
template class std::vector<meridian::Endpoint>;
template class std::vector<meridian::Coverage>;
template class std::vector<meridian::Consent>;
template class std::vector<meridian::Encounter>;
template class std::vector<meridian::Condition>;
template class std::vector<meridian::Observation>;
template class std::vector<meridian::Observation::Component>;
template class std::vector<meridian::Procedure>;
template class std::vector<meridian::Medication>;
template class std::vector<meridian::AllergyIntolerance>;
template class std::vector<meridian::ImagingFinding>;
template class std::vector<meridian::ImagingReport>;
template class std::vector<meridian::Document>;
template class std::vector<meridian::Document::Attachment>;
template class std::vector<meridian::QuestionnaireResponse>;
template class std::vector<meridian::QuestionnaireResponse::Item>;
template class std::vector<meridian::ServiceRequest>;
template class std::vector<meridian::Task>;
template class std::vector<meridian::Task::Output>;
template class std::vector<meridian::Appointment>;
template class std::vector<meridian::Communication>;
template class std::vector<meridian::ResourceSpan>;
template class std::vector<meridian::Episode>;
template class std::vector<meridian::Entry>;
template class std::vector<meridian::Flag>;
template class std::vector<meridian::Caution>;
template class std::vector<meridian::Missing>;
template class std::vector<meridian::CoverageAnswer>;
template class std::vector<meridian::Lane>;
template class std::vector<meridian::SignOff>;
#endif

namespace meridian {

RecordSet::RecordSet() = default;
RecordSet::RecordSet(const RecordSet&) = default;
RecordSet::RecordSet(RecordSet&&) noexcept = default;
RecordSet& RecordSet::operator=(const RecordSet&) = default;
RecordSet& RecordSet::operator=(RecordSet&&) noexcept = default;
RecordSet::~RecordSet() = default;

}  // namespace meridian
