// SPDX-License-Identifier: Apache-2.0
// A hospital that orders by HL7 v2 and, if a test wants it, has its record on a FHIR server.
#pragma once

#include <string>

#include "unit/fhir_exchange/fhir_peer.h"
#include "unit/flow/bench.h"

namespace meridian::flow {

/// Mr. Abara, 41: number 40023 of STLUKE, which is https://stlukes.example/mrn.
class MessageHospital : public Bench {
 public:
  enum class Record { fhir, none };
  explicit MessageHospital(Record record);

  /// A message of the hospital, by its control id.
  Result<std::string> hear(const std::string& id, const std::string& message);
  /// The newest letter of the clinic, or of the hospital; "" when there is none.
  std::string packet() const { return clinic->sent.empty() ? "" : clinic->sent.back().bytes; }
  std::string told() const { return hospital->sent.empty() ? "" : hospital->sent.back().bytes; }
  const store::ReferralRow row() { return only_referral(); }

  test::FhirPeer ehr;

 private:
  std::unique_ptr<fhir::FhirClient> client_;
};

/// His record: Patient/p1 with an onset of back pain and a medication. `born` as in the record.
void put_patient(MessageHospital& bench, const std::string& id = "p1",
                 const std::string& born = "1985-05-05");

/// MSH of 2026-11-20 09:00.
std::string msh(const std::string& type, const std::string& id,
                const std::string& version = "2.5.1");
std::string pid();
/// All screening questions answered no as OBX rows, at 09:30; `but` are left out.
std::string no_to_all(const std::vector<std::string>& but = {});
/// REF^I12 for acupuncture, number RF-700 of EPIC, with DG1 and `rest`.
std::string referral(const std::string& rest);

}  // namespace meridian::flow
