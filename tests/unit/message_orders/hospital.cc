// SPDX-License-Identifier: Apache-2.0
#include "unit/message_orders/hospital.h"

#include <algorithm>

#include "fhir/exchange/fhir_gatherer.h"
#include "fhir/exchange/fhir_renderer.h"
#include "fhir/exchange/message_gatherer.h"
#include "hl7v2/read/reader.h"

namespace meridian::flow {

MessageHospital::MessageHospital(Record record) : client_(ehr.client()) {
  hl7v2::ReadSettings reading;
  reading.tables = &knowledge.terminology;
  reading.authorities = {{"STLUKE", "https://stlukes.example/mrn"}};
  reading.name_key = "a secret of the site";
  peers.readers.push_back(std::make_unique<hl7v2::Hl7v2Reader>(reading));
  const auto clock = [this] { return now; };
  const auto expected =
      std::make_shared<const fhir::Capabilities>(fhir::find_dialect("r4")->expected);
  for (auto& peer : peers.list) {
    if (peer->kind == PeerKind::pager) continue;
    peer->renderer = std::make_unique<fhir::FhirRenderer>(expected);
    peer->profile = knowledge.field_profiles.at("clinic-default");
    if (peer->id != "ehr") continue;
    if (record == Record::none) {
      peer->gatherer = std::make_unique<fhir::MessageGatherer>(clock);
      peer->renderer.reset();
      continue;
    }
    fhir::GathererSettings settings;
    settings.base_url = ehr.base();
    settings.dialect = *fhir::find_dialect("r4");
    settings.clock = clock;
    peer->gatherer = std::make_unique<fhir::FhirGatherer>(*client_, settings);
  }
  history = nullptr;
}

Result<std::string> MessageHospital::hear(const std::string& id, const std::string& message) {
  return in->submit({SourceId("ehr"), id, "x-application/hl7-v2+er7", message, now});
}

void put_patient(MessageHospital& bench, const std::string& id, const std::string& born) {
  bench.ehr.put(R"({"resourceType":"Patient","id":")" + id + R"(","birthDate":")" + born +
                R"(","gender":"male","name":[{"family":"Abara"}],"identifier":[)"
                R"({"system":"https://stlukes.example/mrn","value":"40023"},)"
                R"({"system":"urn:oid:1.2.840.99999.7","value":"E-77"}]})");
  bench.ehr.put(R"({"resourceType":"Condition","id":"pain-)" + id +
                R"(","subject":{"reference":"Patient/)" + id +
                R"("},"clinicalStatus":{"coding":[{"code":"active"}]},"verificationStatus":)"
                R"({"coding":[{"code":"confirmed"}]},"code":{"coding":[{"system":)"
                R"("http://hl7.org/fhir/sid/icd-10-cm","code":"M51.369"}]},)"
                R"("onsetDateTime":"2026-08-01"})");
}

std::string msh(const std::string& type, const std::string& id, const std::string& version) {
  return "MSH|^~\\&|EPIC|STLUKE|MERIDIAN|STLUKE|20261120090000+0000||" + type + "|" + id + "|P|" +
         version + "\r";
}

std::string pid() {
  return "PID|1||40023^^^STLUKE^MR||ABARA^NGOZI||19850505|M\r";
}

std::string no_to_all(const std::vector<std::string>& but) {
  std::string rows;
  int number = 0;
  for (const char* question : {"rf01.bladder",
                               "rf01.bowel",
                               "rf01.saddle",
                               "rf01.sexual",
                               "rf01.bilateral-leg",
                               "rf02.weakness",
                               "rf02.progressive",
                               "rf05.fever",
                               "rf04.cancer",
                               "rf07.trauma",
                               "rf12.weight-loss",
                               "ac02.anticoagulant",
                               "ac04.bleeding",
                               "ac06.skin",
                               "ac07.seizure",
                               "ac08.implant",
                               "rf03.myelopathy",
                               "rf13.night-pain",
                               "rf14.inflammatory",
                               "rf15.vascular",
                               "rf15.flank",
                               "rf16.sudden",
                               "rf17.wound",
                               "rf18.obstetric",
                               "rf19.claudication",
                               "ac07.recent",
                               "pk.surgery",
                               "pk.allergy",
                               "pk.supplements",
                               "pk.imaging",
                               "pk.care"}) {
    if (std::find(but.begin(), but.end(), question) != but.end()) continue;
    rows += "OBX|" + std::to_string(++number) + "|CWE|" + question +
            "^^http://meridian-referral.org/fhir/CodeSystem/screening-question||N^No^HL70136||||||"
            "F|||20261120093000+0000\r";
  }
  return rows;
}

std::string referral(const std::string& rest) {
  return msh("REF^I12^REF_I12", "I-1") +
         "RF1|P|R|ACU^Acupuncture^L|RP|O|RF-700^EPIC|20261120||20261120\r"
         "PRD|RP|HOLM^BRITT^^^^DR|||^WPN^PH^^^515^5550100||1093817465^NPI\r" +
         pid() + "DG1|1||M54.59^Other low back pain^I10||20261101|F\r" + rest;
}

}  // namespace meridian::flow
