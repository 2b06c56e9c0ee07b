// SPDX-License-Identifier: Apache-2.0
// Which segment a record becomes. Each function asks the field profile for every element it
// writes; which field carries what is fhir-profiles/v2.
#pragma once

#include "hl7v2/write/allowance.h"
#include "hl7v2/write/message_out.h"
#include "model/record_set.h"

namespace meridian::hl7v2 {

// write_people.cc
Row pid_of(const Writing& writing, const Patient& patient, Allowance& may);
/// PRD of a role of table 0286 (RP, RT); null where there is only the name of an organisation.
Row prd_of(const Writing& writing, const char* role, const Practitioner* person,
           const std::string& organization, Allowance& may);
Row in1_of(const Writing& writing, const Coverage& coverage, Allowance& may);

// write_clinical.cc
/// False for what DG1, PR1 or AL1 cannot say: refuted, not done, not active any more.
bool is_said_by_dg1(const Condition& condition);
bool is_said_by_pr1(const Procedure& procedure);
bool is_said_by_al1(const AllergyIntolerance& allergy);
/// `reason`: the order is for it.
Row dg1_of(const Writing& writing, const Condition& condition, bool reason, Allowance& may);
Row pr1_of(const Writing& writing, const Procedure& procedure, Allowance& may);
Row al1_of(const Writing& writing, const AllergyIntolerance& allergy, Allowance& may);

// write_observations.cc
using Rows = std::vector<Row>;
/// OBX of a type with a raw code and value.
Row obx_of(const char* type, std::string code, std::string value);
/// Empty for one that is no result: cancelled, entered in error, registered.
Rows obx_of(const Writing& writing, const Observation& observation, Allowance& may);
/// One for each answer.
Rows obx_of(const Writing& writing, const QuestionnaireResponse& response, Allowance& may);
/// What has no segment of its own, as a coded value of v2-observation-kind. Empty when it is not in
/// force: refuted, not done, stopped.
Rows history_of(const Writing& writing, const Condition& condition, Allowance& may);
Rows history_of(const Writing& writing, const Procedure& procedure, Allowance& may);
Rows history_of(const Writing& writing, const Medication& medication, Allowance& may);

// write_reports.cc
/// OBR and OBX; empty for what is no report or was a mistake.
Rows report_of(const Writing& writing, const ImagingReport& report, Allowance& may);
/// OBR and OBX; an attachment that is elsewhere is named. Empty when it has no content.
Rows document_of(const Writing& writing, const Document& document, Allowance& may);
/// OBX with bytes as ED. `date` as it is written.
Row file_of(const Writing& writing, const std::string& code, const std::string& content_type,
            const std::string& bytes, const std::string& date);
/// OBR with `code` and the lines of a text as rows of TX under it.
Rows prose_of(const Writing& writing, const std::string& code, Instant at, std::string_view text);
/// A row of TX for each line.
void add_lines(const Writing& writing, const std::string& code, std::string_view text, Rows& rows);

}  // namespace meridian::hl7v2
