// SPDX-License-Identifier: Apache-2.0
// MDM and SIU.
#include "unit/hl7v2_read/read_v2.h"

namespace meridian::hl7v2 {
namespace {

const std::string text_row = "OBX|1|TX|1^Note^L||IMPRESSION: bulge.||||||F\r";

std::string txa(const std::string& type, const std::string& status,
                const std::string& parent = "") {
  return "TXA|1|" + type + "|TX|20260401090000||||||||DOC-1^TRANS|" + parent + "||||" + status +
         "\r";
}

TEST(Documents, AnImagingDocumentIsAReportToo) {
  const auto records = read("MDM^T02", pid + txa("DI", "AU") + text_row);
  ASSERT_EQ(records.documents.size(), 1U);
  EXPECT_EQ(records.documents[0].ref, "DocumentReference/TRANS.DOC-1");
  EXPECT_EQ(records.documents[0].doc_status, "final");
  EXPECT_EQ(records.documents[0].content[0].data, "IMPRESSION: bulge.");
  ASSERT_EQ(records.imaging.size(), 1U);
  EXPECT_EQ(records.imaging[0].ref, "DiagnosticReport/TRANS.DOC-1");
  EXPECT_EQ(records.imaging[0].status, "final");
  EXPECT_EQ(records.imaging[0].conclusion.reveal(), "bulge.");
  EXPECT_EQ(records.imaging[0].categories[0].codings[0].code, "RAD");
}

TEST(Documents, AConsultNoteIsNoReport) {
  const auto records = read("MDM^T02", pid + txa("CN", "DI") + text_row);
  EXPECT_TRUE(records.imaging.empty());
  ASSERT_EQ(records.documents.size(), 1U);
  EXPECT_EQ(records.documents[0].doc_status, "preliminary");
  EXPECT_TRUE(records.observations.empty());
}

TEST(Documents, WhatTheEventDoesToTheDocument) {
  const auto doc_status = [](const char* event) {
    return read(std::string("MDM^") + event, pid + txa("DI", "AU", "DOC-0^TRANS") + text_row)
        .documents[0];
  };
  EXPECT_EQ(doc_status("T06").doc_status, "amended");
  EXPECT_EQ(doc_status("T08").doc_status, "amended");
  EXPECT_EQ(doc_status("T10").doc_status, "final");
  EXPECT_EQ(doc_status("T10").related[0].target, "DocumentReference/TRANS.DOC-0");
  EXPECT_EQ(doc_status("T11").status, "entered-in-error");
  EXPECT_EQ(read("MDM^T11", pid + txa("DI", "AU")).imaging[0].status, "entered-in-error");
}

std::string sch(const std::string& status) {
  return "SCH|A-1^EPIC|B-1^CLINIC|||||^Patient "
         "asked|^Follow-up|||^^20^20260501090000^20260501093000|||||||||||||"
         "|" +
         status + "|ORD-1^EPIC\r";
}

TEST(Appointments, TheEventDecidesWhereItEnds) {
  const auto status = [](const std::string& event, const std::string& written) {
    return read("SIU^" + event, sch(written) + pid).appointments[0].status;
  };
  EXPECT_EQ(status("S12", "Booked"), "booked");
  EXPECT_EQ(status("S12", ""), "booked");
  EXPECT_EQ(status("S14", "Started"), "checked-in");
  EXPECT_EQ(status("S13", "Pending"), "pending");
  EXPECT_EQ(status("S15", "Booked"), "cancelled");
  EXPECT_EQ(status("S26", "Booked"), "noshow");
}

TEST(Appointments, KnowTheirOrderPatientAndTime) {
  const auto records =
      read("SIU^S12", sch("Booked") + "TQ1|1||||||20260502100000|20260502103000\r" + pid +
                          "AIS|1||97810^Acupuncture^C4\rAIP|1||55^CHEN^LI\r");
  const auto& appointment = records.appointments[0];
  EXPECT_EQ(appointment.ref, "Appointment/CLINIC.B-1");
  EXPECT_EQ(appointment.based_on[0].target, "ServiceRequest/EPIC.ORD-1");
  EXPECT_EQ(appointment.start.text, "2026-05-02T10:00:00-05:00");
  EXPECT_EQ(appointment.participants[0].target, "Patient/FAC.7");
  EXPECT_EQ(appointment.participants[1].display, "LI CHEN");
  EXPECT_EQ(appointment.service_types.size(), 2U);
  EXPECT_EQ(read("SIU^S15", sch("Cancelled") + pid).appointments[0].start.text,
            "2026-05-01T09:00:00-05:00");
}

}  // namespace
}  // namespace meridian::hl7v2
